//! An API key as the API shows one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::api::instant::Instant;

/// A key, without its secret.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiKey {
    #[schema(format = "uuid")]
    pub(super) id: String,
    /// What it is for, in the words of whoever made it.
    name: String,
    /// The first characters of the secret, to tell keys apart.
    hint: String,
    scopes: Vec<Scope>,
    /// The administrator whom the key belongs to. It is never worth more than its owner.
    #[schema(format = "uuid")]
    administrator_id: String,
    created_at: Instant,
    /// `null`: it does not expire.
    expires_at: Option<Instant>,
    /// Exact to five minutes. `null`: never used.
    last_used_at: Option<Instant>,
}

/// A part of the API that a key opens.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Scope {
    /// People, groups, applications, activity and settings, to read.
    Read,
    /// People: everything about them.
    Users,
    /// Groups, their members and applications.
    Groups,
    /// The organisation's settings and where the log goes.
    Settings,
    /// Whatever the owner may do.
    Full,
}

impl From<jetway_identity::Scope> for Scope {
    fn from(scope: jetway_identity::Scope) -> Self {
        match scope {
            jetway_identity::Scope::Read => Self::Read,
            jetway_identity::Scope::Users => Self::Users,
            jetway_identity::Scope::Groups => Self::Groups,
            jetway_identity::Scope::Settings => Self::Settings,
            jetway_identity::Scope::Full => Self::Full,
        }
    }
}

impl From<Scope> for jetway_identity::Scope {
    fn from(scope: Scope) -> Self {
        match scope {
            Scope::Read => Self::Read,
            Scope::Users => Self::Users,
            Scope::Groups => Self::Groups,
            Scope::Settings => Self::Settings,
            Scope::Full => Self::Full,
        }
    }
}

impl From<jetway_identity::ApiKey> for ApiKey {
    fn from(key: jetway_identity::ApiKey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name,
            hint: key.hint,
            scopes: key.scopes.into_iter().map(Scope::from).collect(),
            administrator_id: key.owner.to_string(),
            created_at: Instant::new(key.created_at),
            expires_at: key.expires_at.map(Instant::new),
            last_used_at: key.last_used_at.map(Instant::new),
        }
    }
}
