//! What can be wrong with the settings.

use std::path::PathBuf;

use crate::aws::EndpointError;
use crate::files::FileError;
use crate::http::HttpError;
use crate::identity_provider::{AddressError, Provider, ProviderError};

#[derive(Debug, thiserror::Error)]
pub(crate) enum SettingsError {
    #[error(transparent)]
    File(#[from] FileError),
    /// A fault in a configuration file, at a line.
    #[error("{}:{line}: {fault}", path.display())]
    InFile {
        path: PathBuf,
        line: usize,
        fault: String,
    },
    #[error("{} does not exist", .0.display())]
    NoSuchFile(PathBuf),
    #[error("the environment variable HOME is not set")]
    NoHome,
    #[error("the environment variable {0} is not UTF-8")]
    VariableNotText(String),
    #[error("the path {} is not UTF-8", .0.display())]
    PathNotText(PathBuf),
    #[error("the environment variable {name} is {value:?}, not {expected}")]
    BadVariable {
        name: &'static str,
        value: String,
        expected: &'static str,
    },
    #[error("there is no account {name:?} in {}", list(looked_in))]
    NoSuchAccount {
        name: String,
        known: Vec<String>,
        looked_in: Vec<PathBuf>,
    },
    #[error("the account {0:?} has no URL")]
    NoUrl(String),
    #[error(transparent)]
    Provider(#[from] ProviderError),
    #[error("{source}")]
    Address {
        provider: Provider,
        source: AddressError,
    },
    #[error("Invalid MFA type: {name} for {provider} provider")]
    Mfa { name: String, provider: Provider },
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// Certificates or a proxy that cannot be used.
    #[error(transparent)]
    Connection(HttpError),
    #[error("the session duration of {0} seconds is out of range")]
    SessionDuration(u32),
    #[error("the address of the server is missing")]
    NoServer,
    #[error("{0:?} is not the address of a server")]
    BadServer(String),
    #[error("the API key is missing")]
    NoApiKey,
    #[error("the stored API key is for another server than {0}")]
    KeyOfAnotherServer(String),
    #[error("{} holds an API key and can be read by others", .0.display())]
    NotPrivate(PathBuf),
    #[error("the session policy in {} is not a text file", .0.display())]
    PolicyNotText(PathBuf),
}

impl SettingsError {
    pub(crate) fn advice(&self) -> Option<String> {
        Some(match self {
            Self::File(error) => return error.advice(),
            Self::NoSuchAccount { name, known, .. } => {
                let known = if known.is_empty() {
                    "There is no account yet.".to_owned()
                } else {
                    format!("Accounts: {}.", known.join(", "))
                };
                format!("{known} Add one with: jetway configure --idp-account {name} --url …")
            }
            Self::NoUrl(name) => {
                format!(
                    "Give it with --url, or store it: jetway configure --idp-account {name} --url …"
                )
            }
            Self::Provider(_) => {
                format!(
                    "Supported: {}.",
                    Provider::ALL.map(Provider::name).join(", ")
                )
            }
            Self::Address { provider, source } => source.advice(*provider),
            Self::Mfa { .. } => "Supported: Auto, TOTP.".to_owned(),
            Self::Endpoint(error) => error.advice().to_owned(),
            Self::Connection(error) => return error.advice().map(str::to_owned),
            Self::SessionDuration(_) => {
                "AWS accepts 900 (15 minutes) to 43200 (12 hours) seconds.".to_owned()
            }
            Self::NoServer => {
                "Give it with --server or JETWAY_ADMIN_URL, or store it: jetway admin configure"
                    .to_owned()
            }
            Self::BadServer(_) => "Write it as https://id.example.com, without a path.".to_owned(),
            Self::KeyOfAnotherServer(_) => "Give the key of this server with JETWAY_API_KEY or \
                                            --api-key-file."
                .to_owned(),
            Self::NoApiKey => "Give it with JETWAY_API_KEY or --api-key-file, or store it: jetway \
                               admin configure"
                .to_owned(),
            Self::NotPrivate(path) => format!("Run: chmod 600 {}", path.display()),
            Self::InFile { .. }
            | Self::NoSuchFile(_)
            | Self::NoHome
            | Self::BadVariable { .. }
            | Self::VariableNotText(_)
            | Self::PathNotText(_)
            | Self::PolicyNotText(_) => return None,
        })
    }
}

fn list(paths: &[PathBuf]) -> String {
    let shown: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    shown.join(" or ")
}
