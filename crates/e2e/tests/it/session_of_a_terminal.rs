//! A program at a pseudo terminal, as a person has it before them.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// How long nothing new may come before it counts as hanging.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running program.
pub(crate) struct TerminalSession {
    child: Child,
    master: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl TerminalSession {
    /// Starts `command` with this terminal for what it reads and says; what it prints is not kept.
    pub(crate) fn start(command: Command) -> Result<Self> {
        Self::start_with(command, false)
    }

    /// Starts `command` with this terminal for everything.
    pub(crate) fn start_whole(command: Command) -> Result<Self> {
        Self::start_with(command, true)
    }

    fn start_with(mut command: Command, prints_here: bool) -> Result<Self> {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
        grantpt(&master)?;
        unlockpt(&master)?;
        let size = Winsize {
            ws_row: 30,
            ws_col: 120,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&master, size)?;
        let name = ptsname(&master, Vec::new())?;
        let open = || -> Result<File> {
            let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
            Ok(File::from(rustix::fs::open(&name, flags, Mode::empty())?))
        };
        let printed = if prints_here {
            Stdio::from(open()?)
        } else {
            Stdio::null()
        };
        let child = command
            .env("TERM", "xterm")
            .env("NO_COLOR", "1")
            .stdin(open()?)
            .stderr(open()?)
            .stdout(printed)
            .spawn()?;
        let master = File::from(master);
        let (send, screen) = channel();
        let mut reader = master.try_clone()?;
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Ok(Self {
            child,
            master,
            screen,
            seen: String::new(),
        })
    }

    /// Waits until this is on the screen, after what was waited for before. Answers what came in
    /// between.
    pub(crate) fn sees(&mut self, text: &str) -> Result<String> {
        loop {
            if let Some(at) = self.seen.find(text) {
                let rest = self.seen.split_off(at + text.len());
                let mut before = std::mem::replace(&mut self.seen, rest);
                before.truncate(at);
                return Ok(before);
            }
            match self.screen.recv_timeout(PATIENCE) {
                Ok(more) => self.seen.push_str(&String::from_utf8_lossy(&more)),
                Err(_) => bail!("{text:?} is not on the screen:\n{}", self.seen),
            }
        }
    }

    pub(crate) fn types(&mut self, text: &str) -> Result<()> {
        Ok(self.master.write_all(text.as_bytes())?)
    }

    pub(crate) fn ends(mut self) -> Result<ExitStatus> {
        self.child
            .wait()
            .context("the program cannot be waited for")
    }
}

impl Drop for TerminalSession {
    fn drop(&mut self) {
        // It has ended already, unless the test failed.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
