//! `jetway admin configure`: stores the server's address and an API key.

use crate::args::{AccountArgs, AdminArgs};
use crate::commands::error::CommandError;
use crate::exit::ExitStatus;
use crate::printer::Printer;
use crate::prompt::{Missing, Prompts};
use crate::settings::{Environment, admin};

pub(super) fn run(
    account: &AccountArgs,
    args: &AdminArgs,
    environment: &Environment,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    let prompts = if account.no_input {
        Prompts::Off("--no-input")
    } else {
        Prompts::Allowed
    };
    let server = match admin::given_server(args, environment) {
        Some(server) => server,
        None => prompts.text(
            "Address of the server (https://…):",
            None,
            Missing {
                what: "The address of the server is missing",
                how: "Give it with --server or the environment variable JETWAY_ADMIN_URL.",
            },
        )?,
    };
    let server = admin::origin(&server)?;
    let key = match admin::given_key(args, environment)? {
        Some(key) => key,
        None => prompts.secret(
            "API key:",
            Missing {
                what: "The API key is missing",
                how: "Give it with --api-key-file or the environment variable JETWAY_API_KEY.",
            },
        )?,
    };
    let path = admin::store(environment, &server, &key)?;
    printer.note(&format!("Saved in {}.", path.display()));
    Ok(ExitStatus::Success)
}
