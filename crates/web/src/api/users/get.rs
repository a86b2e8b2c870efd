//! `GET /api/v1/users/{id}`

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use jetway_identity::UserId;

use crate::api::users::document::{User, versioned};
use crate::api::users::refusal::known;
use crate::api::{PathId, Precondition, Problem};
use crate::shared::{ApiCaller, Site};

/// A user
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}",
    tag = "Users",
    operation_id = "get_user",
    params(("id" = String, Path)),
    responses((status = 200, description = "The user.", body = User,
        headers(("ETag" = String, description = "Its version."))),
        (status = 304, description = "It has the version in If-None-Match."))
)]
pub(crate) async fn user(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
    condition: Precondition,
) -> Result<Response, Problem> {
    Ok(versioned(known(&site, id).await?).answer(&condition))
}
