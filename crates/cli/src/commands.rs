//! One file per command, and how each ends: with an exit status, or with an error in three parts
//! (what failed, why, what to do).

mod admin;
mod authenticate;
mod configure;
mod error;
mod exec;
mod login;
mod sign_in;

use crate::args::{AccountArgs, Cli, Command};
use crate::exit::ExitStatus;
use crate::printer::Printer;
use crate::settings::Environment;

use error::CommandError;

/// Runs what was typed.
pub(crate) fn run(cli: Cli) -> ExitStatus {
    let printer = Printer::new(cli.account.quiet, cli.account.verbose);
    match dispatch(&cli.account, cli.command, printer) {
        Ok(status) => status,
        Err(error) => {
            error.print(printer);
            error.exit_status()
        }
    }
}

fn dispatch(
    account: &AccountArgs,
    command: Command,
    printer: Printer,
) -> Result<ExitStatus, CommandError> {
    let environment = Environment::of_process()?;
    match command {
        Command::Configure(args) => configure::run(account, &args, &environment, printer),
        Command::Login(args) => login::run(account, &args, &environment, printer),
        Command::Exec(args) => exec::run(account, args, &environment, printer),
        Command::Admin(args) => admin::run(account, args, &environment, printer),
    }
}
