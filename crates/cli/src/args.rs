//! What can be typed. Nothing here reads files or the environment; [`crate::settings`] merges.

mod account;
mod admin;
mod applications;
mod command;

pub(crate) use account::{AccountArgs, SESSION_SECONDS};
pub(crate) use admin::{
    AdminArea, AdminArgs, EventsCommand, GroupsCommand, PageArgs, SettingsCommand, UsersCommand,
};
pub(crate) use applications::{ApplicationsCommand, AwsArgs, AwsForm, HolderArgs, KeysCommand};
pub(crate) use command::{BrowserArgs, Command, ConfigureArgs, ExecArgs, LoginArgs, TargetArgs};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use crate::exit::ExitStatus;

const MORE: &str = "\
Examples:
  jetway configure -a production --url https://id.example.com/saml2/aws --username me@example.com
  jetway login -a production
  jetway exec -a production -- aws s3 ls
  jetway admin users list --search runner

Environment (an option goes before its variable, a variable before the configuration):
  JETWAY_ or SAML2AWS_ with ACCOUNT (SAML2AWS_IDP_ACCOUNT), PROVIDER (SAML2AWS_IDP_PROVIDER), URL,
  USERNAME, PASSWORD, MFA, MFA_TOKEN, ROLE, PROFILE, REGION, SESSION_DURATION, CREDENTIALS_FILE,
  POLICY_FILE, POLICY_ARNS, SKIP_VERIFY; JETWAY_CONFIG_FILE, SAML2AWS_CONFIGFILE,
  JETWAY_SKIP_PROMPT, JETWAY_NO_INPUT, JETWAY_TIMEOUT; JETWAY_ADMIN_URL, JETWAY_API_KEY; and what every AWS tool reads

Exit status:
  0 success · 1 other error · 2 usage · 3 an answer is needed and nobody can be asked
  4 sign-in refused · 5 second factor refused · 6 no such role · 7 AWS refused
  8 network · 9 configuration · 130 interrupted; `exec` passes on the command's status";

/// Sign in at your identity provider, get temporary AWS credentials, run commands with them
#[derive(Debug, Parser)]
#[command(name = "jetway", version, after_help = MORE, propagate_version = false)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) account: AccountArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The outcome of reading the command line.
#[derive(Debug)]
pub(crate) enum Parsed {
    Run(Box<Cli>),
    /// Help, version or a usage error was printed.
    Answered(ExitStatus),
}

/// Reads the arguments of this process.
pub(crate) fn parse() -> Parsed {
    match Cli::try_parse() {
        Ok(cli) => Parsed::Run(Box::new(cli)),
        Err(error) => answer(&error),
    }
}

fn answer(error: &clap::Error) -> Parsed {
    let status = match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitStatus::Success,
        // Like saml2aws: the bare name explains itself and is no failure.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand => {
            let _ = Cli::command().print_help();
            return Parsed::Answered(ExitStatus::Success);
        }
        _ => ExitStatus::Usage,
    };
    // Nobody is left to be told when the stream is closed.
    let _ = error.print();
    Parsed::Answered(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_of_the_arguments_is_sound() {
        Cli::command().debug_assert();
    }
}
