//! `~/.aws/config`, as far as it says how to reach STS and which region is meant. A profile of
//! `~/.aws/credentials` may say the same things, and then goes first, as in botocore.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::files::ini::Ini;
use crate::files::{FileError, read_if_exists};

/// The settings of both files; an absent file has none.
#[derive(Debug, Default)]
pub(crate) struct AwsConfig {
    config: File,
    credentials: File,
}

#[derive(Debug, Default)]
struct File {
    ini: Ini,
    path: PathBuf,
}

impl File {
    fn read(path: &Path) -> Result<Self, FileError> {
        let content = Zeroizing::new(read_if_exists(path)?.unwrap_or_default());
        Ok(Self {
            ini: Ini::parse(&content),
            path: path.to_owned(),
        })
    }

    fn value(&self, section: &str, key: &str) -> Option<Setting> {
        let value = self.ini.get(section, key)?;
        (!value.is_empty()).then(|| Setting {
            value,
            file: self.path.clone(),
        })
    }
}

/// A value and the file that says so.
#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) value: String,
    pub(crate) file: PathBuf,
}

impl AwsConfig {
    pub(crate) fn read(config: &Path, credentials: &Path) -> Result<Self, FileError> {
        Ok(Self {
            config: File::read(config)?,
            credentials: File::read(credentials)?,
        })
    }

    #[cfg(test)]
    pub(crate) fn parse(config: &str, credentials: &str) -> Self {
        let file = |content: &str, name: &str| File {
            ini: Ini::parse(content.as_bytes()),
            path: PathBuf::from(name),
        };
        Self {
            config: file(config, "config"),
            credentials: file(credentials, "credentials"),
        }
    }

    /// `~/.aws/config` or what stands for it.
    pub(crate) fn path(&self) -> &Path {
        &self.config.path
    }

    /// A setting of a profile: `[<name>]` of the credentials, `[profile <name>]` (or `[default]`)
    /// of the configuration.
    pub(crate) fn profile(&self, name: &str, key: &str) -> Option<Setting> {
        self.credentials.value(name, key).or_else(|| {
            let section = self
                .section("profile", name)
                .or_else(|| default_section(name))?;
            self.config.value(section, key)
        })
    }

    /// Whether there is a section `[services <name>]`.
    pub(crate) fn has_services(&self, name: &str) -> bool {
        self.section("services", name).is_some()
    }

    /// A setting nested below `<service> =` in `[services <name>]`.
    pub(crate) fn service(&self, services: &str, service: &str, key: &str) -> Option<String> {
        let section = self.section("services", services)?;
        let nested = self.config.ini.get(section, service)?;
        nested.lines().find_map(|line| {
            let (name, value) = line.split_once('=')?;
            let value = value.trim();
            (name.trim().eq_ignore_ascii_case(key) && !value.is_empty()).then(|| value.to_owned())
        })
    }

    /// The section `[<kind> <name>]`, with any spacing and quoting of the name.
    fn section(&self, kind: &str, name: &str) -> Option<&str> {
        self.config.ini.sections().find(|section| {
            let Some(rest) = section.strip_prefix(kind) else {
                return false;
            };
            rest.starts_with(char::is_whitespace) && unquote(rest.trim()) == name
        })
    }
}

fn default_section(name: &str) -> Option<&str> {
    (name == "default").then_some("default")
}

fn unquote(name: &str) -> &str {
    ['"', '\'']
        .into_iter()
        .find_map(|quote| name.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_and_services_are_found_in_the_spellings_aws_tools_accept() {
        let config = AwsConfig::parse(
            "[default]\nregion = us-east-1\n[profile production]\nregion=us-east-2\nservices = \
             local\n[profile  \"two words\"]\nregion = eu-west-1\n[services local]\nsts =\n  \
             endpoint_url = http://localhost:4566\ns3 =\n  endpoint_url = http://localhost:1\n",
            "",
        );
        let region = |profile: &str| config.profile(profile, "region").map(|found| found.value);
        assert_eq!(region("default").as_deref(), Some("us-east-1"));
        assert_eq!(region("production").as_deref(), Some("us-east-2"));
        assert_eq!(region("two words").as_deref(), Some("eu-west-1"));
        assert_eq!(region("local"), None);
        assert_eq!(
            config.service("local", "sts", "endpoint_url").as_deref(),
            Some("http://localhost:4566")
        );
        assert_eq!(config.service("other", "sts", "endpoint_url"), None);
    }

    #[test]
    fn what_the_credentials_file_says_of_a_profile_goes_first() {
        let config = AwsConfig::parse(
            "[profile a]\nregion = us-east-1\noutput = json\n",
            "[a]\nregion = eu-west-1\n[profile a]\noutput = none\n",
        );
        let region = config.profile("a", "region").unwrap();
        assert_eq!(
            (region.value.as_str(), region.file.to_str()),
            ("eu-west-1", Some("credentials"))
        );
        assert_eq!(config.profile("a", "output").unwrap().value, "json");
    }
}
