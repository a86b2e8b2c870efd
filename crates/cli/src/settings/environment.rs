//! The environment variables that mean something, all of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::SettingsError;

/// The environment as it was when the program began. Empty variables count as absent.
pub(crate) struct Environment {
    variables: HashMap<String, String>,
}

/// A setting that saml2aws has too: Jetway's own name goes before saml2aws's.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shared {
    ours: &'static str,
    theirs: Option<&'static str>,
}

const fn shared(ours: &'static str, theirs: &'static str) -> Shared {
    Shared {
        ours,
        theirs: Some(theirs),
    }
}

const fn own(ours: &'static str) -> Shared {
    Shared { ours, theirs: None }
}

pub(crate) const ACCOUNT: Shared = shared("JETWAY_ACCOUNT", "SAML2AWS_IDP_ACCOUNT");
pub(crate) const PROVIDER: Shared = shared("JETWAY_PROVIDER", "SAML2AWS_IDP_PROVIDER");
pub(crate) const MFA: Shared = shared("JETWAY_MFA", "SAML2AWS_MFA");
pub(crate) const URL: Shared = shared("JETWAY_URL", "SAML2AWS_URL");
pub(crate) const USERNAME: Shared = shared("JETWAY_USERNAME", "SAML2AWS_USERNAME");
pub(crate) const PASSWORD: Shared = shared("JETWAY_PASSWORD", "SAML2AWS_PASSWORD");
pub(crate) const MFA_TOKEN: Shared = shared("JETWAY_MFA_TOKEN", "SAML2AWS_MFA_TOKEN");
pub(crate) const ROLE: Shared = shared("JETWAY_ROLE", "SAML2AWS_ROLE");
pub(crate) const PROFILE: Shared = shared("JETWAY_PROFILE", "SAML2AWS_PROFILE");
pub(crate) const REGION: Shared = shared("JETWAY_REGION", "SAML2AWS_REGION");
pub(crate) const SKIP_VERIFY: Shared = shared("JETWAY_SKIP_VERIFY", "SAML2AWS_SKIP_VERIFY");
pub(crate) const POLICY_FILE: Shared = shared("JETWAY_POLICY_FILE", "SAML2AWS_POLICY_FILE");
pub(crate) const POLICY_ARNS: Shared = shared("JETWAY_POLICY_ARNS", "SAML2AWS_POLICY_ARNS");
pub(crate) const SESSION_DURATION: Shared =
    shared("JETWAY_SESSION_DURATION", "SAML2AWS_SESSION_DURATION");
pub(crate) const CREDENTIALS_FILE: Shared =
    shared("JETWAY_CREDENTIALS_FILE", "SAML2AWS_CREDENTIALS_FILE");
pub(crate) const SKIP_PROMPT: Shared = own("JETWAY_SKIP_PROMPT");
pub(crate) const NO_INPUT: Shared = own("JETWAY_NO_INPUT");
pub(crate) const TIMEOUT: Shared = own("JETWAY_TIMEOUT");

/// Secrets that a command run by `exec` has no use for.
pub(crate) const SECRETS: [&str; 4] = [
    "JETWAY_PASSWORD",
    "SAML2AWS_PASSWORD",
    "JETWAY_MFA_TOKEN",
    "SAML2AWS_MFA_TOKEN",
];

impl Environment {
    /// The environment of this process. A variable that means something here must be UTF-8: with
    /// one passed over, secrets would go into another file than the one it names.
    pub(crate) fn of_process() -> Result<Self, SettingsError> {
        let mut variables = HashMap::new();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else {
                continue;
            };
            match value.into_string() {
                Ok(value) if !value.is_empty() => drop(variables.insert(name, value)),
                Err(_) if may_mean_something(&name) => {
                    return Err(SettingsError::VariableNotText(name));
                }
                _ => {}
            }
        }
        Ok(Self { variables })
    }

    #[cfg(test)]
    pub(crate) fn of(variables: &[(&str, &str)]) -> Self {
        let owned = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            variables: owned.collect(),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.variables.get(name).cloned()
    }

    pub(crate) fn shared(&self, variable: Shared) -> Option<String> {
        self.get(variable.ours)
            .or_else(|| self.get(variable.theirs?))
    }

    pub(crate) fn shared_secret(&self, variable: Shared) -> Option<SecretString> {
        self.shared(variable).map(SecretString::from)
    }

    pub(crate) fn shared_flag(&self, variable: Shared) -> Result<Option<bool>, SettingsError> {
        match self.shared(variable) {
            Some(value) => parse_bool(&value)
                .map(Some)
                .ok_or_else(|| self.bad(variable, &value, "true or false")),
            None => Ok(None),
        }
    }

    pub(crate) fn shared_number(&self, variable: Shared) -> Result<Option<u32>, SettingsError> {
        match self.shared(variable) {
            Some(value) => value
                .parse()
                .map(Some)
                .map_err(|_| self.bad(variable, &value, "a whole number of seconds")),
            None => Ok(None),
        }
    }

    /// The name under which a setting was found, for error messages.
    fn bad(&self, variable: Shared, value: &str, expected: &'static str) -> SettingsError {
        let found = self.variables.contains_key(variable.ours);
        let name = if found {
            variable.ours
        } else {
            variable.theirs.unwrap_or(variable.ours)
        };
        SettingsError::BadVariable {
            name,
            value: value.to_owned(),
            expected,
        }
    }

    pub(crate) fn home(&self) -> Result<PathBuf, SettingsError> {
        self.get("HOME")
            .map(PathBuf::from)
            .ok_or(SettingsError::NoHome)
    }

    /// An XDG folder; relative ones are to be ignored (XDG Base Directory Specification).
    pub(crate) fn xdg(&self, name: &str, below_home: &str) -> Result<PathBuf, SettingsError> {
        match self.get(name).map(PathBuf::from) {
            Some(folder) if folder.is_absolute() => Ok(folder),
            _ => Ok(self.home()?.join(below_home)),
        }
    }

    /// A path from a file or a variable, where no shell has replaced the `~`.
    pub(crate) fn expand(&self, path: &str) -> Result<PathBuf, SettingsError> {
        match path.strip_prefix("~/") {
            Some(rest) => Ok(self.home()?.join(rest)),
            None => Ok(Path::new(path).to_owned()),
        }
    }
}

fn may_mean_something(name: &str) -> bool {
    const PREFIXES: [&str; 5] = ["JETWAY_", "SAML2AWS_", "AWS_", "XDG_", "SSL_CERT_"];
    name == "HOME" || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

pub(super) fn parse_bool(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_name_of_a_variable_goes_before_that_of_saml2aws() {
        let environment = Environment::of(&[("SAML2AWS_ROLE", "theirs"), ("SAML2AWS_URL", "url")]);
        assert_eq!(environment.shared(ROLE).as_deref(), Some("theirs"));
        let environment = Environment::of(&[("SAML2AWS_ROLE", "theirs"), ("JETWAY_ROLE", "ours")]);
        assert_eq!(environment.shared(ROLE).as_deref(), Some("ours"));
    }

    #[test]
    fn a_flag_that_is_neither_true_nor_false_is_refused_by_name() {
        let environment = Environment::of(&[("SAML2AWS_SKIP_VERIFY", "maybe")]);
        let error = environment
            .shared_flag(SKIP_VERIFY)
            .unwrap_err()
            .to_string();
        assert!(error.contains("SAML2AWS_SKIP_VERIFY"), "{error}");
    }

    #[test]
    fn relative_xdg_folders_are_ignored() {
        let environment = Environment::of(&[("HOME", "/h"), ("XDG_CONFIG_HOME", "x")]);
        let folder = environment.xdg("XDG_CONFIG_HOME", ".config").unwrap();
        assert_eq!(folder, Path::new("/h/.config"));
    }
}
