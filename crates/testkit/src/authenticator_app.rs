//! An authenticator app: `oathtool` (RFC 6238 with six digits and steps of 30 seconds).

use std::process::Command;

use anyhow::{Result, ensure};

use crate::counterparts;

/// What an app with this secret (base32) shows at this time (Unix seconds).
pub fn shown_at(secret: &str, unix: i64) -> Result<String> {
    run(&["--totp", "--base32", &format!("--now=@{unix}"), secret])
}

/// What it shows now, on the clock of this machine, so many steps of 30 seconds later or, when
/// negative, earlier.
pub fn shown_now(secret: &str, steps: i32) -> Result<String> {
    let now = format!("--now={:+} seconds", steps * 30);
    run(&["--totp", "--base32", &now, secret])
}

fn run(arguments: &[&str]) -> Result<String> {
    let output = Command::new(counterparts::oathtool()?)
        .args(arguments)
        .output()?;
    ensure!(
        output.status.success(),
        "oathtool: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
