//! `jetway admin …`: the API of the server, command by command.

mod applications;
mod client;
mod configure;
mod error;
mod events;
mod fields;
mod groups;
mod output;
mod settings;
mod sign_on;
mod transfer;
mod users;

pub(crate) use error::AdminError;

use super::error::CommandError;
use crate::args::{AccountArgs, AdminArea, AdminArgs};
use crate::exit::ExitStatus;
use crate::printer::Printer;
use crate::settings::{AdminSettings, Environment};
use client::Client;
use output::Output;

/// What every command gets.
struct Context {
    client: Client,
    output: Output,
    /// Programs read the output.
    json: bool,
    /// Nobody may be asked.
    no_input: bool,
}

pub(super) fn run(
    account: &AccountArgs,
    args: AdminArgs,
    environment: &Environment,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    if matches!(args.area, AdminArea::Configure) {
        return configure::run(account, &args, environment, printer);
    }
    let settings = AdminSettings::resolve(account, &args, environment)?;
    let context = Context {
        client: Client::new(settings, printer),
        output: Output::new(args.json, printer),
        json: args.json,
        no_input: account.no_input,
    };
    match args.area {
        AdminArea::Configure => {}
        AdminArea::Users(command) => users::run(&context, command)?,
        AdminArea::Groups(command) => groups::run(&context, command)?,
        AdminArea::Events(command) => events::run(&context, command)?,
        AdminArea::Applications(command) => applications::run(&context, command)?,
        AdminArea::Settings(command) => settings::run(&context, command)?,
    }
    Ok(ExitStatus::Success)
}
