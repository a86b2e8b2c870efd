//! A person as the API shows one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Versioned;
use crate::api::custom_attributes::{self, CustomAttribute};
use crate::api::instant::Instant;

/// A person of the directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// 24 hexadecimal digits.
    id: String,
    email: String,
    username: String,
    /// May be empty, like the other names.
    first_name: String,
    last_name: String,
    /// Empty: pages show both names.
    display_name: String,
    state: UserState,
    /// Directory attributes by name, such as `department` and `addresses.work.region`.
    attributes: BTreeMap<String, String>,
    custom_attributes: Vec<CustomAttribute>,
    password_set: bool,
    /// `null` while there is no password.
    password_changed_at: Option<Instant>,
    /// The expiry of the password policy does not count for this person.
    password_never_expires: bool,
    /// Counts the changes; the ETag is made of it.
    version: i64,
    created_at: Instant,
    updated_at: Instant,
    last_sign_in_at: Option<Instant>,
    created_by: CreationMethod,
}

/// Whether a person may do anything. Only active persons sign in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UserState {
    /// Prepared, not yet let in.
    Staged,
    Active,
    /// Shut out, kept.
    Suspended,
}

/// How a person came into the directory.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum CreationMethod {
    /// One at a time, on a page or by the API.
    Manual,
    /// From a CSV file.
    Bulk,
    /// From another directory or application.
    Import,
}

impl From<UserState> for jetway_identity::UserState {
    fn from(state: UserState) -> Self {
        match state {
            UserState::Staged => Self::Staged,
            UserState::Active => Self::Active,
            UserState::Suspended => Self::Suspended,
        }
    }
}

impl From<jetway_identity::UserState> for UserState {
    fn from(state: jetway_identity::UserState) -> Self {
        match state {
            jetway_identity::UserState::Staged => Self::Staged,
            jetway_identity::UserState::Active => Self::Active,
            jetway_identity::UserState::Suspended => Self::Suspended,
        }
    }
}

impl From<jetway_identity::CreationMethod> for CreationMethod {
    fn from(method: jetway_identity::CreationMethod) -> Self {
        match method {
            jetway_identity::CreationMethod::Manual => Self::Manual,
            jetway_identity::CreationMethod::Bulk => Self::Bulk,
            jetway_identity::CreationMethod::Import => Self::Import,
        }
    }
}

impl From<jetway_identity::User> for User {
    fn from(user: jetway_identity::User) -> Self {
        Self {
            id: user.id.to_string(),
            email: user.email,
            username: user.username,
            first_name: user.first_name,
            last_name: user.last_name,
            display_name: user.display_name,
            state: user.state.into(),
            attributes: user.attributes,
            custom_attributes: custom_attributes::shown(&user.custom_attributes),
            password_set: user.password_changed_at.is_some(),
            password_changed_at: user.password_changed_at.map(Instant::new),
            password_never_expires: user.password_never_expires,
            version: user.version,
            created_at: Instant::new(user.created_at),
            updated_at: Instant::new(user.updated_at),
            last_sign_in_at: user.last_sign_in_at.map(Instant::new),
            created_by: user.created_by.into(),
        }
    }
}

/// With its version.
pub(super) fn versioned(user: jetway_identity::User) -> Versioned<User> {
    Versioned {
        version: user.version,
        body: user.into(),
    }
}
