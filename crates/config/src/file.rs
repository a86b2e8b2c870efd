//! The settings file, TOML.

use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;

use crate::ConfigError;

/// The settings file as written. Unknown keys are refused in every table.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileSettings {
    /// The folder that holds all state.
    pub data_dir: Option<PathBuf>,
    /// A file with the key under which secrets are sealed.
    pub sealing_key_file: Option<PathBuf>,
    /// `[database]`
    #[serde(default)]
    pub database: Database,
    /// `[identity_provider]`
    #[serde(default)]
    pub identity_provider: Listener,
    /// `[local_aws]`
    #[serde(default)]
    pub local_aws: LocalAws,
}

/// `[database]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Database {
    /// `postgres://…`; absent: SQLite in the data folder.
    pub url: Option<SecretString>,
}

/// `[identity_provider]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// `127.0.0.1:8700`
    pub listen: Option<String>,
    /// The URL that people use, when it is not the bound address.
    pub public_url: Option<String>,
    /// Networks from which `X-Forwarded-For` is believed.
    pub trusted_proxies: Option<Vec<String>>,
}

/// `[local_aws]`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalAws {
    /// `127.0.0.1:4566`
    pub listen: Option<String>,
    /// The URL that people use, when it is not the bound address.
    pub public_url: Option<String>,
    /// `us-east-1`
    pub region: Option<String>,
}

impl FileSettings {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// When it cannot be read, is not TOML, or has a key that does not exist.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable {
            path: path.display().to_string(),
            source,
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::Invalid {
            path: path.display().to_string(),
            line: error.span().map_or(1, |span| {
                1 + text[..span.start]
                    .bytes()
                    .filter(|byte| *byte == b'\n')
                    .count()
            }),
            message: error.message().replace('\n', " "),
        })
    }
}
