//! How a command fails.

use std::ffi::OsString;
use std::io;

use super::admin::AdminError;
use crate::aws::{RoleError, StsError};
use crate::exit::ExitStatus;
use crate::files::FileError;
use crate::http::HttpError;
use crate::identity_provider::SignInError;
use crate::printer::Printer;
use crate::prompt::PromptError;
use crate::settings::SettingsError;

#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Prompt(#[from] PromptError),
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Role(#[from] RoleError),
    #[error(transparent)]
    Sts(#[from] StsError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error("the account {account} is that of {expected}, but the browser is signed in as {found}")]
    SomebodyElse {
        account: String,
        expected: String,
        found: String,
    },
    #[error("the output cannot be written: {0}")]
    Output(io::Error),
    #[error("{}: {}", command.display(), exec_failure(source))]
    Exec {
        command: OsString,
        source: io::Error,
    },
}

impl CommandError {
    pub(super) fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Settings(_) | Self::File(_) => ExitStatus::Configuration,
            Self::Prompt(error) | Self::SignIn(SignInError::Prompt(error)) => of_prompt(error),
            Self::SignIn(error) => of_sign_in(error),
            Self::SomebodyElse { .. } => ExitStatus::AuthenticationRefused,
            Self::Role(_) => ExitStatus::NoSuchRole,
            Self::Sts(StsError::Http(error)) => of_http(error),
            Self::Sts(StsError::Refused { .. }) => ExitStatus::AwsRefused,
            Self::Sts(StsError::NotSts { .. } | StsError::Malformed(_)) => ExitStatus::Network,
            Self::Admin(error) => error.exit_status(),
            Self::Output(_) => ExitStatus::Failure,
            Self::Exec { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                ExitStatus::NotFound
            }
            Self::Exec { .. } => ExitStatus::NotExecutable,
        }
    }

    pub(super) fn print(&self, printer: Printer) {
        // Whoever pressed Ctrl-C knows.
        if self.exit_status() != ExitStatus::Interrupted {
            printer.error(self.what(), &self.to_string(), self.advice().as_deref());
        }
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Settings(_) => "the configuration is not usable.",
            Self::Prompt(_) | Self::SignIn(SignInError::Prompt(_)) => "an answer is needed.",
            Self::SignIn(_) | Self::SomebodyElse { .. } => "signing in failed.",
            Self::Role(_) => "there is no role to take.",
            Self::Sts(_) => "AWS gave no credentials.",
            Self::File(_) => "the credentials cannot be stored.",
            Self::Admin(_) => "the directory did not do it.",
            Self::Output(_) => "the result cannot be printed.",
            Self::Exec { .. } => "the command cannot be run.",
        }
    }

    fn advice(&self) -> Option<String> {
        match self {
            Self::Settings(error) => error.advice(),
            Self::Prompt(error) | Self::SignIn(SignInError::Prompt(error)) => match error {
                PromptError::NoTerminal { how, .. } | PromptError::Forbidden { how, .. } => {
                    Some(how.clone())
                }
                PromptError::Interrupted | PromptError::Terminal(_) => None,
            },
            Self::SignIn(error) => error.advice(),
            Self::SomebodyElse {
                expected, found, ..
            } => Some(format!(
                "Sign out in the browser and sign in as {expected}, or run the command with \
                 --username {found}."
            )),
            Self::Role(error) => Some(error.advice()),
            Self::Sts(error) => error.advice().map(str::to_owned),
            Self::File(error) => error.advice(),
            Self::Admin(error) => error.advice(),
            Self::Output(_) | Self::Exec { .. } => None,
        }
    }
}

/// In the words of a shell.
fn exec_failure(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "command not found".to_owned(),
        _ => source.to_string(),
    }
}

fn of_prompt(error: &PromptError) -> ExitStatus {
    match error {
        PromptError::Interrupted => ExitStatus::Interrupted,
        PromptError::NoTerminal { .. } | PromptError::Forbidden { .. } => ExitStatus::InputNeeded,
        PromptError::Terminal(_) => ExitStatus::Failure,
    }
}

fn of_sign_in(error: &SignInError) -> ExitStatus {
    match error {
        SignInError::Http(error) => of_http(error),
        SignInError::Prompt(error) => of_prompt(error),
        SignInError::CodeRefused { .. }
        | SignInError::PushRefused { .. }
        | SignInError::FactorNotSupported { .. }
        | SignInError::NoFactor { .. } => ExitStatus::MfaRefused,
        SignInError::Refused { .. }
        | SignInError::NeedsBrowser { .. }
        | SignInError::Denied { .. }
        | SignInError::RefusedByPolicy { .. }
        | SignInError::NotAnswered { .. }
        | SignInError::NoDeviceFlow { .. }
        | SignInError::NoAssertion { .. } => ExitStatus::AuthenticationRefused,
        SignInError::Encoding(_) => ExitStatus::Failure,
        SignInError::WebPage { .. }
        | SignInError::Unexpected { .. }
        | SignInError::TooManyRedirects { .. } => ExitStatus::Network,
    }
}

fn of_http(error: &HttpError) -> ExitStatus {
    if error.is_configuration() {
        ExitStatus::Configuration
    } else {
        ExitStatus::Network
    }
}
