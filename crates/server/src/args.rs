//! The command line of `jetwayd`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jetway_identity::LogHead;
use secrecy::SecretString;

/// Jetway's server: an identity provider for AWS, and a local AWS to try it against.
#[derive(Debug, Parser)]
#[command(name = "jetwayd", version, disable_help_subcommand = true)]
pub(crate) struct Jetwayd {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the identity provider. The first start prints a link to set it up
    Serve(ServeFlags),
    /// Run the identity provider and the local AWS with a sample organisation, on loopback
    Dev(DevFlags),
    /// Run the local AWS alone, empty but for its accounts
    LocalAws(LocalAwsArguments),
    /// What the operator on the host may do without signing in
    #[command(subcommand)]
    Admin(AdminCommand),
}

#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Check whether the activity log was tampered with; exit code 3 when it was
    VerifyLog(VerifyLogFlags),
    /// Print a one-time link with which a locked-out administrator chooses a new password. Works
    /// while the server runs and while it does not
    ResetPassword(ResetPasswordFlags),
    /// The same for an administrator who has lost the second factor too: factors and recovery codes
    /// are taken away, and the next sign-in sets new ones up
    Recover(ResetPasswordFlags),
}

#[derive(Debug, Args)]
pub(crate) struct VerifyLogFlags {
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// The server's data folder, which holds the sealing key
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The server's PostgreSQL database, unless its data is in the data folder
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<SecretString>,
    /// The server's file with the sealing key, unless that is in the data folder
    #[arg(long, value_name = "FILE")]
    pub(crate) sealing_key_file: Option<PathBuf>,
    /// An end of the log that was kept elsewhere and must still be in it; may be repeated
    #[arg(long, value_name = "HEAD")]
    pub(crate) expect: Vec<LogHead>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl VerifyLogFlags {
    pub(crate) fn to_settings(&self) -> jetway_config::Flags {
        jetway_config::Flags {
            config: self.config.clone(),
            data_dir: self.data_dir.clone(),
            database_url: self.database_url.clone(),
            sealing_key_file: self.sealing_key_file.clone(),
            ..jetway_config::Flags::default()
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder that holds all state [default: a fresh temporary folder, removed at the end]
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Where the local AWS listens [default: 127.0.0.1:4566]
    #[arg(long, value_name = "ADDRESS", visible_alias = "listen")]
    pub(crate) aws_listen: Option<String>,
    /// Region of the local AWS [default: us-east-1]
    #[arg(long, value_name = "REGION")]
    pub(crate) region: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct DevFlags {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Where the identity provider listens [default: 127.0.0.1:8700]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) idp_listen: Option<String>,
    /// Keep the identity provider's data in this PostgreSQL database instead of SQLite
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<SecretString>,
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct LocalAwsArguments {
    #[command(subcommand)]
    pub(crate) command: Option<LocalAwsCommand>,
    #[command(flatten)]
    pub(crate) flags: LocalAwsFlags,
}

#[derive(Debug, Args)]
pub(crate) struct LocalAwsFlags {
    #[command(flatten)]
    pub(crate) common: Common,
    /// Account to have, by its 12 digits; may be repeated [default: 000000000000]
    #[arg(long = "account", value_name = "ID")]
    pub(crate) accounts: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum LocalAwsCommand {
    /// Print the exports that point the AWS CLI and SDKs at a running local AWS
    Env(EnvFlags),
}

#[derive(Debug, Args)]
pub(crate) struct EnvFlags {
    /// Port of the running local AWS
    #[arg(long, default_value_t = 4566)]
    pub(crate) port: u16,
    /// Also export the administrator's access key of this account
    #[arg(long, value_name = "ID")]
    pub(crate) account: Option<String>,
}

/// Where the identity provider's data is.
#[derive(Debug, Args)]
pub(crate) struct DataFlags {
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Folder that holds the key under which secrets are sealed and, without --database-url, all
    /// other state
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Keep the data in this PostgreSQL database instead of SQLite
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<SecretString>,
    /// File with the key under which secrets are sealed: 32 bytes, or 64 hexadecimal digits. All
    /// nodes of a database need the same [default: sealing.key in the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) sealing_key_file: Option<PathBuf>,
    /// URL under which people reach the server, for example https://sso.example.com behind a
    /// proxy that speaks TLS [default: the address that it listens on]
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
}

impl DataFlags {
    fn into_flags(self) -> jetway_config::Flags {
        jetway_config::Flags {
            config: self.config,
            data_dir: self.data_dir,
            database_url: self.database_url,
            sealing_key_file: self.sealing_key_file,
            public_url: self.public_url,
            ..jetway_config::Flags::default()
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ServeFlags {
    #[command(flatten)]
    data: DataFlags,
    /// Where to listen [default: 127.0.0.1:8700]
    #[arg(long, value_name = "ADDRESS", visible_alias = "idp-listen")]
    listen: Option<String>,
    /// Networks of the proxies before the server, for example 10.0.0.0/8,::1: from them
    /// X-Forwarded-For tells who asks [default: nobody is believed]
    #[arg(long, value_name = "NETWORKS")]
    trusted_proxies: Option<String>,
}

impl ServeFlags {
    pub(crate) fn into_flags(self) -> jetway_config::Flags {
        jetway_config::Flags {
            identity_provider_listen: self.listen,
            trusted_proxies: self.trusted_proxies,
            ..self.data.into_flags()
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct ResetPasswordFlags {
    /// The administrator's e-mail address
    pub(crate) email: String,
    #[command(flatten)]
    data: DataFlags,
}

impl ResetPasswordFlags {
    pub(crate) fn into_flags(self) -> jetway_config::Flags {
        self.data.into_flags()
    }
}

impl Common {
    pub(crate) fn into_flags(self) -> jetway_config::Flags {
        jetway_config::Flags {
            config: self.config,
            data_dir: self.data_dir,
            local_aws_listen: self.aws_listen,
            region: self.region,
            ..jetway_config::Flags::default()
        }
    }
}
