//! `~/.saml2aws`: one section per account. Keys that are none of ours are left to saml2aws.

use std::path::Path;

use super::environment::parse_bool;
use super::{SettingsError, StoredAccount};
use crate::args::SESSION_SECONDS;
use crate::files::ini::Ini;
use crate::files::{lock, read_if_exists, replace};

/// The account, if the file has a section of that name.
pub(super) fn read(
    path: &Path,
    content: &[u8],
    name: &str,
) -> Result<Option<StoredAccount>, SettingsError> {
    let ini = Ini::parse(content);
    if !ini.sections().any(|section| section == name) {
        return Ok(None);
    }
    let get = |key: &str| {
        let value = plain(&ini.get(name, key)?);
        (!value.is_empty()).then_some(value)
    };
    let fault = |key: &str, expected: &str| SettingsError::InFile {
        path: path.to_owned(),
        line: ini.line_of(name, key).unwrap_or(1),
        fault: format!("{key} of [{name}] must be {expected}"),
    };
    let duration = match get("aws_session_duration").as_deref() {
        None | Some("0") => None,
        Some(text) => {
            let seconds = text
                .parse()
                .ok()
                .filter(|seconds| SESSION_SECONDS.contains(seconds));
            let expected = "a number of seconds from 900 to 43200";
            Some(seconds.ok_or_else(|| fault("aws_session_duration", expected))?)
        }
    };
    let skip_verify = match get("skip_verify") {
        None => None,
        Some(text) => Some(parse_bool(&text).ok_or_else(|| fault("skip_verify", "true or false"))?),
    };
    Ok(Some(StoredAccount {
        url: get("url"),
        username: get("username"),
        provider: get("provider"),
        mfa: get("mfa"),
        profile: get("aws_profile"),
        role: get("role_arn"),
        region: get("region"),
        session_duration: duration,
        credentials_file: get("credentials_file"),
        policy_file: get("policy_file"),
        policy_arns: get("policy_arn_list"),
        skip_verify,
    }))
}

/// The accounts in the file.
pub(super) fn names(content: &[u8]) -> Vec<String> {
    Ini::parse(content).sections().map(str::to_owned).collect()
}

/// Sets what `account` says, in saml2aws's keys.
pub(super) fn write(path: &Path, name: &str, account: &StoredAccount) -> Result<(), SettingsError> {
    let target = replace::resolve(path)?;
    replace::check_writable(&target)?;
    replace::ensure_folder(&target)?;
    let _lock = lock::acquire(&target, || {})?;
    let mut ini = Ini::parse(&read_if_exists(&target)?.unwrap_or_default());
    let duration = account.session_duration.map(|seconds| seconds.to_string());
    let skip_verify = account.skip_verify.map(|skip| skip.to_string());
    let own_name = Some(name.to_owned());
    let pairs = [
        ("name", &own_name),
        ("url", &account.url),
        ("username", &account.username),
        ("provider", &account.provider),
        ("mfa", &account.mfa),
        ("skip_verify", &skip_verify),
        ("aws_session_duration", &duration),
        ("aws_profile", &account.profile),
        ("role_arn", &account.role),
        ("policy_file", &account.policy_file),
        ("policy_arn_list", &account.policy_arns),
        ("region", &account.region),
        ("credentials_file", &account.credentials_file),
    ];
    let said: Vec<(&str, &str)> = pairs
        .iter()
        .filter_map(|(key, value)| Some((*key, value.as_deref()?)))
        .collect();
    ini.set(name, &said);
    replace::replace(&target, &ini.to_bytes())?;
    Ok(())
}

/// Without a comment behind the value and without quotes around it.
fn plain(value: &str) -> String {
    let line = value.lines().next().unwrap_or_default();
    let end = [" #", " ;", "\t#", "\t;"]
        .iter()
        .filter_map(|mark| line.find(mark))
        .min();
    let line = line[..end.unwrap_or(line.len())].trim();
    for quote in ['"', '\'', '`'] {
        if let Some(inner) = line
            .strip_prefix(quote)
            .and_then(|rest| rest.strip_suffix(quote))
        {
            return inner.to_owned();
        }
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `saml2aws configure` writes it.
    const WRITTEN: &str = "[production]\nname                    = production\napp_id            \
                           \x20     = \nurl                     = \
                           https://sso.jumpcloud.com/saml2/acme\nusername                = \
                           a@b.c\nprovider                = JumpCloud\nmfa                     = \
                           Auto\nmfa_ip_address          = \nskip_verify             = \
                           false\ntimeout                 = 0\naws_urn                 = \
                           urn:amazon:webservices\naws_session_duration    = \
                           7200\naws_profile             = prod\nresource_id             = \
                           \nrole_arn                = arn:aws:iam::012345678987:role/RO\nsaml_cache\
                           \x20             = false\n";

    #[test]
    fn an_account_written_by_saml2aws_is_understood() {
        let account = read(Path::new("f"), WRITTEN.as_bytes(), "production")
            .unwrap()
            .unwrap();
        assert_eq!(
            account.url.as_deref(),
            Some("https://sso.jumpcloud.com/saml2/acme")
        );
        assert_eq!(account.profile.as_deref(), Some("prod"));
        assert_eq!(account.session_duration, Some(7_200));
        assert_eq!(
            account.role.as_deref(),
            Some("arn:aws:iam::012345678987:role/RO")
        );
        assert_eq!(account.region, None);
        assert_eq!(account.skip_verify, Some(false));
        assert_eq!(
            read(Path::new("f"), WRITTEN.as_bytes(), "other").unwrap(),
            None
        );
    }

    #[test]
    fn comments_and_quotes_are_no_part_of_a_value() {
        assert_eq!(plain("https://x/#/hash"), "https://x/#/hash");
        assert_eq!(plain("value # why"), "value");
        assert_eq!(plain("\"value\""), "value");
    }

    #[test]
    fn a_wrong_value_is_refused_with_its_line() {
        let text = "[a]\nurl = x\naws_session_duration = soon\n";
        let error = read(Path::new("f"), text.as_bytes(), "a")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("f:3: aws_session_duration of [a]"),
            "{error}"
        );
    }
}
