//! A home folder of its own, and the built program in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// Where the program runs: nothing of the machine's configuration reaches it.
pub(crate) struct Sandbox {
    folder: TempDir,
}

/// What a run of the program came to.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn home(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn path(&self, below_home: &str) -> PathBuf {
        self.home().join(below_home)
    }

    pub(crate) fn write(&self, below_home: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(below_home);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn read(&self, below_home: &str) -> String {
        std::fs::read_to_string(self.path(below_home)).unwrap()
    }

    /// An account of Jetway's own configuration that signs in at `url`.
    pub(crate) fn account(&self, name: &str, url: &str) {
        self.write(
            ".config/jetway/config.toml",
            format!(
                "[accounts.{name}]\nurl = \"{url}\"\nusername = \"road.runner@acme.com\"\n\
                 provider = \"JumpCloud\"\n"
            ),
        );
    }

    /// The program, without a terminal: also not the one at which somebody runs these tests.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("setsid");
        command.arg(env!("CARGO_BIN_EXE_jetway")).args(arguments);
        self.confine(&mut command);
        command
    }

    /// Gives a command this home and no terminal, and nothing else.
    pub(crate) fn confine(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.home())
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("TZ", "UTC")
            .current_dir(self.home())
            .stdin(Stdio::null());
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        finish(&mut self.command(arguments))
    }

    pub(crate) fn run_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Run {
        finish(self.command(arguments).envs(variables.iter().copied()))
    }
}

pub(crate) fn finish(command: &mut Command) -> Run {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    Run {
        status: status.code().unwrap_or(-1),
        out: String::from_utf8(stdout).unwrap(),
        err: String::from_utf8(stderr).unwrap(),
    }
}

impl Run {
    /// Fails the test unless the run ended like this.
    #[track_caller]
    pub(crate) fn expect(self, status: i32) -> Self {
        assert_eq!(
            self.status, status,
            "stderr:\n{}\nstdout:\n{}",
            self.err, self.out
        );
        self
    }

    /// Fails the test unless stderr holds each of these.
    #[track_caller]
    pub(crate) fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.err.contains(part), "{part:?} is not in:\n{}", self.err);
        }
        self
    }
}
