//! `DELETE /api/v1/api-keys/{id}`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jetway_identity::{ApiKeyId, RevokeApiKeyError, revoke_api_key};

use crate::api::{PathId, Problem};
use crate::shared::{ApiCaller, Failure, Site};

/// Revoke an API key
///
/// At once and on every node.
#[utoipa::path(
    delete,
    path = "/api/v1/api-keys/{id}",
    tag = "Administrators",
    operation_id = "revoke_api_key",
    params(("id" = String, Path, format = "uuid")),
    responses((status = 204, description = "The key opens nothing any more."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApiKeyId>,
) -> Result<StatusCode, Problem> {
    revoke_api_key(&mut caller.op, site.store.as_ref(), id)
        .await
        .map_err(|error| match error {
            RevokeApiKeyError::NotAllowed(_) => Failure::forbidden().into(),
            RevokeApiKeyError::NoSuchKey => Problem::not_found("API key"),
            RevokeApiKeyError::Store(error) => error.into(),
        })?;
    Ok(StatusCode::NO_CONTENT)
}
