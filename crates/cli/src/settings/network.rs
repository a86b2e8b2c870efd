//! How to reach the identity provider and AWS.

use std::time::Duration;

use super::environment::{self as env, Environment};
use super::{SettingsError, pick};
use crate::args::AccountArgs;
use crate::aws::config_file::AwsConfig;
use crate::http::{self, CertificateFile, HttpSettings, ProxySettings, Trust};

const TIMEOUT_SECONDS: u32 = 60;

/// For the identity provider; only there may verification be switched off.
pub(super) fn identity_provider(
    args: &AccountArgs,
    env: &Environment,
    skip_verify: bool,
) -> Result<HttpSettings, SettingsError> {
    let trust = if skip_verify {
        Trust::Anybody
    } else {
        general_trust(env)?
    };
    settings(args, env, trust)
}

/// For AWS, which has settings of its own for the authorities.
pub(super) fn aws(
    args: &AccountArgs,
    env: &Environment,
    config: &AwsConfig,
    profile: &str,
) -> Result<HttpSettings, SettingsError> {
    let in_config = || {
        let found = config.profile(profile, "ca_bundle")?;
        let named_by = format!("ca_bundle of {}", found.file.display());
        Some((found.value, named_by))
    };
    let named = env
        .get("AWS_CA_BUNDLE")
        .map(|path| (path, "AWS_CA_BUNDLE".to_owned()));
    let trust = match named.or_else(in_config) {
        Some((path, named_by)) => Trust::File(CertificateFile {
            path: env.expand(&path)?,
            named_by,
        }),
        None => general_trust(env)?,
    };
    settings(args, env, trust)
}

fn settings(
    args: &AccountArgs,
    env: &Environment,
    trust: Trust,
) -> Result<HttpSettings, SettingsError> {
    let seconds = pick([
        args.timeout,
        env.shared_number(env::TIMEOUT)?.filter(|it| *it > 0),
    ]);
    let seconds = seconds.unwrap_or(TIMEOUT_SECONDS);
    Ok(HttpSettings {
        trust,
        proxy: proxy(env),
        timeout: Duration::from_secs(seconds.into()),
        most_body: http::PAGE,
    })
}

fn general_trust(env: &Environment) -> Result<Trust, SettingsError> {
    if let Some(path) = env.get("SSL_CERT_FILE") {
        let (path, named_by) = (env.expand(&path)?, "SSL_CERT_FILE".to_owned());
        return Ok(Trust::File(CertificateFile { path, named_by }));
    }
    Ok(match env.get("SSL_CERT_DIR") {
        Some(list) => Trust::Folders(std::env::split_paths(&list).collect()),
        None => Trust::System,
    })
}

fn proxy(env: &Environment) -> ProxySettings {
    const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    let https = VARIABLES
        .into_iter()
        .find_map(|name| Some((env.get(name)?, name)));
    ProxySettings {
        https,
        no_proxy: pick([env.get("NO_PROXY"), env.get("no_proxy")]),
    }
}
