//! What AWS asks of the attributes under `https://aws.amazon.com/SAML/Attributes/` (AWS IAM user
//! guide, "Configuring SAML assertions for the authentication response"). Checked when an
//! application is saved, as far as values are constant, and again before every assertion: AWS's
//! own error messages help nobody.

use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY, RolePair,
};

use crate::applications::ROLE_PLACEHOLDER;

/// What AWS requires.
pub(crate) const REQUIRED: &[&str] = &[ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME];

/// Tags that one session can have.
pub(crate) const MAX_TAGS: usize = 50;

/// Why AWS would refuse a value or a set of attributes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AttributeProblem {
    #[error("{name} still contains {ROLE_PLACEHOLDER}; put in the number of the AWS account")]
    Placeholder { name: String },
    #[error("{name} is not a pair \"role ARN,provider ARN\" of one AWS account: {value:?}")]
    NotARolePair { name: String, value: String },
    #[error(
        "{name} must be 2 to 64 characters of letters, digits and _ + = , . @ -, but is {value:?}"
    )]
    BadName { name: String, value: String },
    #[error("{name} must be a whole number of seconds from 900 to 43200, but is {value:?}")]
    BadDuration { name: String, value: String },
    #[error(
        "{name} is not a possible session tag: keys have 1 to 128 characters, values at most 256, of letters, digits, spaces and _ . : / = + - @; the value is {value:?}"
    )]
    BadTag { name: String, value: String },
    #[error("AWS allows at most {MAX_TAGS} session tags, but there are {count}")]
    TooManyTags { count: usize },
    #[error("{name} has {count} values, but AWS takes exactly one")]
    SeveralValues { name: String, count: usize },
    #[error("{name} has no value, but AWS requires it")]
    Missing { name: String },
}

/// Whether AWS takes at most one value of this attribute. Then a value from the person takes the
/// place of a constant one; otherwise values add up.
pub(crate) fn is_single_valued(name: &str) -> bool {
    name == ATTRIBUTE_ROLE_SESSION_NAME
        || name == ATTRIBUTE_SESSION_DURATION
        || name == ATTRIBUTE_SOURCE_IDENTITY
        || name.starts_with(ATTRIBUTE_PRINCIPAL_TAG_PREFIX)
}

/// Checks one value and gives the form in which it is sent.
pub(crate) fn check_value(name: &str, value: &str) -> Result<String, AttributeProblem> {
    let (name_, value_) = (|| name.to_owned(), || value.to_owned());
    if name == ATTRIBUTE_ROLE {
        return role_first(name, value);
    }
    if name == ATTRIBUTE_ROLE_SESSION_NAME && !is_session_name(value) {
        return Err(AttributeProblem::BadName {
            name: name_(),
            value: value_(),
        });
    }
    if name == ATTRIBUTE_SOURCE_IDENTITY && (!is_session_name(value) || value.starts_with("aws:")) {
        return Err(AttributeProblem::BadName {
            name: name_(),
            value: value_(),
        });
    }
    if name == ATTRIBUTE_SESSION_DURATION {
        let seconds = value
            .parse()
            .ok()
            .filter(|seconds| (900..=43_200_u32).contains(seconds));
        let Some(seconds) = seconds else {
            return Err(AttributeProblem::BadDuration {
                name: name_(),
                value: value_(),
            });
        };
        return Ok(seconds.to_string());
    }
    if let Some(key) = name.strip_prefix(ATTRIBUTE_PRINCIPAL_TAG_PREFIX) {
        check_tag(name, key, value)?;
    }
    Ok(value_())
}

/// Checks the key and the value of a session tag that the attribute `name` carries.
pub(super) fn check_tag(name: &str, key: &str, value: &str) -> Result<(), AttributeProblem> {
    if is_tag(key, value) {
        return Ok(());
    }
    Err(AttributeProblem::BadTag {
        name: name.to_owned(),
        value: value.to_owned(),
    })
}

/// Requirement J16: written in either order, sent role first.
fn role_first(name: &str, value: &str) -> Result<String, AttributeProblem> {
    if value.contains(ROLE_PLACEHOLDER) {
        return Err(AttributeProblem::Placeholder {
            name: name.to_owned(),
        });
    }
    let account = |arn: &str| arn.split(':').nth(4).map(str::to_owned);
    match RolePair::parse(value) {
        Ok(pair) if account(&pair.role_arn) == account(&pair.provider_arn) => {
            Ok(format!("{},{}", pair.role_arn, pair.provider_arn))
        }
        _ => Err(AttributeProblem::NotARolePair {
            name: name.to_owned(),
            value: value.to_owned(),
        }),
    }
}

/// `[a-zA-Z_0-9+=,.@-]{2,64}`.
fn is_session_name(value: &str) -> bool {
    (2..=64).contains(&value.len())
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-".contains(&b))
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}` and the same up to 256 for the value.
pub(crate) fn is_tag(key: &str, value: &str) -> bool {
    let allowed = |c: char| {
        c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
    };
    let sound = |text: &str, max| text.chars().count() <= max && text.chars().all(allowed);
    !key.is_empty() && sound(key, 128) && sound(value, 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE_ARN: &str = "arn:aws:iam::012345678987:role/AcmeJumpCloudAdmin";
    const PROVIDER_ARN: &str = "arn:aws:iam::012345678987:saml-provider/acme-jumpcloud";

    /// Requirement J16.
    #[test]
    fn a_role_pair_is_taken_in_either_order_and_sent_role_first() {
        let role_first = format!("{ROLE_ARN},{PROVIDER_ARN}");
        let provider_first = format!("{PROVIDER_ARN},{ROLE_ARN}");
        assert_eq!(
            check_value(ATTRIBUTE_ROLE, &role_first).unwrap(),
            role_first
        );
        assert_eq!(
            check_value(ATTRIBUTE_ROLE, &provider_first).unwrap(),
            role_first
        );
    }

    /// Requirement J02.
    #[test]
    fn the_placeholder_of_the_template_is_refused() {
        let value = format!(
            "arn:aws:iam::{ROLE_PLACEHOLDER}:role/SAML-User,arn:aws:iam::{ROLE_PLACEHOLDER}:saml-provider/JumpCloud"
        );
        let result = check_value(ATTRIBUTE_ROLE, &value);
        assert!(matches!(result, Err(AttributeProblem::Placeholder { .. })));
    }

    #[test]
    fn half_a_pair_two_roles_or_two_accounts_are_refused() {
        let elsewhere = PROVIDER_ARN.replace("012345678987", "111111111111");
        for value in [
            ROLE_ARN.to_owned(),
            format!("{ROLE_ARN},{ROLE_ARN}"),
            format!("{ROLE_ARN},{elsewhere}"),
            format!("{ROLE_ARN},{PROVIDER_ARN},{PROVIDER_ARN}"),
            "arn:aws:iam::1:role/x,arn:aws:iam::1:saml-provider/y".to_owned(),
        ] {
            assert!(check_value(ATTRIBUTE_ROLE, &value).is_err(), "{value}");
        }
    }

    /// Requirement J17.
    #[test]
    fn a_session_name_keeps_to_the_alphabet_of_aws() {
        let check = |value: &str| check_value(ATTRIBUTE_ROLE_SESSION_NAME, value).is_ok();
        assert!(check("road.runner@the-acme-corporation.com"));
        assert!(check("ab") && check(&"x".repeat(64)));
        for bad in ["", "a", "with space", "jürgen", "a/b", &"x".repeat(65)] {
            assert!(!check(bad), "{bad}");
        }
    }

    /// Requirement J13.
    #[test]
    fn a_session_lasts_from_15_minutes_to_12_hours() {
        let check = |value: &str| check_value(ATTRIBUTE_SESSION_DURATION, value).is_ok();
        assert!(check("900") && check("43200"));
        for bad in ["899", "43201", "", "1h", "-900", "900.0"] {
            assert!(!check(bad), "{bad}");
        }
    }

    #[test]
    fn tags_keep_to_the_alphabet_of_sts() {
        let name = format!("{ATTRIBUTE_PRINCIPAL_TAG_PREFIX}Project");
        assert!(check_value(&name, "Größe 1/2 a_b.c:d=e+f-g@h").is_ok());
        assert!(check_value(&name, "a,b").is_err());
        assert!(check_value(&name, &"x".repeat(257)).is_err());
        assert!(check_value(ATTRIBUTE_PRINCIPAL_TAG_PREFIX, "x").is_err());
    }
}
