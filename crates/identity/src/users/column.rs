//! The columns by which lists of people are filtered.

use std::fmt;
use std::str::FromStr;

use crate::applications::DIRECTORY_ATTRIBUTES;

/// A field that a filter looks at (requirement B03).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserColumn {
    /// First, last and display name.
    Name,
    Email,
    Username,
    /// One of [`DIRECTORY_ATTRIBUTES`].
    Directory(&'static str),
    /// A custom attribute; holds its name after `custom:`, with that.
    Custom(String),
}

/// There is no such column.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a column; use name, email, username, a directory attribute or custom:<name>"
)]
pub struct InvalidColumn(String);

impl UserColumn {
    /// The name in addresses and in the API.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Username => "username",
            Self::Directory(name) => name,
            Self::Custom(name) => name,
        }
    }
}

impl fmt::Display for UserColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for UserColumn {
    type Err = InvalidColumn;

    fn from_str(text: &str) -> Result<Self, InvalidColumn> {
        let directory = DIRECTORY_ATTRIBUTES.iter().find(|name| **name == text);
        match (text, directory) {
            ("name", _) => Ok(Self::Name),
            ("email", _) => Ok(Self::Email),
            ("username", _) => Ok(Self::Username),
            (_, Some(name)) => Ok(Self::Directory(name)),
            _ if text
                .strip_prefix("custom:")
                .is_some_and(|name| !name.is_empty()) =>
            {
                Ok(Self::Custom(text.to_owned()))
            }
            _ => Err(InvalidColumn(text.to_owned())),
        }
    }
}
