//! The machine that this program runs on: its name, and its browser.

use std::io;
use std::process::{Command, Stdio};

use url::Url;

/// How an address is opened in a browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opener {
    /// The person opens it.
    Nobody,
    /// A program that takes the address as its one argument.
    Program(String),
}

impl Opener {
    /// Whether a program was started for it.
    pub(crate) fn open(&self, url: &Url) -> io::Result<bool> {
        let Self::Program(program) = self else {
            return Ok(false);
        };
        // It goes on by itself; some browsers stay in the foreground until they are closed.
        Command::new(program)
            .arg(url.as_str())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(true)
    }
}

/// The name of this machine; may be empty.
pub(crate) fn machine_name() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}
