//! Names and values that AWS defines inside a SAML assertion.

use thiserror::Error;

/// One `<role ARN>,<provider ARN>` pair per value, in either order.
pub const ATTRIBUTE_ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
/// The session name shown in `assumed-role/<role>/<name>`; exactly one value.
pub const ATTRIBUTE_ROLE_SESSION_NAME: &str =
    "https://aws.amazon.com/SAML/Attributes/RoleSessionName";
/// Seconds, 900 to 43200; at most one value.
pub const ATTRIBUTE_SESSION_DURATION: &str =
    "https://aws.amazon.com/SAML/Attributes/SessionDuration";
/// Source identity that stays through role chaining; at most one value.
pub const ATTRIBUTE_SOURCE_IDENTITY: &str = "https://aws.amazon.com/SAML/Attributes/SourceIdentity";
/// Prefix of session tags: `PrincipalTag:<key>`, one value each.
pub const ATTRIBUTE_PRINCIPAL_TAG_PREFIX: &str =
    "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
/// Keys of the session tags that persist through role chaining.
pub const ATTRIBUTE_TRANSITIVE_TAG_KEYS: &str =
    "https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys";

/// A role and the SAML provider that vouches for it: one value of [`ATTRIBUTE_ROLE`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RolePair {
    /// `arn:<partition>:iam::<account>:role/<path and name>`
    pub role_arn: String,
    /// `arn:<partition>:iam::<account>:saml-provider/<name>`
    pub provider_arn: String,
}

/// Why a value of the Role attribute is not a role pair.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RolePairError {
    /// Not exactly two ARNs separated by one comma.
    #[error("a Role value needs exactly two ARNs separated by a comma, found {found}: {value}")]
    NotTwoArns {
        /// How many ARNs were found.
        found: usize,
        /// The value as received.
        value: String,
    },
    /// Two ARNs, but not one role and one SAML provider.
    #[error("a Role value needs one role ARN and one saml-provider ARN: {value}")]
    NotRoleAndProvider {
        /// The value as received.
        value: String,
    },
}

impl RolePair {
    /// Reads `role,provider` or `provider,role`. White space around either half is tolerated.
    /// Role names may contain commas, so only a comma before `arn:` separates.
    pub fn parse(value: &str) -> Result<Self, RolePairError> {
        let arns = split_arns(value);
        let [first, second] = arns.as_slice() else {
            return Err(RolePairError::NotTwoArns {
                found: arns.iter().filter(|arn| arn.starts_with("arn:")).count(),
                value: value.to_owned(),
            });
        };
        let pair = |role: &str, provider: &str| Self {
            role_arn: role.to_owned(),
            provider_arn: provider.to_owned(),
        };
        if is_iam_arn(first, "role/") && is_iam_arn(second, "saml-provider/") {
            Ok(pair(first, second))
        } else if is_iam_arn(second, "role/") && is_iam_arn(first, "saml-provider/") {
            Ok(pair(second, first))
        } else {
            Err(RolePairError::NotRoleAndProvider {
                value: value.to_owned(),
            })
        }
    }
}

fn split_arns(value: &str) -> Vec<&str> {
    let mut parts = Vec::with_capacity(2);
    let mut start = 0;
    for (comma, _) in value.match_indices(',') {
        if value[comma + 1..].trim_start().starts_with("arn:") {
            parts.push(value[start..comma].trim());
            start = comma + 1;
        }
    }
    parts.push(value[start..].trim());
    parts
}

/// `arn:<partition>:iam::<12 digits>:<kind><something>`
fn is_iam_arn(arn: &str, kind: &str) -> bool {
    let mut fields = arn.splitn(6, ':');
    fields.next() == Some("arn")
        && fields.next().is_some_and(|partition| {
            !partition.is_empty()
                && partition
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
        && fields.next() == Some("iam")
        && fields.next() == Some("")
        && fields.next().is_some_and(|account| {
            account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit())
        })
        && fields.next().is_some_and(|resource| {
            resource
                .strip_prefix(kind)
                .is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
        })
}
