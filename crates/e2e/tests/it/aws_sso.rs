//! `aws configure sso` and `aws sso login` at a terminal. The browser that they open is the test's:
//! they leave the address in a file.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep};

use crate::by_words::{PAUSE, WITHIN};
use crate::person::Person;
use crate::session_of_a_terminal::TerminalSession;

/// Between a prompt of the AWS CLI and the answer: it reads keys only once it has drawn the prompt.
const DRAWN: std::time::Duration = std::time::Duration::from_millis(300);
const ENTER: &str = "\r";

/// Somebody with the AWS CLI at a terminal.
pub(crate) struct SsoTerminal<'a> {
    person: &'a Person,
    browser: PathBuf,
}

impl<'a> SsoTerminal<'a> {
    pub(crate) fn of(person: &'a Person) -> Result<Self> {
        let browser = person.home().join("open-in-browser");
        // It has to return at once: the AWS CLI listens for the answer only then.
        fs::write(
            &browser,
            "#!/bin/sh\nprintf '%s\\n' \"$1\" > \"$HOME/address\"\n",
        )?;
        fs::set_permissions(&browser, fs::Permissions::from_mode(0o755))?;
        Ok(Self { person, browser })
    }

    /// `aws …`, with a browser.
    pub(crate) fn aws(&self, arguments: &[&str]) -> Command {
        let mut command = self.person.aws();
        command
            .env("BROWSER", &self.browser)
            .env_remove("AWS_DEFAULT_REGION")
            .args(arguments);
        command
    }

    /// Starts `aws …` at the terminal.
    pub(crate) fn start(&self, arguments: &[&str]) -> Result<TerminalSession> {
        // An address of before is not opened again.
        fs::remove_file(self.address_file()).ok();
        TerminalSession::start_whole(self.aws(arguments))
    }

    /// The address that the browser was given.
    pub(crate) async fn address(&self) -> Result<String> {
        let deadline = Instant::now() + WITHIN;
        while Instant::now() < deadline {
            if let Ok(address) = fs::read_to_string(self.address_file())
                && address.ends_with('\n')
            {
                return Ok(address.trim().to_owned());
            }
            sleep(PAUSE).await;
        }
        anyhow::bail!("no browser was opened")
    }

    fn address_file(&self) -> PathBuf {
        self.person.home().join("address")
    }
}

/// Answers a prompt: waits until it is drawn, then types and presses Enter.
pub(crate) async fn answer(terminal: &mut TerminalSession, prompt: &str, text: &str) -> Result<()> {
    terminal.sees(prompt).with_context(|| prompt.to_owned())?;
    sleep(DRAWN).await;
    terminal.types(&format!("{text}{ENTER}"))
}

/// Chooses in a menu: down so many times, then Enter.
pub(crate) async fn choose(terminal: &mut TerminalSession, menu: &str, down: usize) -> Result<()> {
    answer(terminal, menu, &"\x1b[B".repeat(down)).await
}
