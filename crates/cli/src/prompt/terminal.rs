//! The terminal that questions are asked at: the one behind stdin and stderr, or else the one
//! that controls this process (`/dev/tty`), so that a question reaches a person also when another
//! program collects stderr.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::fcntl_dupfd_cloexec;
use rustix::stdio::{dup2_stderr, stderr, stdin};

use crate::exit::ExitStatus;

/// How long a terminal may be gone before it is noticed.
const WATCH: Duration = Duration::from_millis(250);

/// Held while a question is asked.
pub(super) struct Terminal {
    /// What stderr was before it led to the terminal.
    stderr: Option<OwnedFd>,
    asking: Arc<AtomicBool>,
}

/// Whether a question would reach a person.
pub(super) fn is_there() -> bool {
    (io::stderr().is_terminal() && io::stdin().is_terminal()) || controlling().is_ok()
}

impl Terminal {
    /// `None` where there is no terminal.
    pub(super) fn open() -> Option<Self> {
        let input = if io::stdin().is_terminal() {
            fcntl_dupfd_cloexec(stdin(), 0).ok()?
        } else {
            controlling().ok()?.into()
        };
        let before = if io::stderr().is_terminal() {
            None
        } else {
            Some(lead_stderr_to(&controlling().ok()?).ok()?)
        };
        let terminal = Self {
            stderr: before,
            asking: Arc::new(AtomicBool::new(true)),
        };
        let asking = terminal.asking.clone();
        std::thread::spawn(move || end_with(&input, &asking));
        Some(terminal)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.asking.store(false, Ordering::SeqCst);
        if let Some(before) = &self.stderr {
            // Words that come later are for whoever collects stderr; if this fails, for the person.
            let _ = dup2_stderr(before);
        }
    }
}

fn controlling() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

/// Questions are drawn on stderr. Answers what it was.
fn lead_stderr_to(terminal: &File) -> io::Result<OwnedFd> {
    let before = fcntl_dupfd_cloexec(stderr(), 3)?;
    dup2_stderr(terminal)?;
    Ok(before)
}

/// Ends the program when the terminal goes away while a question is open. The hang-up signal does
/// that first, unless it is ignored or the terminal is not the controlling one; the question
/// itself would read from a closed terminal for ever.
fn end_with(input: &OwnedFd, asking: &AtomicBool) {
    let timeout = Timespec::try_from(WATCH).ok();
    while asking.load(Ordering::SeqCst) {
        let mut watched = [PollFd::new(&input, PollFlags::empty())];
        let _ = poll(&mut watched, timeout.as_ref());
        let gone = watched[0].revents().contains(PollFlags::HUP);
        if gone && asking.load(Ordering::SeqCst) {
            std::process::exit(ExitStatus::InputNeeded as i32);
        }
    }
}
