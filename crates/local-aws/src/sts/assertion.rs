//! What AWS reads out of a verified assertion (aws-iam-sts.md §1.3 and §1.6).

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY, ATTRIBUTE_TRANSITIVE_TAG_KEYS,
    ReceivedAssertion, RolePair,
};

use super::refusal::Refusal;
use crate::{
    iam::{check_tags, same_key},
    state::Tag,
};

/// Only this prefix is left out of `SubjectType`; SAML 1.1 formats come back in full.
const NAMEID_FORMAT_PREFIX: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
const MAX_TAGS: usize = 50;

/// The AWS attributes of an assertion, checked.
#[derive(Clone, Debug)]
pub(crate) struct Claims {
    pub(crate) session_name: String,
    pub(crate) source_identity: Option<String>,
    /// Seconds, 900..=43200.
    pub(crate) session_duration: Option<i64>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) transitive: Vec<String>,
}

impl Claims {
    /// Reads and checks the attributes in the order of §1.4.
    pub(crate) fn read(assertion: &ReceivedAssertion) -> Result<Self, Refusal> {
        let session_name = match values(assertion, ATTRIBUTE_ROLE_SESSION_NAME).as_slice() {
            [] => return Err(Refusal::NoRoleSessionName),
            [name] if is_session_name(name) => (*name).to_owned(),
            _ => return Err(Refusal::BadRoleSessionName),
        };
        let source_identity = match values(assertion, ATTRIBUTE_SOURCE_IDENTITY).as_slice() {
            [] => None,
            // The pattern has no colon, so no `aws:` can begin it.
            [identity] if is_session_name(identity) => Some((*identity).to_owned()),
            _ => return Err(Refusal::BadSourceIdentity),
        };
        let session_duration = match values(assertion, ATTRIBUTE_SESSION_DURATION).as_slice() {
            [] => None,
            [seconds] => Some(duration(seconds).ok_or(Refusal::BadSessionDuration)?),
            _ => return Err(Refusal::BadSessionDuration),
        };
        let tags = tags(assertion)?;
        let transitive: Vec<String> = values(assertion, ATTRIBUTE_TRANSITIVE_TAG_KEYS)
            .into_iter()
            .map(str::to_owned)
            .collect();
        if let Some(unknown) = transitive
            .iter()
            .find(|key| !tags.iter().any(|tag| same_key(&tag.key, key)))
        {
            return Err(Refusal::BadTag(format!(
                "The specified transitive tag key must be included in the requested tags: {unknown}"
            )));
        }
        Ok(Self {
            session_name,
            source_identity,
            session_duration,
            tags,
            transitive,
        })
    }
}

/// The pairs of role and provider that the assertion offers, in its order. Values that are no
/// pair offer nothing.
pub(crate) fn role_pairs(assertion: &ReceivedAssertion) -> Vec<RolePair> {
    values(assertion, ATTRIBUTE_ROLE)
        .into_iter()
        .filter_map(|value| RolePair::parse(value).ok())
        .collect()
}

/// All values of an attribute, also when it is split over several elements of the same name.
pub(super) fn values<'a>(assertion: &'a ReceivedAssertion, name: &str) -> Vec<&'a str> {
    assertion
        .attributes
        .iter()
        .filter(|attribute| attribute.name == name)
        .flat_map(|attribute| attribute.values.iter().map(String::as_str))
        .collect()
}

fn tags(assertion: &ReceivedAssertion) -> Result<Vec<Tag>, Refusal> {
    let mut tags = Vec::new();
    for attribute in &assertion.attributes {
        let Some(key) = attribute.name.strip_prefix(ATTRIBUTE_PRINCIPAL_TAG_PREFIX) else {
            continue;
        };
        let [value] = attribute.values.as_slice() else {
            return Err(Refusal::BadTag(format!(
                "PrincipalTag:{key} in AuthnResponse must have exactly one value"
            )));
        };
        tags.push(Tag::new(key, value));
    }
    if tags.len() > MAX_TAGS {
        return Err(Refusal::BadTag(format!(
            "AuthnResponse must not have more than {MAX_TAGS} principal tags"
        )));
    }
    check_tags(&tags).map_err(|error| Refusal::BadTag(error.to_string()))?;
    Ok(tags)
}

/// `[a-zA-Z_0-9+=,.@-]{2,64}`
pub(super) fn is_session_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

fn duration(text: &str) -> Option<i64> {
    let seconds: i64 = text.trim().parse().ok()?;
    (900..=43_200).contains(&seconds).then_some(seconds)
}

/// `SubjectType`, `saml:sub_type`.
pub(super) fn subject_type(assertion: &ReceivedAssertion) -> &str {
    let format = assertion.name_id.format.as_deref().unwrap_or_default();
    format.strip_prefix(NAMEID_FORMAT_PREFIX).unwrap_or(format)
}

/// `NameQualifier`, `saml:namequalifier`: BASE64(SHA1(issuer + account + "/" + provider name)).
pub(crate) fn name_qualifier(issuer: &str, account: &str, provider: &str) -> String {
    let text = format!("{issuer}{account}/{provider}");
    BASE64.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_qualifier_is_the_documented_hash() {
        for (issuer, account, provider, expected) in [
            (
                "https://example.com/saml",
                "123456789012",
                "MySAMLIdP",
                "1uAJanUnBc2XeUkHURMht+xam2c=",
            ),
            (
                "https://sso.jumpcloud.com/saml2/aws",
                "123456789012",
                "JumpCloud",
                "OKfiD/gIGFWkkhNw9Yp6PPcgpRc=",
            ),
            (
                "JumpCloud",
                "000000000001",
                "jumpcloud",
                "AdCt0uOdI2yQe6X3cCcKRenCD9Y=",
            ),
        ] {
            assert_eq!(name_qualifier(issuer, account, provider), expected);
        }
    }

    #[test]
    fn session_names_follow_the_pattern() {
        for good in ["ab", "road.runner@the-acme-corporation.com", "a_b+c=d,e-f"] {
            assert!(is_session_name(good), "{good}");
        }
        let long = "a".repeat(65);
        for bad in [
            "",
            "a",
            "with space",
            "naïve",
            "a#EXT#b",
            "a:b",
            long.as_str(),
        ] {
            assert!(!is_session_name(bad), "{bad}");
        }
    }
}
