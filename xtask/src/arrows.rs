//! `cargo xtask check-arrows`: which crate may depend on which, from `cargo metadata`.

mod graph;
mod rules;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use crate::workspace::{cargo, lock_flag, output_of};
use graph::Graph;

/// Prints every violation.
pub(crate) fn run() -> Result<ExitCode> {
    check()?;
    println!("every arrow points where it may");
    Ok(ExitCode::SUCCESS)
}

/// # Errors
///
/// When a crate depends on what it must not see; the message names each case.
pub(crate) fn check() -> Result<()> {
    let metadata = output_of(
        cargo()
            .args(["metadata", "--format-version=1"])
            .args(lock_flag()),
    )?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata gave no JSON")?;
    let violations = rules::violations(&Graph::from_metadata(&metadata)?);
    if violations.is_empty() {
        return Ok(());
    }
    bail!(
        "{} forbidden arrows\n  {}",
        violations.len(),
        violations.join("\n  ")
    )
}
