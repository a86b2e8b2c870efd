//! Keys of programs that use the API.

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Field, Moment, Select};

/// One key. The secret is never shown again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyRow {
    pub id: String,
    pub name: String,
    /// What the secret starts with: `jwk_3fA9`.
    pub start: String,
    /// `Read everything`.
    pub scope: String,
    pub owner: String,
    pub expires: Option<Moment>,
    pub last_used: Option<Moment>,
    /// `active`, `expires soon`, `expired`.
    pub state: Badge,
    /// Whether whoever looks may revoke it.
    pub can_revoke: bool,
}

/// The list. Revoking asks first, at `/admin/api-keys/{id}/revoke`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/api_keys.html")]
pub struct ApiKeys {
    pub rows: Vec<ApiKeyRow>,
    pub can_create: bool,
}

impl Body for ApiKeys {
    fn title(&self) -> &'static str {
        "API keys"
    }
}

/// Fields: `name`, `scope`, `expires` (a choice of days).
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/api_key_new.html")]
pub struct NewApiKey {
    pub csrf: String,
    pub name: Field,
    /// Radio buttons; no wider than the role of whoever creates it.
    pub scope: Select,
    pub expires: Select,
    pub problem: Option<String>,
}

impl Body for NewApiKey {
    fn title(&self) -> &'static str {
        "New API key"
    }
}

/// The one time that the secret is shown.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/access/api_key_created.html")]
pub struct ApiKeyCreated {
    pub name: String,
    pub secret: String,
    pub scope: String,
    pub expires: Option<Moment>,
    /// Something to try it with: `curl -H 'Authorization: Bearer …' https://…/api/v1/users`.
    pub example: String,
}

impl Body for ApiKeyCreated {
    fn title(&self) -> &'static str {
        "Your new API key"
    }
}
