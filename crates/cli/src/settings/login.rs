//! What `jetway login` and `jetway exec` need to know.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};

use super::account::{AccountFiles, account_name, default_profile, given};
use super::configure::prompts;
use super::environment::{self as env, Environment};
use super::{SettingsError, StoredAccount, network, pick};
use crate::args::{AccountArgs, BrowserArgs, SESSION_SECONDS, TargetArgs};
use crate::aws::config_file::AwsConfig;
use crate::aws::{EndpointSources, SessionPolicy, StsEndpoint};
use crate::desktop::Opener;
use crate::files::read_if_exists;
use crate::http::HttpSettings;
use crate::identity_provider::{Factor, IdpAddress, Provider};
use crate::prompt::Prompts;

const DEFAULT_SECONDS: u32 = 3600;

/// Where credentials are stored.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) profile: String,
    pub(crate) credentials_file: PathBuf,
    /// Whether AWS tools read this file by themselves.
    pub(crate) is_tools_file: bool,
    /// Long-lived keys may be overwritten.
    pub(crate) replace_keys: bool,
    /// A region that was given for the account, which is stored with the credentials.
    pub(crate) region: Option<String>,
}

/// What a command adds to the account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LoginOptions<'a> {
    pub(crate) target: &'a TargetArgs,
    pub(crate) replace_keys: bool,
    /// Nobody sees a prompt: an SDK waits for the answer.
    pub(crate) credential_process: bool,
    pub(crate) browser: &'a BrowserArgs,
}

#[derive(Debug)]
pub(crate) struct LoginSettings {
    pub(crate) name: String,
    pub(crate) provider: Provider,
    pub(crate) address: IdpAddress,
    pub(crate) username: Option<String>,
    pub(crate) password: Option<SecretString>,
    pub(crate) mfa_token: Option<SecretString>,
    pub(crate) factor: Factor,
    /// Sign in through the browser, opened like this.
    pub(crate) browser: Option<Opener>,
    pub(crate) role: Option<String>,
    /// The role was given for this run, not in the configuration.
    pub(crate) role_is_explicit: bool,
    pub(crate) seconds: u32,
    pub(crate) target: Target,
    pub(crate) state_folder: PathBuf,
    pub(crate) prompts: Prompts,
    /// For the user name and the password.
    pub(crate) credential_prompts: Prompts,
    pub(crate) skip_verify: bool,
    pub(crate) idp_http: HttpSettings,
    pub(crate) sts_http: HttpSettings,
    aws: AwsSettings,
    policy_file: Option<PathBuf>,
    policy_arns: Vec<String>,
}

/// What AWS tools would know.
#[derive(Debug)]
struct AwsSettings {
    config: AwsConfig,
    /// From `AWS_REGION` or `AWS_DEFAULT_REGION`.
    region_variable: Option<String>,
    service_endpoint: Option<String>,
    endpoint: Option<String>,
    ignore_configured: Option<String>,
}

impl LoginSettings {
    pub(crate) fn resolve(
        args: &AccountArgs,
        options: LoginOptions<'_>,
        environment: &Environment,
    ) -> Result<Self, SettingsError> {
        let name = account_name(args, environment);
        let given = given(args, options.target, environment)?;
        let role_is_explicit = given.role.is_some();
        let (account, profile) = merge(args, environment, &name, given)?;
        let provider = account.provider()?;
        let target = target(&account, profile, options.replace_keys, environment)?;
        let aws = AwsSettings::read(environment, &target.credentials_file)?;
        let prompts = prompts(args, environment)?;
        let skip_prompt =
            args.skip_prompt || environment.shared_flag(env::SKIP_PROMPT)? == Some(true);
        let skip_verify = account.skip_verify.unwrap_or(false);
        Ok(Self {
            address: address(&name, &account, provider)?,
            factor: factor(&account, provider)?,
            browser: options
                .browser
                .browser
                .then(|| opener(options.browser, environment)),
            seconds: seconds(&account)?,
            state_folder: environment
                .xdg("XDG_STATE_HOME", ".local/state")?
                .join("jetway"),
            idp_http: network::identity_provider(args, environment, skip_verify)?,
            sts_http: network::aws(args, environment, &aws.config, &target.profile)?,
            credential_prompts: match prompts {
                Prompts::Allowed if options.credential_process => {
                    Prompts::Off("--credential-process")
                }
                Prompts::Allowed if skip_prompt => Prompts::Off("--skip-prompt"),
                other => other,
            },
            password: pick([
                said(args.password.as_ref()),
                environment.shared_secret(env::PASSWORD),
            ]),
            mfa_token: pick([
                said(args.mfa_token.as_ref()),
                environment.shared_secret(env::MFA_TOKEN),
            ]),
            policy_file: match &account.policy_file {
                Some(path) => Some(environment.expand(path)?),
                None => None,
            },
            policy_arns: arns(account.policy_arns.as_deref().unwrap_or_default()),
            username: account.username,
            role: account.role,
            role_is_explicit,
            skip_verify,
            name,
            provider,
            target,
            prompts,
            aws,
        })
    }

    /// Where STS is; the role's partition decides when no region does.
    pub(crate) fn sts_endpoint(&self, role_arn: &str) -> Result<StsEndpoint, SettingsError> {
        let region = pick([
            self.target.region.clone(),
            self.aws.region_variable.clone(),
            self.profile_setting("region"),
        ]);
        let sources = EndpointSources {
            config: &self.aws.config,
            profile: &self.target.profile,
            region: region.as_deref(),
            service_variable: self.aws.service_endpoint.clone(),
            variable: self.aws.endpoint.clone(),
            ignore_configured: self.aws.ignore_configured.clone(),
        };
        Ok(sources.resolve(role_arn.split(':').nth(1))?)
    }

    /// The region to give to a command: the one of the account or of the profile. `None` if the
    /// environment that it inherits has one, or if there is none.
    pub(crate) fn child_region(&self) -> Option<String> {
        if self.target.region.is_some() {
            return self.target.region.clone();
        }
        if self.aws.region_variable.is_some() {
            return None;
        }
        self.profile_setting("region")
    }

    /// The session policy; its file is read only when it is needed.
    pub(crate) fn policy(&self) -> Result<SessionPolicy, SettingsError> {
        let document = match &self.policy_file {
            None => None,
            Some(path) => {
                let content = read_if_exists(path)?;
                let content = content.ok_or_else(|| SettingsError::NoSuchFile(path.clone()))?;
                let text = String::from_utf8(content);
                Some(text.map_err(|_| SettingsError::PolicyNotText(path.clone()))?)
            }
        };
        Ok(SessionPolicy {
            document,
            arns: self.policy_arns.clone(),
        })
    }

    /// A setting of the profile that AWS tools prefer to stored keys, and its file.
    pub(crate) fn shadowed_by(&self) -> Option<(&'static str, PathBuf)> {
        const STRONGER: [&str; 4] = [
            "role_arn",
            "web_identity_token_file",
            "sso_session",
            "sso_start_url",
        ];
        STRONGER.into_iter().find_map(|key| {
            let found = self.aws.config.profile(&self.target.profile, key)?;
            Some((key, found.file))
        })
    }

    fn profile_setting(&self, key: &str) -> Option<String> {
        let found = self.aws.config.profile(&self.target.profile, key)?;
        Some(found.value)
    }
}

/// The whole account, and the profile that it writes.
fn merge(
    args: &AccountArgs,
    environment: &Environment,
    name: &str,
    given: StoredAccount,
) -> Result<(StoredAccount, String), SettingsError> {
    let files = AccountFiles::find(args, environment)?;
    let (stored, file) = match files.lookup(name)? {
        Some((stored, file)) => (stored, Some(file)),
        // An account can be given by flags and environment alone.
        None if given.url.is_some() => (StoredAccount::default(), None),
        None => return Err(files.no_such_account(name)),
    };
    let account = given.or(stored);
    let profile = account
        .profile
        .clone()
        .unwrap_or_else(|| default_profile(name, file));
    Ok((account, profile))
}

fn target(
    account: &StoredAccount,
    profile: String,
    replace_keys: bool,
    environment: &Environment,
) -> Result<Target, SettingsError> {
    let tools_file = match environment.get("AWS_SHARED_CREDENTIALS_FILE") {
        Some(path) => environment.expand(&path)?,
        None => environment.home()?.join(".aws").join("credentials"),
    };
    let credentials_file = match &account.credentials_file {
        Some(path) => environment.expand(path)?,
        None => tools_file.clone(),
    };
    Ok(Target {
        profile,
        is_tools_file: is_same_file(&credentials_file, &tools_file),
        credentials_file,
        replace_keys,
        region: account.region.clone(),
    })
}

/// Whether two paths lead to one file, which need not exist.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| {
        path.canonicalize()
            .or_else(|_| std::path::absolute(path))
            .unwrap_or_else(|_| path.to_owned())
    };
    place(one) == place(other)
}

fn address(
    name: &str,
    account: &StoredAccount,
    provider: Provider,
) -> Result<IdpAddress, SettingsError> {
    let url = account
        .url
        .as_deref()
        .ok_or_else(|| SettingsError::NoUrl(name.to_owned()))?;
    IdpAddress::parse(url).map_err(|source| SettingsError::Address { provider, source })
}

fn factor(account: &StoredAccount, provider: Provider) -> Result<Factor, SettingsError> {
    let Some(name) = &account.mfa else {
        return Ok(Factor::Auto);
    };
    Factor::parse(name).ok_or_else(|| SettingsError::Mfa {
        name: name.clone(),
        provider,
    })
}

fn seconds(account: &StoredAccount) -> Result<u32, SettingsError> {
    match account.session_duration {
        None => Ok(DEFAULT_SECONDS),
        Some(seconds) if SESSION_SECONDS.contains(&seconds) => Ok(seconds),
        Some(seconds) => Err(SettingsError::SessionDuration(seconds)),
    }
}

/// The program for addresses. None over SSH, where it would open at nobody's desk, and none without
/// a desktop.
fn opener(args: &BrowserArgs, environment: &Environment) -> Opener {
    let is_set = |name: &&str| environment.get(name).is_some();
    if args.no_open || ["SSH_CONNECTION", "SSH_TTY"].iter().any(is_set) {
        return Opener::Nobody;
    }
    if let Some(programs) = environment.get("BROWSER") {
        // Several may stand there, the best one first.
        let first = programs.split(':').next().unwrap_or_default();
        return Opener::Program(first.to_owned());
    }
    if cfg!(target_os = "macos") {
        return Opener::Program("open".to_owned());
    }
    if ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(is_set) {
        return Opener::Program("xdg-open".to_owned());
    }
    Opener::Nobody
}

/// An empty secret says nothing.
fn said(secret: Option<&SecretString>) -> Option<SecretString> {
    secret
        .filter(|secret| !secret.expose_secret().is_empty())
        .cloned()
}

fn arns(list: &str) -> Vec<String> {
    list.split(',')
        .map(str::trim)
        .filter(|arn| !arn.is_empty())
        .map(str::to_owned)
        .collect()
}

impl AwsSettings {
    fn read(environment: &Environment, credentials: &Path) -> Result<Self, SettingsError> {
        let path = match environment.get("AWS_CONFIG_FILE") {
            Some(path) => environment.expand(&path)?,
            None => environment.home()?.join(".aws").join("config"),
        };
        Ok(Self {
            config: AwsConfig::read(&path, credentials)?,
            region_variable: pick([
                environment.get("AWS_REGION"),
                environment.get("AWS_DEFAULT_REGION"),
            ]),
            service_endpoint: environment.get("AWS_ENDPOINT_URL_STS"),
            endpoint: environment.get("AWS_ENDPOINT_URL"),
            ignore_configured: environment.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"),
        })
    }
}
