//! A release build of `jetwayd dev` on free ports.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Ended on drop.
pub(crate) struct Server {
    child: Child,
    facts: Value,
    _folder: tempfile::TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    pub(crate) fn start(arguments: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let child = Command::new(binary()?)
            .args(["dev", "--idp-listen", "127.0.0.1:0"])
            .args(["--aws-listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path())
            .args(arguments)
            .stdout(Stdio::null())
            .spawn()?;
        let file = folder.path().join("dev.json");
        let mut server = Self {
            child,
            facts: Value::Null,
            _folder: folder,
        };
        let deadline = Instant::now() + Duration::from_mins(1);
        while !file.exists() {
            ensure!(server.child.try_wait()?.is_none(), "jetwayd dev ended");
            ensure!(
                Instant::now() < deadline,
                "jetwayd dev was not ready in a minute"
            );
            pause();
        }
        server.facts = serde_json::from_slice(&std::fs::read(file)?)?;
        Ok(server)
    }

    /// A text of `dev.json`.
    pub(crate) fn fact(&self, pointer: &str) -> Result<&str> {
        let fact = self.facts.pointer(pointer).and_then(Value::as_str);
        fact.with_context(|| format!("dev.json has no {pointer}"))
    }

    pub(crate) fn url(&self, path: &str) -> Result<String> {
        Ok(format!(
            "{}{path}",
            self.fact("/idp/url")?.trim_end_matches('/')
        ))
    }
}

/// Between two looks at something that another process is doing.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has nothing to wait on but its answers"
)]
pub(crate) fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

/// …/release/deps/directory-<hash> → …/release/jetwayd
fn binary() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(Path::parent);
    let path = folder.context("no target folder")?.join("jetwayd");
    ensure!(
        path.exists(),
        "{} is missing: run cargo xtask bench",
        path.display()
    );
    Ok(path)
}
