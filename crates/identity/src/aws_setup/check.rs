//! What AWS would refuse is refused here, in words that help.

use url::Url;

use crate::applications::ROLE_PLACEHOLDER;

/// Why nothing can be generated from an input. The message names the value and the rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    #[error("an AWS account is a number of 12 digits, but is {value:?}")]
    Account { value: String },
    #[error("put the number of your AWS account in the place of {ROLE_PLACEHOLDER}")]
    Placeholder,
    #[error(
        "the name of the SAML provider must be 1 to 128 letters (a to z), digits and . _ -, but is {value:?}"
    )]
    ProviderName { value: String },
    #[error(
        "the name of a role must be 1 to 64 letters (a to z), digits and _ + = , . @ -, but is {value:?}"
    )]
    RoleName { value: String },
    #[error(
        "the name of a permission set must be 1 to 32 letters (a to z), digits and _ + = , . @ -, but is {value:?}"
    )]
    PermissionSetName { value: String },
    #[error(
        "the name of a group must be 1 to 1024 printable characters without a colon, but is {value:?}"
    )]
    GroupName { value: String },
    #[error("{owner}: {value:?} is neither the ARN of a managed policy nor the name of one of AWS")]
    Policy { owner: String, value: String },
    #[error(
        "{owner}: the policy {arn:?} belongs to another account; a role only takes policies of its own account or of AWS"
    )]
    PolicyOfAnotherAccount { owner: String, arn: String },
    #[error("{owner} has {count} managed policies; AWS allows {max}")]
    TooManyPolicies {
        owner: String,
        count: usize,
        max: usize,
    },
    #[error(
        "the description of {owner} has more than {max} characters, or one that AWS does not take: only Latin letters, digits and signs"
    )]
    Description { owner: String, max: usize },
    #[error(
        "the description of {owner} must not begin with file:// or fileb:// nor contain {{{{resolve: because the AWS CLI or CloudFormation would put something else in its place"
    )]
    Loaded { owner: String },
    #[error("{owner} lasts {seconds} seconds; AWS allows 3600 to 43200 (1 to 12 hours)")]
    SessionLength { owner: String, seconds: u32 },
    #[error("{what} is not a web address: {value:?}")]
    Address { what: &'static str, value: String },
    #[error(
        "the metadata has {length} characters; AWS takes 1000 to 10000000 characters of UTF-8, without a byte order mark and without control characters"
    )]
    Metadata { length: usize },
    #[error(
        "a session tag key has 1 to 128 letters, digits, spaces and _ . : / = + - @, but this one is {value:?}"
    )]
    TagKey { value: String },
    #[error(
        "{value:?} is no attribute of a person in IAM Identity Center; one like enterprise.costCenter or addresses[type eq \"work\"].region is"
    )]
    DirectoryPath { value: String },
    #[error("{value:?} is not the name of an AWS region, such as us-east-1")]
    Region { value: String },
    #[error("{what} is there twice: {value:?}")]
    Twice { what: &'static str, value: String },
    #[error("{what} is missing")]
    Missing { what: &'static str },
    #[error(
        "the assignment to {group:?} names the permission set {permission_set:?}, which is not in the list"
    )]
    UnknownPermissionSet {
        group: String,
        permission_set: String,
    },
    #[error("{count} {what} are more than one file can hold; the limit is {max}")]
    TooMany {
        what: &'static str,
        count: usize,
        max: usize,
    },
}

/// Accounts that one set-up may name.
pub(super) const MAX_ACCOUNTS: usize = 500;

/// `[0-9]{12}`.
pub(super) fn account(value: &str) -> Result<(), SetupError> {
    if value.contains(ROLE_PLACEHOLDER) {
        return Err(SetupError::Placeholder);
    }
    if value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit()) {
        Ok(())
    } else {
        Err(SetupError::Account {
            value: value.to_owned(),
        })
    }
}

/// `[\w._-]{1,128}`.
pub(super) fn provider_name(value: &str) -> Result<(), SetupError> {
    if is_name(value, 128, b"._-") {
        Ok(())
    } else {
        Err(SetupError::ProviderName {
            value: value.to_owned(),
        })
    }
}

/// `[\w+=,.@-]{1,64}`.
pub(super) fn role_name(value: &str) -> Result<(), SetupError> {
    if is_name(value, 64, b"_+=,.@-") {
        Ok(())
    } else {
        Err(SetupError::RoleName {
            value: value.to_owned(),
        })
    }
}

/// One to `max` ASCII letters, digits and `signs`.
pub(super) fn is_name(value: &str, max: usize, signs: &[u8]) -> bool {
    (1..=max).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || signs.contains(&b))
}

/// At most `max` characters of `[\t\n\r -~¡-ÿ]` (IAM, `roleDescriptionType`), and nothing that a
/// tool would replace.
pub(super) fn description(owner: &str, value: &str, max: usize) -> Result<(), SetupError> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a1}'..='\u{ff}');
    if value.chars().count() > max || !value.chars().all(allowed) {
        return Err(SetupError::Description {
            owner: owner.to_owned(),
            max,
        });
    }
    if ["file://", "fileb://"].iter().any(|p| value.starts_with(p)) || value.contains("{{resolve:")
    {
        return Err(SetupError::Loaded {
            owner: owner.to_owned(),
        });
    }
    Ok(())
}

/// 1 to 12 hours: what IAM takes as `MaxSessionDuration` and Identity Center as session duration.
pub(super) fn session_length(owner: &str, seconds: u32) -> Result<(), SetupError> {
    if (3600..=43200).contains(&seconds) {
        Ok(())
    } else {
        Err(SetupError::SessionLength {
            owner: owner.to_owned(),
            seconds,
        })
    }
}

/// An `http` or `https` address that is safe to compare as it stands: printable ASCII without
/// quotes, brackets and braces, so that no tool and no policy reads a variable in it.
pub(super) fn address(what: &'static str, value: &str) -> Result<(), SetupError> {
    let plain = value
        .bytes()
        .all(|b| b.is_ascii_graphic() && !b"\"'`<>{}\\^|$*".contains(&b));
    let sound = plain
        && value.len() <= 2048
        && Url::parse(value)
            .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some());
    if sound {
        Ok(())
    } else {
        Err(SetupError::Address {
            what,
            value: value.to_owned(),
        })
    }
}

/// The bounds of IAM's `SAMLMetadataDocument`.
pub(super) fn metadata(value: &str) -> Result<(), SetupError> {
    let length = value.chars().count();
    let sound = (1000..=10_000_000).contains(&length)
        && value.trim_start().starts_with('<')
        && !value.contains("{{resolve:")
        && !value
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'));
    if sound {
        Ok(())
    } else {
        Err(SetupError::Metadata { length })
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}`, without the reserved prefix `aws:`.
pub(super) fn tag_key(value: &str) -> Result<(), SetupError> {
    if crate::applications::aws_attributes::is_tag(value, "")
        && !value.to_ascii_lowercase().starts_with("aws:")
    {
        Ok(())
    } else {
        Err(SetupError::TagKey {
            value: value.to_owned(),
        })
    }
}

/// Refuses a value that is there before, ignoring case: that is how AWS compares names.
pub(super) fn no_twins<'a>(
    what: &'static str,
    values: impl Iterator<Item = &'a str>,
) -> Result<(), SetupError> {
    let mut seen = std::collections::BTreeSet::new();
    for value in values {
        if !seen.insert(value.to_lowercase()) {
            return Err(SetupError::Twice {
                what,
                value: value.to_owned(),
            });
        }
    }
    Ok(())
}
