//! The settings of an application to be: the catalogue's template, and the rules for saving.

use jetway_saml::{ATTRIBUTE_ROLE, ATTRIBUTE_ROLE_SESSION_NAME};
use url::{Host, Url};

use crate::applications::aws_attributes::{self, AttributeProblem};
use crate::applications::{
    AttributeSource, MappedAttribute, NameIdFormat, NameIdRule, SamlKind, SamlSettings, Signing,
    idp_url,
};
use crate::text::{self, TextError};

/// Where browsers post responses for AWS.
pub const AWS_SIGN_IN_URL: &str = "https://signin.aws.amazon.com/saml";
/// The audience that AWS expects.
pub const AWS_AUDIENCE: &str = "urn:amazon:webservices";
/// Stands in the template where an administrator must put a number.
pub const ROLE_PLACEHOLDER: &str = "YOUR_AWS_ACCOUNT_NUMBER";

const MAX_ATTRIBUTES: usize = 250;

/// An application to create.
#[derive(Debug, Clone)]
pub struct NewApplication {
    /// 1 to 64 lower-case letters, digits and hyphens, a letter or digit at both ends; unique and
    /// final.
    pub slug: String,
    pub label: String,
    pub description: String,
    /// `#rrggbb`
    pub color: String,
    pub kind: SamlKind,
    /// An active application must be complete; an inactive one may still hold the placeholder.
    pub active: bool,
    pub show_in_portal: bool,
    pub saml: SamlSettings,
}

/// Why these settings cannot be saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidApplication {
    #[error(transparent)]
    Text(#[from] TextError),
    #[error(
        "the application's name in the URL must be 1 to 64 lower-case letters, digits and hyphens, with a letter or digit at both ends, but is {0:?}"
    )]
    Slug(String),
    #[error("the color must be written #rrggbb, but is {0:?}")]
    Color(String),
    #[error("the ACS URL must be an https address (http only on this machine), but is {0:?}")]
    AcsUrl(String),
    #[error("there are {0} attributes; at most {MAX_ATTRIBUTES} are possible")]
    TooManyAttributes(usize),
    #[error(transparent)]
    Attribute(#[from] AttributeProblem),
}

impl NewApplication {
    /// The catalogue's template "Amazon Web Services (IAM)" (requirements J02 and J04): inactive
    /// until the account number is put into its role.
    pub fn aws_iam(slug: &str, label: &str, public_url: &Url) -> Self {
        let role = format!(
            "arn:aws:iam::{ROLE_PLACEHOLDER}:role/SAML-User,arn:aws:iam::{ROLE_PLACEHOLDER}:saml-provider/JumpCloud"
        );
        Self {
            slug: slug.to_owned(),
            label: label.to_owned(),
            description: String::new(),
            color: "#d86613".to_owned(),
            kind: SamlKind::AwsIam,
            active: false,
            show_in_portal: true,
            saml: SamlSettings {
                idp_entity_id: idp_url(public_url, slug),
                acs_url: AWS_SIGN_IN_URL.to_owned(),
                audience: AWS_AUDIENCE.to_owned(),
                name_id: NameIdRule {
                    source: AttributeSource::Email,
                    format: NameIdFormat::Email,
                },
                signing: Signing::Assertion,
                constant_attributes: vec![
                    (
                        ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
                        "SSO-User".to_owned(),
                    ),
                    (ATTRIBUTE_ROLE.to_owned(), role),
                ],
                user_attribute_mapping: vec![MappedAttribute {
                    name: ATTRIBUTE_ROLE_SESSION_NAME.to_owned(),
                    source: AttributeSource::Email,
                }],
            },
        }
    }

    /// Checks everything that can be known before a person signs in.
    pub(crate) fn check(&self) -> Result<(), InvalidApplication> {
        check_appearance(&self.slug, &self.label, &self.description, &self.color)?;
        text::check_filled("the IdP entity id", &self.saml.idp_entity_id, 1024)?;
        text::check_filled("the audience", &self.saml.audience, 1024)?;
        check_acs_url(&self.saml.acs_url)?;
        self.saml.check_names()?;
        if self.active {
            self.saml.check_aws()
        } else {
            Ok(())
        }
    }
}

/// What every application has, whatever people do with it.
pub(super) fn check_appearance(
    slug: &str,
    label: &str,
    description: &str,
    color: &str,
) -> Result<(), InvalidApplication> {
    check_slug(slug)?;
    text::check_filled("the label", label, 256)?;
    text::check("the description", description, 256)?;
    check_color(color)
}

impl SamlSettings {
    fn check_names(&self) -> Result<(), InvalidApplication> {
        let count = self.constant_attributes.len() + self.user_attribute_mapping.len();
        if count > MAX_ATTRIBUTES {
            return Err(InvalidApplication::TooManyAttributes(count));
        }
        for (name, value) in &self.constant_attributes {
            text::check_filled("an attribute name", name, 512)?;
            text::check_filled("a constant attribute's value", value, 2048)?;
        }
        for mapped in &self.user_attribute_mapping {
            text::check_filled("an attribute name", &mapped.name, 512)?;
        }
        Ok(())
    }

    /// Whether AWS can accept assertions made from these settings, as far as that is known without
    /// a person.
    pub(crate) fn check_aws(&self) -> Result<(), InvalidApplication> {
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for (name, value) in &self.constant_attributes {
            aws_attributes::check_value(name, value)?;
            match counts.iter_mut().find(|(known, _)| known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        for mapped in &self.user_attribute_mapping {
            if !counts.iter().any(|(known, _)| *known == mapped.name) {
                counts.push((&mapped.name, 1));
            }
        }
        Ok(aws_attributes::check_counts(counts.iter().copied())?)
    }
}

fn check_slug(slug: &str) -> Result<(), InvalidApplication> {
    let alphabet = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let sound = (1..=64).contains(&slug.len())
        && slug.bytes().all(alphabet)
        && !slug.starts_with('-')
        && !slug.ends_with('-');
    if sound {
        Ok(())
    } else {
        Err(InvalidApplication::Slug(slug.to_owned()))
    }
}

fn check_color(color: &str) -> Result<(), InvalidApplication> {
    let digits = color.strip_prefix('#');
    let sound = digits.is_some_and(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()));
    if sound {
        Ok(())
    } else {
        Err(InvalidApplication::Color(color.to_owned()))
    }
}

/// A response carries a bearer assertion: it may only travel over TLS, or inside this machine.
fn check_acs_url(acs_url: &str) -> Result<(), InvalidApplication> {
    let local = |url: &Url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let sound = Url::parse(acs_url).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => local(&url),
        _ => false,
    });
    let clean = acs_url.len() <= 1024 && acs_url.bytes().all(|b| b.is_ascii_graphic());
    if sound && clean {
        Ok(())
    } else {
        Err(InvalidApplication::AcsUrl(acs_url.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template() -> NewApplication {
        let public = Url::parse("http://localhost:8700").unwrap();
        NewApplication::aws_iam("acme-prod", "Acme production", &public)
    }

    /// Requirement J02.
    #[test]
    fn the_template_can_be_saved_but_not_activated_before_the_account_is_put_in() {
        let mut new = template();
        assert_eq!(new.check(), Ok(()));
        assert_eq!(
            new.saml.idp_entity_id,
            "http://localhost:8700/saml2/acme-prod"
        );
        new.active = true;
        let refused = new.check();
        let Err(InvalidApplication::Attribute(AttributeProblem::Placeholder { .. })) = refused
        else {
            panic!("{refused:?}");
        };
        for (_, value) in &mut new.saml.constant_attributes {
            *value = value.replace(ROLE_PLACEHOLDER, "012345678987");
        }
        assert_eq!(new.check(), Ok(()));
    }

    #[test]
    fn a_slug_is_lower_case_letters_digits_and_hyphens() {
        for good in ["a", "aws-a", "acme-prod-aws-admin", "0"] {
            assert_eq!(check_slug(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "-a",
            "a-",
            "A",
            "a_b",
            "a/b",
            "a b",
            "ä",
            &"x".repeat(65),
        ] {
            assert!(check_slug(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn responses_travel_over_tls_or_inside_this_machine() {
        for good in [
            AWS_SIGN_IN_URL,
            "http://localhost:4566/saml",
            "http://127.0.0.1:1/x",
        ] {
            assert_eq!(check_acs_url(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "http://signin.aws.amazon.com/saml",
            "javascript:alert(1)",
            "//x/y",
        ] {
            assert!(check_acs_url(bad).is_err(), "{bad}");
        }
    }
}
