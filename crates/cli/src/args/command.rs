//! The commands and the options of each.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::admin::AdminArgs;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Write an account into the configuration
    Configure(ConfigureArgs),
    /// Sign in and store AWS credentials in a profile
    Login(LoginArgs),
    /// Run a command with the credentials, after signing in if they have expired
    Exec(ExecArgs),
    /// Administer the directory: people, groups, applications, activity, settings
    Admin(AdminArgs),
}

/// Where the credentials go.
#[derive(Debug, Args)]
pub(crate) struct TargetArgs {
    /// AWS profile that holds the credentials [default: the account's name; `saml` for the
    /// account "default" and for one of ~/.saml2aws]
    #[arg(short = 'p', long, value_name = "PROFILE")]
    pub(crate) profile: Option<String>,

    /// Credentials file [default: ~/.aws/credentials]
    #[arg(long, value_name = "FILE")]
    pub(crate) credentials_file: Option<PathBuf>,
}

/// Signing in through the browser.
#[derive(Debug, Args)]
pub(crate) struct BrowserArgs {
    /// Sign in through the browser, with every second factor that works there. It may be on another
    /// machine: the command shows an address and a code
    #[arg(long)]
    pub(crate) browser: bool,

    /// With --browser: only show the address. Over SSH, and without a desktop, nothing is opened
    /// anyway
    #[arg(long, requires = "browser")]
    pub(crate) no_open: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ConfigureArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,
}

#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch that can be typed"
)]
pub(crate) struct LoginArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    #[command(flatten)]
    pub(crate) browser: BrowserArgs,

    /// Sign in even if the stored credentials are still valid
    #[arg(long)]
    pub(crate) force: bool,

    /// Overwrite long-lived keys in the profile
    #[arg(long)]
    pub(crate) replace: bool,

    /// Print the credentials for the AWS setting `credential_process`. They are stored only in a
    /// --credentials-file of their own
    #[arg(long, conflicts_with = "browser")]
    pub(crate) credential_process: bool,

    /// Accepted for saml2aws scripts: what is known is never asked for.
    #[arg(long, hide = true)]
    pub(crate) try_no_prompt: bool,
}

#[derive(Debug, Args)]
#[command(override_usage = "jetway exec [OPTIONS] -- <COMMAND>...")]
pub(crate) struct ExecArgs {
    #[command(flatten)]
    pub(crate) target: TargetArgs,

    #[command(flatten)]
    pub(crate) browser: BrowserArgs,

    /// Overwrite long-lived keys in the profile
    #[arg(long)]
    pub(crate) replace: bool,

    /// The command with its arguments; put `--` before it
    #[arg(required = true, trailing_var_arg = true, value_name = "COMMAND")]
    pub(crate) command: Vec<OsString>,
}
