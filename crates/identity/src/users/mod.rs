//! People of the directory.

mod attributes;
mod bulk;
mod change;
mod column;
mod create;
mod delete;
mod distinguished_name;
mod list;
mod public_keys;
mod schedule;
pub mod search;
mod set_password;
mod set_state;
mod standing;
pub mod transfer;
mod update;
mod update_with_password;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::custom_attributes::CustomAttributes;
use crate::events::{Target, TargetKind};
use crate::ids::UserId;
use crate::settings::Sections;

pub use attributes::{InvalidField, MAX_ATTRIBUTE};
pub(crate) use attributes::{check_fields, in_words};
pub use bulk::{BulkOutcome, MAX_BULK, SelectUsersError, select_users};
pub use change::UserChange;
pub use column::{InvalidColumn, UserColumn};
pub use create::{CreateUserError, NewUser, create_user};
pub use delete::{DeleteUserError, delete_user, delete_users};
pub use distinguished_name::distinguished_name;
pub use list::{
    MAX_PAGE, Matches, Place, UserCounts, UserFilter, UserPage, UserQuery, UserSort, count_users,
    list_users,
};
pub use public_keys::{
    AddPublicKeyError, InvalidPublicKey, MAX_KEYS, ParsedPublicKey, PublicKey, add_public_key,
    list_public_keys, parse_public_key, remove_public_key,
};
pub use schedule::{
    MAX_SCHEDULES, ScheduleStateError, StateSchedule, cancel_schedule, list_schedules,
    run_due_schedules, schedule_state,
};
pub use set_password::{SetPasswordError, set_password};
pub use set_state::{SetUserStateError, set_user_state, set_user_states};
pub use standing::{Standing, standings};
pub use update::{UpdateUserError, update_user};
pub use update_with_password::{
    ChangeWithPassword, UpdateWithPasswordError, update_user_with_password,
};

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
    /// By the names of [`DIRECTORY_ATTRIBUTES`](crate::applications::DIRECTORY_ATTRIBUTES)
    /// (requirement C18): `addresses.work.region`, `department`, …
    pub attributes: BTreeMap<String, String>,
    /// Under names of the administrators' own (requirements C15 and C16).
    pub custom_attributes: CustomAttributes,
    /// `None` while the person has no password.
    pub password_changed_at: Option<OffsetDateTime>,
    /// The expiry of the password policy does not count for this person (requirement C02).
    pub password_never_expires: bool,
    /// Counts the changes that administrators make; 1 at first.
    pub version: i64,
    pub updated_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
    pub last_sign_in_at: Option<OffsetDateTime>,
    pub created_by: CreationMethod,
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

/// How a person came into the directory; each way has a default state of its own in the settings
/// (requirement D02).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CreationMethod {
    /// One at a time, on a page or by the API.
    #[default]
    Manual,
    /// From a CSV file, or many at once by the API.
    Bulk,
    /// From another directory or application.
    Import,
}

impl CreationMethod {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Bulk => "bulk",
            Self::Import => "import",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "manual" => Some(Self::Manual),
            "bulk" => Some(Self::Bulk),
            "import" => Some(Self::Import),
            _ => None,
        }
    }

    /// The state in which people start who come this way and for whom no state was chosen.
    pub fn default_state(self, settings: &Sections) -> UserState {
        match self {
            Self::Manual => settings.default_states.manual,
            Self::Bulk => settings.default_states.bulk,
            Self::Import => settings.default_states.import,
        }
    }
}
