//! Where words go: everything for people to stderr, data (and only data) to stdout.

use std::io::{self, IsTerminal as _, Write};

/// Prints for people and for programs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Printer {
    quiet: bool,
    verbose: bool,
}

#[expect(
    clippy::unused_self,
    reason = "whoever prints holds a printer, whatever it prints"
)]
impl Printer {
    pub(crate) fn new(quiet: bool, verbose: bool) -> Self {
        Self { quiet, verbose }
    }

    /// Progress. Left out with `--quiet`.
    pub(crate) fn note(self, text: &str) {
        if !self.quiet {
            to_stderr(text);
        }
    }

    /// What the person has to do for the command to go on. Shown with `--quiet` too.
    pub(crate) fn ask(self, text: &str) {
        to_stderr(text);
    }

    /// A line in place of the one before, where somebody watches a terminal.
    pub(crate) fn progress(self, text: &str) {
        if !self.quiet && io::stderr().is_terminal() {
            let _ = write!(io::stderr().lock(), "\r{text}\u{1b}[K");
        }
    }

    /// Takes the line of [`Self::progress`] away.
    pub(crate) fn end_progress(self) {
        self.progress("");
    }

    /// Something the person should know although the command goes on.
    pub(crate) fn warn(self, text: &str) {
        to_stderr(&format!("Warning: {text}"));
    }

    /// What happens underneath. Shown with `--verbose`; never holds secrets.
    pub(crate) fn detail(self, text: impl FnOnce() -> String) {
        if self.verbose {
            to_stderr(&text());
        }
    }

    /// What failed, why, and what to do about it. Shown with `--quiet` too.
    pub(crate) fn error(self, what: &str, why: &str, advice: Option<&str>) {
        let mut text = format!("Error: {what}");
        for part in std::iter::once(why)
            .chain(advice)
            .filter(|part| !part.is_empty())
        {
            for line in part.lines() {
                text.push_str("\n  ");
                text.push_str(line);
            }
        }
        to_stderr(&text);
    }

    /// Data for another program, with a final newline.
    pub(crate) fn data(self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }
}

fn to_stderr(text: &str) {
    // Nobody is left to be told when stderr is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Text from a server, made safe for a terminal: no control characters, of bounded length.
pub(crate) fn printable(text: &str) -> String {
    const MOST: usize = 500;
    let clean: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_direction_mark(*c))
        .take(MOST)
        .collect();
    clean.trim().to_owned()
}

/// Characters that reorder the text around them and could make a message read otherwise.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn a_server_cannot_drive_the_terminal() {
        assert_eq!(
            printable("Account\u{1b}[2J locked\r\n"),
            "Account[2J locked"
        );
        assert_eq!(printable(&"x".repeat(2_000)).len(), 500);
    }
}
