//! Runs a test runner, shows what it says, and counts.

use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::ops::AddAssign;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context as _, Result};

/// How many tests ended how.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// The outcome of one run of a test runner.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) count: Count,
    pub(crate) success: bool,
}

/// Runs `cargo nextest` or `cargo test` to its end, whatever that is.
pub(crate) fn run(command: &mut Command) -> Result<Outcome> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the test runner")?;
    let stdout = child.stdout.take().context("no standard output")?;
    let stderr = child.stderr.take().context("no standard error")?;
    // Both at once, or the one that is not read would block the runner when it is full.
    let others = thread::spawn(move || show_and_count(stderr));
    let mut count = show_and_count(stdout);
    if let Ok(more) = others.join() {
        count += more;
    }
    let success = child.wait()?.success();
    Ok(Outcome { count, success })
}

fn show_and_count(from: impl Read) -> Count {
    let mut count = Count::default();
    for line in BufReader::new(from).split(b'\n') {
        let Ok(line) = line else { break };
        let line = String::from_utf8_lossy(&line);
        // Whoever reads along may have gone; the tests go on.
        writeln!(std::io::stdout(), "{line}").ok();
        if let Some(more) = closing_line(&line) {
            count += more;
        }
    }
    count
}

/// Reads the closing line of nextest (`Summary [ 3.8s] 6 tests run: 6 passed, 0 skipped`) or of
/// libtest (`test result: ok. 5 passed; 0 failed; …`).
fn closing_line(line: &str) -> Option<Count> {
    let line = line.trim_start();
    if let Some(result) = line.strip_prefix("test result: ") {
        let passed = number_before(result, "passed")?;
        return Some(Count {
            passed,
            failed: number_before(result, "failed")?,
        });
    }
    let (_, summary) = line.strip_prefix("Summary [")?.split_once(']')?;
    let (run, ends) = summary.split_once(':')?;
    let passed = number_before(ends, "passed").unwrap_or(0);
    // `12/20 tests run` when the run was cut short; whatever did not pass has failed, whether by
    // assertion, signal or time.
    let run = run.split_whitespace().next()?;
    let run: u64 = run.rsplit('/').next()?.parse().ok()?;
    Some(Count {
        passed,
        failed: run.saturating_sub(passed),
    })
}

/// The number in front of a word.
fn number_before(text: &str, word: &str) -> Option<u64> {
    let mut previous = "";
    for part in text.split_whitespace() {
        if part.trim_end_matches([',', ';']) == word {
            return previous.parse().ok();
        }
        previous = part;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Count, closing_line};

    #[test]
    fn the_closing_line_of_nextest_is_counted() {
        let line = "     Summary [   3.831s] 6 tests run: 6 passed, 0 skipped";
        assert_eq!(
            closing_line(line),
            Some(Count {
                passed: 6,
                failed: 0
            })
        );
        let line = "     Summary [  1.2s] 9 tests run: 6 passed (1 slow), 1 failed, 2 timed out, 3 skipped";
        assert_eq!(
            closing_line(line),
            Some(Count {
                passed: 6,
                failed: 3
            })
        );
        let line = "Summary [  1.2s] 4/20 tests run: 3 passed, 1 failed, 0 skipped";
        assert_eq!(
            closing_line(line),
            Some(Count {
                passed: 3,
                failed: 17
            })
        );
        let line = "Summary [  1.2s] 1 test run: 0 passed, 1 failed, 0 skipped";
        assert_eq!(
            closing_line(line),
            Some(Count {
                passed: 0,
                failed: 1
            })
        );
    }

    #[test]
    fn the_closing_line_of_libtest_is_counted() {
        let line = "test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(
            closing_line(line),
            Some(Count {
                passed: 5,
                failed: 2
            })
        );
    }

    #[test]
    fn other_lines_are_not_counted() {
        assert_eq!(closing_line("test a_test_with_6_passed ... ok"), None);
        assert_eq!(closing_line("Summary of changes"), None);
    }
}
