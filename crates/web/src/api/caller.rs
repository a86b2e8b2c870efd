//! `GET /api/v1/caller`: what the key that asks is good for.

use axum::Json;
use jetway_identity::Permission;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::api::api_keys::document::Scope;
use crate::api::instant::Instant;
use crate::shared::ApiCaller;

/// The operation of this file.
#[derive(OpenApi)]
#[openapi(paths(caller))]
pub(crate) struct Api;

/// A key as it sees itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Caller {
    #[schema(format = "uuid")]
    id: String,
    name: String,
    scopes: Vec<Scope>,
    /// What the scopes allow now, as far as the role of the owner goes.
    permissions: Vec<&'static str>,
    /// `null`: it does not expire.
    expires_at: Option<Instant>,
    owner: Owner,
}

/// The administrator whom a key belongs to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ApiKeyOwner)]
struct Owner {
    #[schema(format = "uuid")]
    id: String,
    email: String,
}

/// The key that asks
///
/// Without its secret, and what it may do now: its scopes as far as the role of its owner goes.
#[utoipa::path(
    get,
    path = "/api/v1/caller",
    tag = "Administrators",
    operation_id = "get_caller",
    responses((status = 200, description = "The key.", body = Caller))
)]
pub(crate) async fn caller(caller: ApiCaller) -> Json<Caller> {
    let permissions = Permission::ALL
        .into_iter()
        .filter(|permission| caller.may(*permission))
        .map(Permission::as_str)
        .collect();
    Json(Caller {
        id: caller.key.id.to_string(),
        name: caller.key.name,
        scopes: caller.key.scopes.into_iter().map(Scope::from).collect(),
        permissions,
        expires_at: caller.key.expires_at.map(Instant::new),
        owner: Owner {
            id: caller.owner.id.to_string(),
            email: caller.owner.email,
        },
    })
}
