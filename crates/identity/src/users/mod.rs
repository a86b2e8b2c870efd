//! People of the directory.

mod create;
mod set_password;
mod set_state;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::events::{Target, TargetKind};
use crate::ids::UserId;
use crate::text::{self, TextError};

pub use create::{CreateUserError, NewUser, create_user};
pub use set_password::{SetPasswordError, set_password};
pub use set_state::{SetUserStateError, set_user_state};

/// A person. The password is elsewhere: a state and a password are independent (requirement D05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub username: String,
    pub first_name: String,
    pub last_name: String,
    /// Empty when none was given: see [`User::label`].
    pub display_name: String,
    pub state: UserState,
    /// Directory attributes (`addresses.work.region`, `department`, …) and custom ones. Names are
    /// case-sensitive, since AWS compares them so.
    pub attributes: BTreeMap<String, String>,
    /// `None` while the person has no password.
    pub password_changed_at: Option<OffsetDateTime>,
    pub created_at: OffsetDateTime,
}

impl User {
    /// What to call this person on a page: display name, else both names, else the username.
    pub fn label(&self) -> String {
        if !self.display_name.is_empty() {
            return self.display_name.clone();
        }
        let both = format!("{} {}", self.first_name, self.last_name);
        match both.trim() {
            "" => self.username.clone(),
            name => name.to_owned(),
        }
    }

    /// What a guesser of this person's password would try first.
    pub(crate) fn known_to_guessers(&self, organisation: &str) -> Vec<String> {
        vec![
            self.email.clone(),
            self.username.clone(),
            self.first_name.clone(),
            self.last_name.clone(),
            self.display_name.clone(),
            organisation.to_owned(),
        ]
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::User,
            id: self.id.to_string(),
            label: self.email.clone(),
        }
    }
}

/// Whether a person may do anything (requirement D01). Only active persons sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserState {
    /// Prepared, not yet let in.
    Staged,
    Active,
    /// Shut out, kept.
    Suspended,
}

impl UserState {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "staged",
            Self::Active => "active",
            Self::Suspended => "suspended",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "staged" => Some(Self::Staged),
            "active" => Some(Self::Active),
            "suspended" => Some(Self::Suspended),
            _ => None,
        }
    }
}

const MAX_ATTRIBUTES: usize = 200;

/// Attributes of a user or a group: names of 1 to 256 characters, values of at most 1024.
pub(crate) fn check_attributes(attributes: &BTreeMap<String, String>) -> Result<(), TextError> {
    if attributes.len() > MAX_ATTRIBUTES {
        return Err(TextError::TooLong {
            field: "the list of attributes",
            length: attributes.len(),
            max: MAX_ATTRIBUTES,
        });
    }
    for (name, value) in attributes {
        text::check_filled("an attribute name", name, 256)?;
        text::check("an attribute value", value, 1024)?;
    }
    Ok(())
}
