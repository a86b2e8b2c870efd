//! `jetwayd`: the identity provider and the local AWS.
//!
//! One file per subcommand. A failure is one line that says what, where and what to do, on
//! stderr, with exit code 1 (2 for a command line that cannot be understood).

mod admin;
mod announce;
mod args;
mod clock;
mod control;
mod data_dir;
mod dev;
mod dev_json;
mod identity_provider;
mod instance;
mod jobs;
mod listener;
mod local_aws;
mod log_streaming;
mod mail;
mod outbound;
mod sample;
mod serve;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use jetway_config::{Environment, ProcessEnvironment};
use jetway_identity::administrators::Lost;
use tracing_subscriber::EnvFilter;

use crate::args::{AdminCommand, Command, Jetwayd, LocalAwsCommand};

fn main() -> ExitCode {
    let arguments = Jetwayd::parse();
    start_log();
    match run(arguments) {
        Ok(code) => code,
        Err(error) => {
            // `{error:#}` joins the chain with ": ", which keeps it on one line.
            let line = format!("{error:#}").replace('\n', " ");
            let _ = writeln!(std::io::stderr(), "jetwayd: {line}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Jetwayd) -> anyhow::Result<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match arguments.command {
        Command::Serve(flags) => block_on(serve::run(flags)).map(done),
        Command::Dev(flags) => block_on(dev::run(flags)).map(done),
        Command::Admin(AdminCommand::ResetPassword(flags)) => {
            block_on(admin::reset_password::run(flags, Lost::Password)).map(done)
        }
        Command::Admin(AdminCommand::Recover(flags)) => {
            let lost = Lost::PasswordAndFactors;
            block_on(admin::reset_password::run(flags, lost)).map(done)
        }
        Command::LocalAws(local) => match local.command {
            Some(LocalAwsCommand::Env(env)) => local_aws::print_environment(&env).map(done),
            None => block_on(local_aws::run(local.flags)).map(done),
        },
        Command::Admin(AdminCommand::VerifyLog(flags)) => block_on(admin::verify_log::run(flags)),
    }
}

fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(work)
}

/// Warnings and errors go to stderr; `JETWAYD_LOG` asks for more, for example `info` or
/// `jetway_local_aws=debug`.
fn start_log() {
    let wanted = ProcessEnvironment
        .get("JETWAYD_LOG")
        .unwrap_or_else(|| "warn".to_owned());
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(wanted))
        .with_writer(std::io::stderr)
        .init();
}
