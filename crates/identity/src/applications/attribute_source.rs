//! Where the value of a mapped attribute comes from.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::custom_attributes::CustomValue;
use crate::users::User;

/// The right column of the user attribute mapping.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AttributeSource {
    Email,
    Username,
    FirstName,
    LastName,
    DisplayName,
    /// One of [`DIRECTORY_ATTRIBUTES`], of the user alone.
    Directory(String),
    /// "Custom User or Group Attribute" (requirement J08): the user's value, else the group's.
    Custom(String),
}

/// Predefined attributes of a user that a mapping may name (requirements C18, J07 and Q).
pub const DIRECTORY_ATTRIBUTES: [&str; 22] = [
    "addresses.home.country",
    "addresses.home.locality",
    "addresses.home.postalCode",
    "addresses.home.region",
    "addresses.home.streetAddress",
    "addresses.work.country",
    "addresses.work.locality",
    "addresses.work.postalCode",
    "addresses.work.region",
    "addresses.work.streetAddress",
    "company",
    "costCenter",
    "department",
    "description",
    "employeeIdentifier",
    "employeeType",
    "jobTitle",
    "locale",
    "location",
    "manager",
    "phoneNumbers.mobile",
    "phoneNumbers.work",
];

const CUSTOM: &str = "custom:";

/// The text names no source of attribute values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a directory attribute; for a custom attribute of users or groups write \"custom:{0}\""
)]
pub struct InvalidSource(String);

impl AttributeSource {
    /// The value that the user alone gives; empty counts as absent.
    pub(crate) fn of_user<'a>(&self, user: &'a User) -> Option<Cow<'a, str>> {
        let value = match self {
            Self::Email => Some(&user.email),
            Self::Username => Some(&user.username),
            Self::FirstName => Some(&user.first_name),
            Self::LastName => Some(&user.last_name),
            Self::DisplayName => Some(&user.display_name),
            Self::Directory(name) => user.attributes.get(name),
            Self::Custom(name) => {
                let value = user.custom_attributes.get(name).map(CustomValue::as_text);
                return value.filter(|value| !value.is_empty());
            }
        };
        let value = value.filter(|value| !value.is_empty())?;
        Some(Cow::Borrowed(value.as_str()))
    }
}

impl fmt::Display for AttributeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Email => f.write_str("email"),
            Self::Username => f.write_str("username"),
            Self::FirstName => f.write_str("firstname"),
            Self::LastName => f.write_str("lastname"),
            Self::DisplayName => f.write_str("displayname"),
            Self::Directory(name) => f.write_str(name),
            Self::Custom(name) => write!(f, "{CUSTOM}{name}"),
        }
    }
}

impl FromStr for AttributeSource {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Self, InvalidSource> {
        Ok(match text {
            "email" => Self::Email,
            "username" => Self::Username,
            "firstname" => Self::FirstName,
            "lastname" => Self::LastName,
            "displayname" => Self::DisplayName,
            name if DIRECTORY_ATTRIBUTES.contains(&name) => Self::Directory(name.to_owned()),
            name => match name.strip_prefix(CUSTOM) {
                Some(custom) if !custom.trim().is_empty() => Self::Custom(custom.to_owned()),
                _ => return Err(InvalidSource(text.to_owned())),
            },
        })
    }
}

impl TryFrom<String> for AttributeSource {
    type Error = InvalidSource;

    fn try_from(text: String) -> Result<Self, InvalidSource> {
        text.parse()
    }
}

impl From<AttributeSource> for String {
    fn from(source: AttributeSource) -> Self {
        source.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirements J07 and J08.
    #[test]
    fn sources_read_back_as_they_are_written_and_unknown_names_are_refused() {
        for text in [
            "email",
            "firstname",
            "addresses.work.region",
            "custom:AWS-ABAC-Project",
        ] {
            assert_eq!(text.parse::<AttributeSource>().unwrap().to_string(), text);
        }
        assert!(DIRECTORY_ATTRIBUTES.is_sorted());
        for text in [
            "",
            "Email",
            "addresses.work.planet",
            "custom:",
            "AWS-ABAC-Project",
        ] {
            assert!(text.parse::<AttributeSource>().is_err(), "{text}");
        }
    }
}
