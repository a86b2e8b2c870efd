//! `GET /api/v1/caller`: what the key that asks is good for.

use axum::Json;
use jetway_identity::Permission;
use serde_json::{Value, json};
use time::format_description::well_known::Rfc3339;

use crate::shared::ApiCaller;

/// The key, without its secret, and what it may do now: its scopes as far as the role of its owner
/// goes.
pub(crate) async fn caller(caller: ApiCaller) -> Json<Value> {
    let scopes: Vec<_> = caller
        .key
        .scopes
        .iter()
        .map(|scope| scope.as_str())
        .collect();
    let permissions: Vec<_> = Permission::ALL
        .into_iter()
        .filter(|permission| caller.may(*permission))
        .map(Permission::as_str)
        .collect();
    let expires_at = caller
        .key
        .expires_at
        .and_then(|end| end.format(&Rfc3339).ok());
    Json(json!({
        "id": caller.key.id.to_string(),
        "name": caller.key.name,
        "scopes": scopes,
        "permissions": permissions,
        "expires_at": expires_at,
        "owner": {"id": caller.owner.id.to_string(), "email": caller.owner.email},
    }))
}
