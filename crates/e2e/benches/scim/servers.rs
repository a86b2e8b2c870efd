//! The servers under measurement, each on a free port and ended on drop.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use jetway_testkit::{counterparts, free_port};
use serde_json::Value;

use crate::client::Client;

const PEER_TOKEN: &str = "secret";

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A release build of `jetwayd dev`.
pub(crate) struct Jetway {
    _process: Process,
    facts: Value,
    _folder: tempfile::TempDir,
}

impl Jetway {
    pub(crate) fn start() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let child = Command::new(binary()?)
            .args(["dev", "--idp-listen", "127.0.0.1:0"])
            .args(["--aws-listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut process = Process(child);
        let file = folder.path().join("dev.json");
        wait(&mut process, || file.exists())?;
        Ok(Self {
            facts: serde_json::from_slice(&std::fs::read(file)?)?,
            _process: process,
            _folder: folder,
        })
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        let fact = |name: &str| {
            let fact = self.facts["aws"]["identity_center"][name].as_str();
            fact.with_context(|| format!("dev.json has no {name}"))
        };
        Client::connect(fact("scim_endpoint")?, fact("scim_token")?)
    }
}

/// scim2-server, which keeps everything in memory.
pub(crate) struct Peer {
    _process: Process,
    url: String,
}

impl Peer {
    /// `None` where it is not installed.
    pub(crate) fn start() -> Result<Option<Self>> {
        let Ok(program) = counterparts::scim2_server() else {
            return Ok(None);
        };
        let port = free_port();
        let child = Command::new(program)
            .args(["--port", &port.to_string(), "--bearer-token", PEER_TOKEN])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut process = Process(child);
        let url = format!("http://127.0.0.1:{port}");
        wait(&mut process, || Client::connect(&url, PEER_TOKEN).is_ok())?;
        Ok(Some(Self {
            _process: process,
            url,
        }))
    }

    pub(crate) fn connect(&self) -> Result<Client> {
        Client::connect(&self.url, PEER_TOKEN)
    }
}

fn wait(process: &mut Process, is_ready: impl Fn() -> bool) -> Result<()> {
    let deadline = Instant::now() + Duration::from_mins(1);
    while !is_ready() {
        ensure!(process.0.try_wait()?.is_none(), "the server ended");
        ensure!(
            Instant::now() < deadline,
            "the server was not ready in a minute"
        );
        pause();
    }
    Ok(())
}

/// Between two looks at something that another process is doing.
#[expect(
    clippy::disallowed_methods,
    reason = "another process has nothing to wait on but its answers"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(20));
}

/// …/release/deps/scim-<hash> → …/release/jetwayd
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
