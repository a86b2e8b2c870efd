//! `cargo xtask test`: everything that must pass before a change is good.

use std::process::{Command, ExitCode};

use anyhow::{Result, bail};

use crate::postgres::Server;
use crate::runner::{self, Count};
use crate::steps::Steps;
use crate::workspace::{self, cargo, find_program, lock_flag};
use crate::{arrows, install};

/// Runs all steps, also after one has failed, and ends with `N passed, N failed`.
pub(crate) fn run() -> ExitCode {
    let mut steps = Steps::default();
    let mut count = Count::default();

    let installed = install_counterparts(&mut steps);
    steps.run("formatting", || {
        workspace::run(cargo().args(["fmt", "--all", "--check"]))
    });
    steps.run("arrows", arrows::check);
    steps.run("clippy", || {
        workspace::run(cargo().arg("clippy").args(lock_flag()).args([
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    });
    let built = steps.run("binaries", || {
        workspace::run(
            cargo()
                .arg("build")
                .args(lock_flag())
                .args(["--workspace", "--bins"]),
        )
    });
    if built.is_some() {
        test_documentation(&mut steps, &mut count);
        test_everything_else(&mut steps, &mut count, installed);
    }

    // A run whose tests pass but whose other steps do not must not end with "0 failed".
    let failed = count.failed.max(steps.failures() as u64);
    println!(
        "\n{}\n{} passed, {failed} failed",
        steps.summary(),
        count.passed
    );
    if steps.failures() == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Whether all counterparts are there. Outside CI it is no failure when some are not: their tests
/// say that they are skipped.
fn install_counterparts(steps: &mut Steps) -> bool {
    if workspace::is_ci() {
        return steps.run("install", install::run).is_some();
    }
    let outcome = steps.run("install", || {
        Ok(install::run()
            .inspect_err(|error| eprintln!("warning: {error:#}"))
            .is_ok())
    });
    outcome == Some(true)
}

fn test_documentation(steps: &mut Steps, count: &mut Count) {
    steps.run("documentation tests", || {
        tests(
            cargo()
                .arg("test")
                .args(lock_flag())
                .args(["--workspace", "--doc"]),
            count,
        )
    });
}

fn test_everything_else(steps: &mut Steps, count: &mut Count, installed: bool) {
    let server = steps.run("start PostgreSQL", || match Server::start() {
        Err(error) if !installed && !workspace::is_ci() => {
            eprintln!("warning: {error:#}");
            Ok(None)
        }
        started => started.map(Some),
    });
    // A test that needs the server says so itself, and fails in CI: the others are worth running.
    let server = server.flatten();
    steps.run("tests", || {
        let mut command = runner_command();
        if let Some(server) = &server {
            command.env("JETWAY_TEST_POSTGRES_URL", server.url());
        }
        tests(&mut command, count)
    });
    if let Some(server) = server {
        steps.run("stop PostgreSQL", || server.stop());
    }
}

fn runner_command() -> Command {
    let mut command = cargo();
    if find_program("cargo-nextest").is_some() {
        command.args(["nextest", "run"]);
        command.args(if workspace::is_ci() {
            ["--profile", "ci"]
        } else {
            ["--profile", "default"]
        });
        command
            .args(lock_flag())
            .args(["--workspace", "--no-fail-fast"]);
    } else {
        command.arg("test").args(lock_flag());
        command.args([
            "--workspace",
            "--lib",
            "--bins",
            "--tests",
            "--no-fail-fast",
        ]);
    }
    command
}

fn tests(command: &mut Command, count: &mut Count) -> Result<()> {
    let outcome = runner::run(command)?;
    *count += outcome.count;
    if !outcome.success {
        let Count { passed, failed } = outcome.count;
        bail!(
            "{failed} of {} tests failed, or the tests did not build",
            passed + failed
        );
    }
    Ok(())
}
