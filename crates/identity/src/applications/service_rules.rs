//! What each kind of service provider asks of attributes. Checked when an application is saved, as
//! far as values are constant, and again before every assertion.

use jetway_saml::{
    ATTRIBUTE_PRINCIPAL_TAG_PREFIX, ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME,
    ATTRIBUTE_SESSION_DURATION, ATTRIBUTE_SOURCE_IDENTITY,
};

use crate::applications::SamlKind;
use crate::applications::aws_attributes::{self, AttributeProblem};

/// What IAM Identity Center makes session tags of (AWS IAM Identity Center user guide, "Attributes
/// for access control"; requirement J10). The rest of the name is case-sensitive (J11).
pub const ATTRIBUTE_ACCESS_CONTROL_PREFIX: &str =
    "https://aws.amazon.com/SAML/Attributes/AccessControl:";

impl SamlKind {
    /// Whether AWS IAM takes the assertions: then roles have to be in them.
    pub fn is_aws_iam(self) -> bool {
        matches!(self, Self::AwsIam | Self::AwsIamRoles)
    }

    /// Names, or beginnings of names that end in a colon, that mean something to the service
    /// provider.
    pub fn known_attributes(self) -> &'static [&'static str] {
        match self {
            Self::AwsIam | Self::AwsIamRoles => &[
                ATTRIBUTE_ROLE,
                ATTRIBUTE_ROLE_SESSION_NAME,
                ATTRIBUTE_SESSION_DURATION,
                ATTRIBUTE_SOURCE_IDENTITY,
                ATTRIBUTE_PRINCIPAL_TAG_PREFIX,
                jetway_saml::ATTRIBUTE_TRANSITIVE_TAG_KEYS,
            ],
            Self::IdentityCenter => &[ATTRIBUTE_ACCESS_CONTROL_PREFIX],
            Self::Custom => &[],
        }
    }

    /// Attributes that have to be there (requirement J05).
    pub fn required_attributes(self) -> &'static [&'static str] {
        match self {
            Self::AwsIam | Self::AwsIamRoles => aws_attributes::REQUIRED,
            Self::IdentityCenter | Self::Custom => &[],
        }
    }

    /// Whether it takes at most one value of this attribute. Then a value from the person takes
    /// the place of a constant one; otherwise values add up.
    pub(crate) fn is_single_valued(self, name: &str) -> bool {
        match self {
            Self::AwsIam | Self::AwsIamRoles => aws_attributes::is_single_valued(name),
            Self::IdentityCenter => name.starts_with(ATTRIBUTE_ACCESS_CONTROL_PREFIX),
            Self::Custom => false,
        }
    }

    /// Checks one value and gives the form in which it is sent.
    pub(crate) fn check_value(self, name: &str, value: &str) -> Result<String, AttributeProblem> {
        match self {
            Self::AwsIam | Self::AwsIamRoles => aws_attributes::check_value(name, value),
            Self::IdentityCenter => {
                if let Some(key) = name.strip_prefix(ATTRIBUTE_ACCESS_CONTROL_PREFIX) {
                    aws_attributes::check_tag(name, key, value)?;
                }
                Ok(value.to_owned())
            }
            Self::Custom => Ok(value.to_owned()),
        }
    }

    /// Checks how many values there are of each attribute.
    pub(crate) fn check_counts<'a>(
        self,
        counts: impl Iterator<Item = (&'a str, usize)> + Clone,
    ) -> Result<(), AttributeProblem> {
        for required in self.required_attributes() {
            let mut present = counts.clone().filter(|(_, count)| *count > 0);
            if !present.any(|(name, _)| name == *required) {
                let name = (*required).to_owned();
                return Err(AttributeProblem::Missing { name });
            }
        }
        for (name, count) in counts.clone() {
            if count > 1 && self.is_single_valued(name) {
                let name = name.to_owned();
                return Err(AttributeProblem::SeveralValues { name, count });
            }
        }
        let tags = match self {
            Self::AwsIam | Self::AwsIamRoles => ATTRIBUTE_PRINCIPAL_TAG_PREFIX,
            Self::IdentityCenter => ATTRIBUTE_ACCESS_CONTROL_PREFIX,
            Self::Custom => return Ok(()),
        };
        let count = counts.filter(|(name, _)| name.starts_with(tags)).count();
        if count > aws_attributes::MAX_TAGS {
            return Err(AttributeProblem::TooManyTags { count });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(key: &str) -> String {
        format!("{ATTRIBUTE_ACCESS_CONTROL_PREFIX}{key}")
    }

    /// Requirements J10 and J11.
    #[test]
    fn identity_center_takes_tags_of_one_value_each_and_nothing_has_to_be_there() {
        let kind = SamlKind::IdentityCenter;
        let check = |name: &str, value: &str| kind.check_value(name, value);
        assert_eq!(check(&tag("Project"), "Automation").unwrap(), "Automation");
        assert!(check(&tag("Project"), &"x".repeat(257)).is_err());
        assert!(check(&tag(""), "x").is_err());
        assert!(check(&tag("a<b"), "x").is_err());
        assert!(check("givenName", "<Wile & E.>").is_ok());
        assert!(kind.check_counts(std::iter::empty()).is_ok());
        let project = tag("Project");
        let counts = [(project.as_str(), 2)];
        assert!(kind.check_counts(counts.into_iter()).is_err());
        let many: Vec<_> = (0..51).map(|number| tag(&number.to_string())).collect();
        let counts = many.iter().map(|name| (name.as_str(), 1));
        assert!(matches!(
            kind.check_counts(counts),
            Err(AttributeProblem::TooManyTags { count: 51 })
        ));
    }

    #[test]
    fn a_service_provider_of_ones_own_takes_any_attribute() {
        let counts = [("groups", 2), (ATTRIBUTE_ROLE, 3)];
        assert!(SamlKind::Custom.check_counts(counts.into_iter()).is_ok());
        assert_eq!(
            SamlKind::Custom
                .check_value(ATTRIBUTE_ROLE, "admin")
                .unwrap(),
            "admin"
        );
    }
}
