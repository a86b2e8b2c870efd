//! The command line of Jetway: signs a person in at the identity provider, exchanges the SAML
//! assertion for temporary AWS credentials, stores them for every AWS tool and runs commands
//! with them. Flags, prompts, files and messages follow saml2aws, so that scripts and
//! `~/.saml2aws` keep working.
//!
//! The walk: `args` (what was typed) → `settings` (flag > environment > file > default, one
//! struct per command) → `commands` → `identity_provider` and `aws` over `http` →
//! `files`.

#[cfg(not(unix))]
compile_error!("jetway relies on Unix: terminals, file modes and exec(2)");

mod args;
mod aws;
mod clock;
mod commands;
mod desktop;
mod exit;
pub mod files;
mod http;
mod identity_provider;
mod printer;
mod prompt;
mod settings;

use std::process::ExitCode;

/// Runs the program with the arguments and the environment of this process.
pub fn run() -> ExitCode {
    match args::parse() {
        args::Parsed::Run(cli) => commands::run(*cli).into(),
        args::Parsed::Answered(status) => status.into(),
    }
}
