//! The `JETWAYD_…` variables.

use std::path::PathBuf;

use secrecy::SecretString;

use crate::ConfigError;

/// Every variable that `jetwayd` reads.
pub(crate) const KNOWN: &[&str] = &[
    "JETWAYD_AWS_LISTEN",
    "JETWAYD_CONFIG",
    "JETWAYD_DATABASE_URL",
    "JETWAYD_DATA_DIR",
    "JETWAYD_IDP_LISTEN",
    "JETWAYD_LOG",
    "JETWAYD_PUBLIC_URL",
    "JETWAYD_REGION",
    "JETWAYD_SEALING_KEY",
    "JETWAYD_SEALING_KEY_FILE",
    "JETWAYD_TRUSTED_PROXIES",
];

/// Where variables come from: the process, or a table in a test.
pub trait Environment {
    /// The value, when it is set, not empty and valid Unicode.
    fn get(&self, name: &str) -> Option<String>;
    /// The names of all variables.
    fn names(&self) -> Vec<String>;
}

/// The environment of this process.
#[derive(Debug, Clone, Copy)]
pub struct ProcessEnvironment;

impl Environment for ProcessEnvironment {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the server reads it"
    )]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn names(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Variables {
    pub(crate) config: Option<PathBuf>,
    pub(crate) data_dir: Option<PathBuf>,
    pub(crate) database_url: Option<SecretString>,
    pub(crate) identity_provider_listen: Option<String>,
    pub(crate) local_aws_listen: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) sealing_key: Option<SecretString>,
    pub(crate) sealing_key_file: Option<PathBuf>,
    pub(crate) trusted_proxies: Option<String>,
}

pub(crate) fn read(environment: &dyn Environment) -> Result<Variables, ConfigError> {
    let unknown = environment
        .names()
        .into_iter()
        .find(|name| name.starts_with("JETWAYD_") && !KNOWN.contains(&name.as_str()));
    if let Some(name) = unknown {
        return Err(ConfigError::UnknownVariable(name));
    }
    Ok(Variables {
        config: environment.get("JETWAYD_CONFIG").map(PathBuf::from),
        data_dir: environment.get("JETWAYD_DATA_DIR").map(PathBuf::from),
        database_url: environment
            .get("JETWAYD_DATABASE_URL")
            .map(SecretString::from),
        identity_provider_listen: environment.get("JETWAYD_IDP_LISTEN"),
        local_aws_listen: environment.get("JETWAYD_AWS_LISTEN"),
        public_url: environment.get("JETWAYD_PUBLIC_URL"),
        region: environment.get("JETWAYD_REGION"),
        sealing_key: environment
            .get("JETWAYD_SEALING_KEY")
            .map(SecretString::from),
        sealing_key_file: environment
            .get("JETWAYD_SEALING_KEY_FILE")
            .map(PathBuf::from),
        trusted_proxies: environment.get("JETWAYD_TRUSTED_PROXIES"),
    })
}
