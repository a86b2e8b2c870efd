//! Accounts: what one holds, and in which file it is looked up.

use std::path::{Path, PathBuf};

use super::environment::{self as env, Environment};
use super::{SettingsError, own_file, pick, saml2aws_file};
use crate::args::{AccountArgs, TargetArgs};
use crate::files::read_if_exists;
use crate::identity_provider::Provider;

/// What an account holds, as far as it says something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct StoredAccount {
    pub(crate) url: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) mfa: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) role: Option<String>,
    pub(crate) region: Option<String>,
    /// Seconds.
    pub(crate) session_duration: Option<u32>,
    pub(crate) credentials_file: Option<String>,
    pub(crate) policy_file: Option<String>,
    /// Separated by commas.
    pub(crate) policy_arns: Option<String>,
    pub(crate) skip_verify: Option<bool>,
}

/// A file that holds accounts, in one of two forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AccountFile {
    /// `~/.config/jetway/config.toml`
    Own(PathBuf),
    /// `~/.saml2aws`
    Saml2aws(PathBuf),
}

impl AccountFile {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Own(path) | Self::Saml2aws(path) => path,
        }
    }

    /// `None` if the file or the account is not there. The whole file is checked.
    fn account(&self, name: &str) -> Result<Option<StoredAccount>, SettingsError> {
        let Some(content) = read_if_exists(self.path())? else {
            return Ok(None);
        };
        match self {
            Self::Own(path) => Ok(own_file::read(path, &content)?.remove(name)),
            Self::Saml2aws(path) => saml2aws_file::read(path, &content, name),
        }
    }

    fn names(&self) -> Result<Vec<String>, SettingsError> {
        let Some(content) = read_if_exists(self.path())? else {
            return Ok(Vec::new());
        };
        match self {
            Self::Own(path) => Ok(own_file::read(path, &content)?.into_keys().collect()),
            Self::Saml2aws(_) => Ok(saml2aws_file::names(&content)),
        }
    }

    /// Writes what `account` says into the file and leaves the rest of it alone.
    pub(crate) fn write(&self, name: &str, account: &StoredAccount) -> Result<(), SettingsError> {
        match self {
            Self::Own(path) => own_file::write(path, name, account),
            Self::Saml2aws(path) => saml2aws_file::write(path, name, account),
        }
    }
}

/// The files to look in, the first one first.
#[derive(Debug)]
pub(super) struct AccountFiles {
    pub(super) files: Vec<AccountFile>,
    /// The person named the file, so it has to exist when it is read.
    named: bool,
}

impl AccountFiles {
    pub(super) fn find(args: &AccountArgs, env: &Environment) -> Result<Self, SettingsError> {
        if let Some(path) = &args.config {
            // A shell leaves the `~` of `--config=~/file` as it is.
            let path = match path.to_str() {
                Some(path) => env.expand(path)?,
                None => path.clone(),
            };
            let is_own = path
                .extension()
                .is_some_and(|extension| extension == "toml");
            let file = if is_own {
                AccountFile::Own
            } else {
                AccountFile::Saml2aws
            };
            return Ok(Self {
                files: vec![file(path)],
                named: true,
            });
        }
        let own = match env.get("JETWAY_CONFIG_FILE") {
            Some(path) => env.expand(&path)?,
            None => env
                .xdg("XDG_CONFIG_HOME", ".config")?
                .join("jetway")
                .join("config.toml"),
        };
        let saml2aws = match env.get("SAML2AWS_CONFIGFILE") {
            Some(path) => env.expand(&path)?,
            None => env.home()?.join(".saml2aws"),
        };
        let files = vec![AccountFile::Own(own), AccountFile::Saml2aws(saml2aws)];
        Ok(Self {
            files,
            named: false,
        })
    }

    /// The account, and the file that it is in.
    pub(super) fn lookup(
        &self,
        name: &str,
    ) -> Result<Option<(StoredAccount, &AccountFile)>, SettingsError> {
        for file in &self.files {
            if let Some(account) = file.account(name)? {
                return Ok(Some((account, file)));
            }
        }
        Ok(None)
    }

    /// The error for an account that is nowhere.
    pub(super) fn no_such_account(&self, name: &str) -> SettingsError {
        let looked_in: Vec<PathBuf> = self
            .files
            .iter()
            .map(|file| file.path().to_owned())
            .collect();
        if self.named && looked_in.iter().all(|path| !path.exists()) {
            return SettingsError::NoSuchFile(looked_in.into_iter().next().unwrap_or_default());
        }
        let names = self.files.iter().filter_map(|file| file.names().ok());
        let mut known: Vec<String> = names.flatten().collect();
        known.sort();
        known.dedup();
        SettingsError::NoSuchAccount {
            name: name.to_owned(),
            known,
            looked_in,
        }
    }
}

/// The name of the account that is meant.
pub(super) fn account_name(args: &AccountArgs, env: &Environment) -> String {
    pick([args.idp_account.clone(), env.shared(env::ACCOUNT)])
        .unwrap_or_else(|| "default".to_owned())
}

/// What flags and environment say about the account.
pub(super) fn given(
    args: &AccountArgs,
    target: &TargetArgs,
    env: &Environment,
) -> Result<StoredAccount, SettingsError> {
    // A script's empty variable says nothing.
    let said = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let path = |path: &Option<PathBuf>| match path.as_deref().map(Path::to_str) {
        None | Some(Some("")) => Ok(None),
        Some(Some(path)) => Ok(Some(path.to_owned())),
        Some(None) => Err(SettingsError::PathNotText(path.clone().unwrap_or_default())),
    };
    let duration = pick([
        args.session_duration,
        env.shared_number(env::SESSION_DURATION)?,
    ]);
    Ok(StoredAccount {
        url: pick([said(&args.url), env.shared(env::URL)]),
        username: pick([said(&args.username), env.shared(env::USERNAME)]),
        provider: pick([said(&args.idp_provider), env.shared(env::PROVIDER)]),
        mfa: pick([said(&args.mfa), env.shared(env::MFA)]),
        profile: pick([said(&target.profile), env.shared(env::PROFILE)]),
        role: pick([said(&args.role), env.shared(env::ROLE)]),
        region: pick([said(&args.region), env.shared(env::REGION)]),
        session_duration: duration.filter(|seconds| *seconds != 0),
        credentials_file: pick([
            path(&target.credentials_file)?,
            env.shared(env::CREDENTIALS_FILE),
        ]),
        policy_file: pick([path(&args.policyfile)?, env.shared(env::POLICY_FILE)]),
        policy_arns: pick([said(&args.policyarns), env.shared(env::POLICY_ARNS)]),
        skip_verify: pick([
            args.skip_verify.then_some(true),
            env.shared_flag(env::SKIP_VERIFY)?,
        ]),
    })
}

impl StoredAccount {
    /// What this says, and where it is silent what `below` says.
    pub(crate) fn or(self, below: Self) -> Self {
        Self {
            url: self.url.or(below.url),
            username: self.username.or(below.username),
            provider: self.provider.or(below.provider),
            mfa: self.mfa.or(below.mfa),
            profile: self.profile.or(below.profile),
            role: self.role.or(below.role),
            region: self.region.or(below.region),
            session_duration: self.session_duration.or(below.session_duration),
            credentials_file: self.credentials_file.or(below.credentials_file),
            policy_file: self.policy_file.or(below.policy_file),
            policy_arns: self.policy_arns.or(below.policy_arns),
            skip_verify: self.skip_verify.or(below.skip_verify),
        }
    }

    /// The provider by name, or else by the host of the URL: both speak the same contract.
    pub(crate) fn provider(&self) -> Result<Provider, SettingsError> {
        if let Some(name) = &self.provider {
            return Ok(Provider::parse(name)?);
        }
        let url = self.url.as_deref().unwrap_or_default();
        Ok(if url.contains("jumpcloud.com") {
            Provider::JumpCloud
        } else {
            Provider::Jetway
        })
    }
}

/// The profile where none is named: the account's own name. The account called "default" gets
/// saml2aws's choice instead, as `[default]` is where people keep other keys.
pub(super) fn default_profile(account: &str, file: Option<&AccountFile>) -> String {
    const SAML2AWS_DEFAULT: &str = "saml";
    match file {
        Some(AccountFile::Own(_)) if account != "default" => account.to_owned(),
        _ => SAML2AWS_DEFAULT.to_owned(),
    }
}
