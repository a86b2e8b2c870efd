//! `cargo xtask bench`: the benchmarks of crates/e2e, each a program of its own.

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use serde_json::{Value, json};

use crate::workspace::{self, cargo, lock_flag, output_of};

const PACKAGE: &str = "jetway-e2e";

pub(crate) fn run(words: &[String]) -> Result<ExitCode> {
    let known = benches()?;
    if words.iter().any(|word| word == "--list") {
        println!("{}", known.join("\n"));
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(unknown) = words.iter().find(|word| !known.contains(word)) {
        bail!("there is no benchmark {unknown}, only {}", known.join(", "));
    }
    // The benchmarks start the programs as they are shipped.
    workspace::run(
        cargo()
            .args(["build", "--release"])
            .args(lock_flag())
            .args(["-p", "jetwayd", "-p", "jetway"]),
    )?;
    let wanted = if words.is_empty() { &known } else { words };
    let postgres = crate::postgres::Server::start()?;
    for bench in wanted {
        println!("── {bench}");
        let mut command = cargo();
        command
            .arg("bench")
            .args(lock_flag())
            .args(["-p", PACKAGE, "--bench", bench])
            .env("JETWAY_TEST_POSTGRES_URL", postgres.url());
        workspace::run(&mut command)?;
    }
    postgres.stop()?;
    Ok(ExitCode::SUCCESS)
}

/// The names of the benchmarks that crates/e2e declares.
fn benches() -> Result<Vec<String>> {
    let metadata = output_of(cargo().args(["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Value = serde_json::from_str(&metadata).context("cargo metadata gave no JSON")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata: no packages")?;
    let package = packages.iter().find(|package| package["name"] == PACKAGE);
    let targets = package.and_then(|package| package["targets"].as_array());
    let mut names: Vec<String> = targets
        .with_context(|| format!("cargo metadata: no targets of {PACKAGE}"))?
        .iter()
        .filter(|target| target["kind"] == json!(["bench"]))
        .filter_map(|target| target["name"].as_str())
        .map(ToOwned::to_owned)
        .collect();
    names.sort();
    Ok(names)
}
