//! How an administrator's command fails.

use std::io;

use crate::exit::ExitStatus;
use crate::http::HttpError;
use crate::printer::printable;
use crate::prompt::PromptError;

/// Each says what failed; [`Self::advice`] says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AdminError {
    #[error(transparent)]
    Http(#[from] HttpError),
    /// 401.
    #[error("the server does not know this API key, or it has expired")]
    BadKey,
    /// 403.
    #[error("the API key does not allow this")]
    NotAllowed,
    /// Any other problem document of the server.
    #[error("{detail}")]
    Refused { status: u16, detail: String },
    #[error("{0} is not the API of Jetway: it answered {1} {2}")]
    NotTheApi(String, u16, String),
    #[error("the answer of the server cannot be read: {0}")]
    Answer(serde_json::Error),
    #[error("there is no {what} {name:?}")]
    NoSuch { what: &'static str, name: String },
    #[error("there is more than one {what} {name:?}")]
    Several { what: &'static str, name: String },
    #[error("{0:?} is not of the form FIELD=VALUE")]
    NotAField(String),
    #[error("nothing was changed, since it was not confirmed")]
    NotConfirmed,
    #[error("{0}")]
    File(String),
    #[error("no row of the file can be added")]
    NothingToImport,
    /// How many.
    #[error("{0} of those who have it could not sign in")]
    CannotSignIn(u64),
    #[error("{0}")]
    NothingToRun(String),
    #[error(transparent)]
    Prompt(#[from] PromptError),
    #[error("the output cannot be written: {0}")]
    Output(io::Error),
}

impl AdminError {
    pub(crate) fn exit_status(&self) -> ExitStatus {
        match self {
            Self::Http(error) if error.is_configuration() => ExitStatus::Configuration,
            Self::Http(_) | Self::NotTheApi(..) | Self::Answer(_) => ExitStatus::Network,
            Self::BadKey | Self::NotAllowed => ExitStatus::AuthenticationRefused,
            Self::NotAField(_) => ExitStatus::Usage,
            Self::File(_) => ExitStatus::Configuration,
            Self::Prompt(PromptError::Interrupted) => ExitStatus::Interrupted,
            Self::Prompt(PromptError::NoTerminal { .. } | PromptError::Forbidden { .. }) => {
                ExitStatus::InputNeeded
            }
            Self::Prompt(_)
            | Self::Refused { .. }
            | Self::NoSuch { .. }
            | Self::Several { .. }
            | Self::NotConfirmed
            | Self::NothingToImport
            | Self::CannotSignIn(_)
            | Self::NothingToRun(_)
            | Self::Output(_) => ExitStatus::Failure,
        }
    }

    pub(crate) fn advice(&self) -> Option<String> {
        Some(match self {
            Self::Http(error) => return error.advice().map(str::to_owned),
            Self::BadKey => "Make a key in the admin portal under API keys, and store it with: \
                             jetway admin configure"
                .to_owned(),
            Self::NotAllowed => {
                "Use a key with another scope, or of an administrator with another role.".to_owned()
            }
            Self::Refused {
                status: 409 | 412, ..
            } => "Look at the present state and try again.".to_owned(),
            Self::Several { .. } => "Use its id, or its name in the address.".to_owned(),
            Self::Refused { status: 503, .. } => "Try again in a moment.".to_owned(),
            Self::NotTheApi(..) => {
                "Check the address: it is that of the server itself, without a path.".to_owned()
            }
            Self::NoSuch { what, .. } => {
                let list = match *what {
                    "group" => "groups list --search …",
                    "application" => "applications list",
                    _ => "users list --search …",
                };
                format!("Find it with: jetway admin {list}")
            }
            Self::NotAField(_) => "Write it as last_name=Runner.".to_owned(),
            Self::NothingToImport => "Correct the rows and try again.".to_owned(),
            Self::CannotSignIn(_) => {
                "See what is wrong for one of them with: jetway admin applications preview"
                    .to_owned()
            }
            Self::NotConfirmed => "Answer yes, or add --yes.".to_owned(),
            Self::Prompt(
                PromptError::NoTerminal { how, .. } | PromptError::Forbidden { how, .. },
            ) => how.clone(),
            Self::File(_)
            | Self::Refused { .. }
            | Self::Answer(_)
            | Self::Prompt(_)
            | Self::NothingToRun(_)
            | Self::Output(_) => {
                return None;
            }
        })
    }

    /// What a problem document says, field by field.
    pub(super) fn of_problem(status: u16, document: &serde_json::Value) -> Self {
        match status {
            401 => return Self::BadKey,
            403 => return Self::NotAllowed,
            _ => {}
        }
        let detail = document["detail"].as_str().unwrap_or("the server refused");
        Self::Refused {
            status,
            detail: printable(detail),
        }
    }
}
