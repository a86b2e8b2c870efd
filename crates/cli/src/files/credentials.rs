//! The profiles of `~/.aws/credentials`, in the form in which saml2aws writes them.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zeroize::Zeroizing;

use super::ini::Ini;
use super::replace::{self, Replaced};
use super::{FileError, lock, read_if_exists};
use crate::clock;

const ACCESS_KEY_ID: &str = "aws_access_key_id";
const SECRET_ACCESS_KEY: &str = "aws_secret_access_key";
const SESSION_TOKEN: &str = "aws_session_token";
/// The same as the session token, for tools from before 2014.
const SECURITY_TOKEN: &str = "aws_security_token";
const PRINCIPAL_ARN: &str = "x_principal_arn";
const EXPIRES: &str = "x_security_token_expires";
const REGION: &str = "region";

/// Temporary credentials, and whose they are.
#[derive(Clone, Debug)]
pub(crate) struct TemporaryCredentials {
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: SecretString,
    pub(crate) session_token: SecretString,
    pub(crate) expires: OffsetDateTime,
    /// `arn:aws:sts::…:assumed-role/…`
    pub(crate) principal_arn: String,
}

/// A credentials file.
#[derive(Clone, Debug)]
pub(crate) struct CredentialsFile {
    path: PathBuf,
}

/// What a credentials file says about one profile.
#[derive(Debug)]
pub(crate) struct StoredProfile {
    ini: Ini,
    name: String,
}

impl CredentialsFile {
    pub(crate) fn new(path: &Path) -> Self {
        Self {
            path: path.to_owned(),
        }
    }

    /// Reads what is stored of `profile`; a missing file is an empty one.
    pub(crate) fn read(&self, profile: &str) -> Result<StoredProfile, FileError> {
        check_profile_name(profile)?;
        let content = Zeroizing::new(read_if_exists(&self.path)?.unwrap_or_default());
        Ok(StoredProfile {
            ini: Ini::parse(&content),
            name: profile.to_owned(),
        })
    }

    /// Fails if [`Self::store`] would: before anybody types a password for nothing.
    pub(crate) fn check(&self, profile: &str, replace_keys: bool) -> Result<(), FileError> {
        replace::check_writable(&replace::resolve(&self.path)?)?;
        self.guard_long_lived_keys(&self.read(profile)?, replace_keys)
    }

    /// Writes the profile under the file's lock and leaves every other byte as it is.
    pub(crate) fn store(
        &self,
        profile: &str,
        credentials: &TemporaryCredentials,
        region: Option<&str>,
        replace_keys: bool,
        on_wait: impl FnOnce(),
    ) -> Result<Replaced, FileError> {
        let target = replace::resolve(&self.path)?;
        replace::check_writable(&target)?;
        replace::ensure_folder(&target)?;
        let _lock = lock::acquire(&target, on_wait)?;
        let mut stored = self.read(profile)?;
        self.guard_long_lived_keys(&stored, replace_keys)?;
        let expires = clock::rfc3339_local(credentials.expires);
        let token = credentials.session_token.expose_secret();
        let mut pairs = vec![
            (ACCESS_KEY_ID, credentials.access_key_id.as_str()),
            (
                SECRET_ACCESS_KEY,
                credentials.secret_access_key.expose_secret(),
            ),
            (SESSION_TOKEN, token),
            (SECURITY_TOKEN, token),
            (PRINCIPAL_ARN, credentials.principal_arn.as_str()),
            (EXPIRES, expires.as_str()),
        ];
        pairs.extend(region.map(|region| (REGION, region)));
        stored.ini.set(profile, &pairs);
        replace::replace(&target, &Zeroizing::new(stored.ini.to_bytes()))
    }

    fn guard_long_lived_keys(
        &self,
        stored: &StoredProfile,
        replace_keys: bool,
    ) -> Result<(), FileError> {
        if stored.has_long_lived_keys() && !replace_keys {
            return Err(FileError::LongLivedKeys {
                profile: stored.name.clone(),
                path: self.path.clone(),
            });
        }
        Ok(())
    }
}

impl StoredProfile {
    /// The stored temporary credentials, if they are complete.
    pub(crate) fn credentials(&self) -> Option<TemporaryCredentials> {
        Some(TemporaryCredentials {
            access_key_id: self.value(ACCESS_KEY_ID)?,
            secret_access_key: self.value(SECRET_ACCESS_KEY)?.into(),
            session_token: self.value(SESSION_TOKEN)?.into(),
            expires: OffsetDateTime::parse(&self.value(EXPIRES)?, &Rfc3339).ok()?,
            principal_arn: self.value(PRINCIPAL_ARN).unwrap_or_default(),
        })
    }

    /// Whether the section appears more than once. We edit the first; the AWS CLI refuses the
    /// whole file.
    pub(crate) fn is_repeated(&self) -> bool {
        self.ini
            .sections()
            .filter(|name| *name == self.name)
            .count()
            > 1
    }

    /// Keys that nobody gave an end: an IAM user's, or ones put there by hand.
    fn has_long_lived_keys(&self) -> bool {
        let key = self.value(ACCESS_KEY_ID);
        let has_keys = key.is_some() || self.value(SECRET_ACCESS_KEY).is_some();
        let belongs_to_a_user = key.is_some_and(|key| key.starts_with("AKIA"));
        has_keys && (self.value(EXPIRES).is_none() || belongs_to_a_user)
    }

    fn value(&self, key: &str) -> Option<String> {
        self.ini
            .get(&self.name, key)
            .filter(|value| !value.is_empty())
    }
}

fn check_profile_name(name: &str) -> Result<(), FileError> {
    let bad = |c: char| c.is_control() || matches!(c, '[' | ']');
    if name.is_empty() || name.trim() != name || name.chars().any(bad) {
        return Err(FileError::ProfileName(name.to_owned()));
    }
    Ok(())
}
