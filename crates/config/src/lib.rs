//! Typed settings of `jetwayd`, merged from (weakest first) defaults, one TOML file, the
//! environment (`JETWAYD_…`) and flags.
//!
//! Nothing else in the server reads the environment, and an unknown key is an error: a misspelt
//! security setting must never be silently ignored.

mod environment;
mod file;
mod listen;
mod sealing_key;

pub use environment::{Environment, ProcessEnvironment};
pub use file::FileSettings;
pub use listen::loopback_url;
pub use sealing_key::SealingKeySource;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use secrecy::SecretString;
use url::Url;

/// The identity provider's default address.
pub const DEFAULT_IDENTITY_PROVIDER_LISTEN: &str = "127.0.0.1:8700";
/// The local AWS's default address: the port that `awslocal`, `tflocal` and others already use.
pub const DEFAULT_LOCAL_AWS_LISTEN: &str = "127.0.0.1:4566";
/// The region that the local AWS answers in unless told otherwise.
pub const DEFAULT_REGION: &str = "us-east-1";

/// Values given as flags. `None` leaves the weaker sources in force.
#[derive(Debug, Default, Clone)]
pub struct Flags {
    /// The settings file, `--config`.
    pub config: Option<PathBuf>,
    /// The folder that holds all state, `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--database-url`, for example `postgres://jetway@db.internal/jetway`. May hold a password.
    pub database_url: Option<SecretString>,
    /// Where the identity provider listens.
    pub identity_provider_listen: Option<String>,
    /// The URL under which people reach the identity provider, `--public-url`.
    pub public_url: Option<String>,
    /// The file with the key under which secrets are sealed, `--sealing-key-file`.
    pub sealing_key_file: Option<PathBuf>,
    /// Networks of the proxies before the identity provider, `--trusted-proxies`.
    pub trusted_proxies: Option<String>,
    /// Where the local AWS listens.
    pub local_aws_listen: Option<String>,
    /// The region of the local AWS.
    pub region: Option<String>,
}

/// What a run of `jetwayd` goes by.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `None`: a fresh temporary folder that is removed at the end.
    pub data_dir: Option<PathBuf>,
    /// `None`: SQLite in the data folder.
    pub database_url: Option<SecretString>,
    /// Where the key is under which secrets are sealed.
    pub sealing_key: SealingKeySource,
    /// The identity provider.
    pub identity_provider: Endpoint,
    /// From these networks `X-Forwarded-For` is believed. Empty: from nowhere.
    pub trusted_proxies: Vec<IpNet>,
    /// The local AWS.
    pub local_aws: Endpoint,
    /// The region of the local AWS.
    pub region: String,
}

/// An address to bind and the URL under which people reach it.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The socket to bind.
    pub listen: SocketAddr,
    /// The URL that browsers and command lines use. `None`: derived from the bound address.
    pub public_url: Option<Url>,
}

impl Endpoint {
    /// The URL that people use, once it is known which port was bound (port 0 asks for any).
    ///
    /// # Errors
    /// When the address cannot be written as a URL.
    pub fn url(&self, bound: SocketAddr) -> Result<Url, ConfigError> {
        match &self.public_url {
            Some(url) => Ok(url.clone()),
            None => loopback_url(bound),
        }
    }
}

/// Why the settings cannot be used. Each reads as one line: what, where, what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The settings file cannot be read.
    #[error("cannot read the settings file {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The settings file is not TOML, or has a key that does not exist.
    #[error("{path}, line {line}: {message}")]
    Invalid {
        /// The file.
        path: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        message: String,
    },
    /// A value that cannot be used.
    #[error("{source_name}: {value:?} is not {expected}")]
    Value {
        /// The flag, variable or key.
        source_name: String,
        /// As given.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// A `JETWAYD_…` variable that does not exist.
    #[error(
        "unknown environment variable {0}: unset it or correct its name (known: {known})",
        known = environment::KNOWN.join(", ")
    )]
    UnknownVariable(String),
    /// The sealing key is given twice.
    #[error(
        "JETWAYD_SEALING_KEY and JETWAYD_SEALING_KEY_FILE are both set: unset one, so that it is clear which key is meant"
    )]
    TwoSealingKeys,
    /// The address cannot be written as a URL.
    #[error("cannot make a URL of the address {0}; set public_url")]
    NoUrl(SocketAddr),
}

impl Settings {
    /// Merges defaults, the settings file, the environment and `flags`.
    ///
    /// # Errors
    /// [`ConfigError`], naming the source of the value that cannot be used.
    pub fn resolve(flags: &Flags, environment: &dyn Environment) -> Result<Self, ConfigError> {
        let variables = environment::read(environment)?;
        let config = flags.config.clone().or(variables.config);
        let file = match config.as_deref() {
            Some(path) => FileSettings::read(path)?,
            None => FileSettings::default(),
        };
        let idp_listen = first(
            flags.identity_provider_listen.as_deref(),
            "--idp-listen",
            variables.identity_provider_listen,
            "identity_provider.listen",
            file.identity_provider.listen,
        );
        let aws_listen = first(
            flags.local_aws_listen.as_deref(),
            "--aws-listen",
            variables.local_aws_listen,
            "local_aws.listen",
            file.local_aws.listen,
        );
        let public_url = first(
            flags.public_url.as_deref(),
            "--public-url",
            variables.public_url,
            "identity_provider.public_url",
            file.identity_provider.public_url,
        );
        let proxies = first(
            flags.trusted_proxies.as_deref(),
            "--trusted-proxies",
            variables.trusted_proxies,
            "identity_provider.trusted_proxies",
            file.identity_provider
                .trusted_proxies
                .map(|networks| networks.join(",")),
        );
        let aws_public_url = first(
            None,
            "",
            None,
            "local_aws.public_url",
            file.local_aws.public_url,
        );
        Ok(Self {
            data_dir: flags
                .data_dir
                .clone()
                .or(variables.data_dir)
                .or(file.data_dir),
            database_url: flags
                .database_url
                .clone()
                .or(variables.database_url)
                .or(file.database.url),
            sealing_key: SealingKeySource::choose(
                flags.sealing_key_file.clone(),
                (variables.sealing_key, variables.sealing_key_file),
                file.sealing_key_file,
            )?,
            identity_provider: Endpoint {
                listen: listen::address(idp_listen, DEFAULT_IDENTITY_PROVIDER_LISTEN)?,
                public_url: listen::public_url(public_url)?,
            },
            trusted_proxies: listen::networks(proxies)?,
            local_aws: Endpoint {
                listen: listen::address(aws_listen, DEFAULT_LOCAL_AWS_LISTEN)?,
                public_url: listen::public_url(aws_public_url)?,
            },
            region: listen::region(
                flags
                    .region
                    .clone()
                    .or(variables.region)
                    .or(file.local_aws.region)
                    .unwrap_or_else(|| DEFAULT_REGION.to_owned()),
            )?,
        })
    }
}

/// The strongest of the sources, and where it was given.
fn first(
    flag: Option<&str>,
    name: &str,
    variable: Option<String>,
    key: &str,
    value: Option<String>,
) -> Option<(String, String)> {
    flag.map(|text| (name.to_owned(), text.to_owned()))
        .or(variable.map(|text| (format!("environment, for {key}"), text)))
        .or(value.map(|text| (format!("settings file, {key}"), text)))
}

/// The runtime folder of this person's session, where a running local AWS leaves the note that
/// `jetwayd local-aws env` reads: `$XDG_RUNTIME_DIR`, else `$XDG_STATE_HOME`, else
/// `~/.local/state`, each with `/jetway` added.
pub fn runtime_dir(environment: &dyn Environment) -> Option<PathBuf> {
    let absolute = |name: &str| {
        environment
            .get(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute("XDG_RUNTIME_DIR")
        .or_else(|| absolute("XDG_STATE_HOME"))
        .or_else(|| absolute("HOME").map(|home| home.join(Path::new(".local/state"))))
        .map(|folder| folder.join("jetway"))
}

#[cfg(test)]
mod tests;
