//! The roles that an assertion offers.

use jetway_saml::inspect::inspect_base64;
use jetway_saml::{ATTRIBUTE_ROLE, RolePair};

/// A role that can be taken, and how to show it.
#[derive(Clone, Debug)]
pub(crate) struct RoleOffer {
    pub(crate) pair: RolePair,
    /// `Account: 012345678987 / Admin`
    pub(crate) label: String,
}

/// Why no role can be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RoleError {
    #[error("the identity provider's assertion cannot be read: {0}")]
    Unreadable(String),
    #[error("No roles to assume.")]
    None { has_attribute: bool },
    #[error("Supplied RoleArn not found in saml assertion: {wanted}")]
    NotOffered {
        wanted: String,
        offered: Vec<String>,
    },
}

impl RoleError {
    pub(crate) fn advice(&self) -> String {
        match self {
            Self::Unreadable(_) => {
                "Ask an administrator; an encrypted assertion, for one, cannot be read.".to_owned()
            }
            Self::None {
                has_attribute: false,
            } => format!(
                "Please check you are permitted to assume roles for the AWS service. The \
                 assertion lacks the attribute {ATTRIBUTE_ROLE}, which an administrator must set."
            ),
            Self::None {
                has_attribute: true,
            } => "Please check you are permitted to assume roles for the AWS service. The role \
                 attribute must hold the ARN of a role and of the SAML provider, with a comma."
                .to_owned(),
            Self::NotOffered { offered, .. } => {
                format!("The assertion offers:\n{}", offered.join("\n"))
            }
        }
    }
}

/// What an assertion offers: the roles, sorted by label, and the values nobody can use.
#[derive(Debug, Default)]
pub(crate) struct Offered {
    pub(crate) roles: Vec<RoleOffer>,
    pub(crate) unusable: Vec<String>,
}

/// Reads the roles from a SAML response in base64. A value that is no pair of ARNs is set aside:
/// one mistake of an administrator must not cost the other roles.
pub(crate) fn offered_roles(response: &str) -> Result<Offered, RoleError> {
    let inspected =
        inspect_base64(response).map_err(|error| RoleError::Unreadable(error.to_string()))?;
    let mut has_attribute = false;
    let mut offered = Offered::default();
    for attribute in inspected
        .attributes
        .iter()
        .filter(|found| found.name == ATTRIBUTE_ROLE)
    {
        has_attribute = true;
        for value in &attribute.values {
            match RolePair::parse(value) {
                Ok(pair) => offered.add(pair),
                Err(_) => offered.unusable.push(value.clone()),
            }
        }
    }
    if offered.roles.is_empty() {
        return Err(RoleError::None { has_attribute });
    }
    offered.tell_apart();
    offered.roles.sort_by(|a, b| a.label.cmp(&b.label));
    Ok(offered)
}

impl Offered {
    fn add(&mut self, pair: RolePair) {
        let known = self.roles.iter().any(|role| {
            role.pair.role_arn == pair.role_arn && role.pair.provider_arn == pair.provider_arn
        });
        if !known {
            let label = label(&pair.role_arn);
            self.roles.push(RoleOffer { pair, label });
        }
    }

    /// The same role through two providers needs the provider's name.
    fn tell_apart(&mut self) {
        let labels: Vec<String> = self.roles.iter().map(|role| role.label.clone()).collect();
        for role in &mut self.roles {
            if labels.iter().filter(|label| **label == role.label).count() > 1 {
                let provider = role
                    .pair
                    .provider_arn
                    .rsplit('/')
                    .next()
                    .unwrap_or_default();
                role.label = format!("{} (through {provider})", role.label);
            }
        }
    }
}

fn label(role_arn: &str) -> String {
    let account = role_arn.split(':').nth(4).unwrap_or_default();
    let name = role_arn
        .split_once(":role/")
        .map_or(role_arn, |(_, name)| name);
    crate::printer::printable(&format!("Account: {account} / {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_labelled_by_account_and_name() {
        assert_eq!(
            label("arn:aws:iam::012345678987:role/Admin"),
            "Account: 012345678987 / Admin"
        );
        assert_eq!(
            label("arn:aws:iam::012345678987:role/team/Admin"),
            "Account: 012345678987 / team/Admin"
        );
    }
}
