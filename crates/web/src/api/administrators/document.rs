//! An administrator as the API shows one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::Versioned;
use crate::api::instant::Instant;

/// Somebody who may use the admin portal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Administrator {
    #[schema(format = "uuid")]
    id: String,
    email: String,
    /// May be empty.
    name: String,
    role: Role,
    state: AdministratorState,
    /// `null` until an invitation was accepted.
    password_changed_at: Option<Instant>,
    last_sign_in_at: Option<Instant>,
    created_at: Instant,
}

/// What an administrator is trusted with.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    /// Everything.
    Full,
    /// People, their credentials and sessions. Deletes nobody.
    HelpDesk,
    /// Sees, changes nothing.
    ReadOnly,
}

/// Whether an administrator may sign in.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AdministratorState {
    Active,
    Suspended,
}

impl From<Role> for jetway_identity::Role {
    fn from(role: Role) -> Self {
        match role {
            Role::Full => Self::Full,
            Role::HelpDesk => Self::HelpDesk,
            Role::ReadOnly => Self::ReadOnly,
        }
    }
}

impl From<jetway_identity::Role> for Role {
    fn from(role: jetway_identity::Role) -> Self {
        match role {
            jetway_identity::Role::Full => Self::Full,
            jetway_identity::Role::HelpDesk => Self::HelpDesk,
            jetway_identity::Role::ReadOnly => Self::ReadOnly,
        }
    }
}

impl From<AdministratorState> for jetway_identity::AdministratorState {
    fn from(state: AdministratorState) -> Self {
        match state {
            AdministratorState::Active => Self::Active,
            AdministratorState::Suspended => Self::Suspended,
        }
    }
}

impl From<jetway_identity::AdministratorState> for AdministratorState {
    fn from(state: jetway_identity::AdministratorState) -> Self {
        match state {
            jetway_identity::AdministratorState::Active => Self::Active,
            jetway_identity::AdministratorState::Suspended => Self::Suspended,
        }
    }
}

impl From<jetway_identity::Administrator> for Administrator {
    fn from(administrator: jetway_identity::Administrator) -> Self {
        Self {
            id: administrator.id.to_string(),
            email: administrator.email,
            name: administrator.name,
            role: administrator.role.into(),
            state: administrator.state.into(),
            password_changed_at: administrator.password_changed_at.map(Instant::new),
            last_sign_in_at: administrator.last_sign_in_at.map(Instant::new),
            created_at: Instant::new(administrator.created_at),
        }
    }
}

/// With its version.
pub(super) fn versioned(administrator: jetway_identity::Administrator) -> Versioned<Administrator> {
    Versioned {
        version: administrator.version,
        body: administrator.into(),
    }
}
