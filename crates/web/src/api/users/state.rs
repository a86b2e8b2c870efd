//! `POST /api/v1/users/{id}/state`

use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{SetUserStateError, UserId, set_user_state};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::users::document::{User, UserState, versioned};
use crate::api::users::refusal::{known, nobody};
use crate::api::{JsonBody, PathId, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// The state that a person is to have.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewUserState)]
pub(crate) struct Body {
    state: UserState,
}

/// Activate, suspend or stage a user
///
/// Leaving the state `active` ends all sessions at once. The present state again changes nothing.
#[utoipa::path(
    post,
    path = "/api/v1/users/{id}/state",
    tag = "Users",
    operation_id = "set_user_state",
    request_body = Body,
    params(("id" = String, Path)),
    responses((status = 200, description = "The user as they are now.", body = User,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn set(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<UserId>,
    JsonBody(body): JsonBody<Body>,
) -> Result<Versioned<User>, Problem> {
    match set_user_state(&mut caller.op, site.store.as_ref(), id, body.state.into()).await {
        Ok(()) => known(&site, id).await.map(versioned),
        Err(SetUserStateError::NoSuchUser) => Err(nobody()),
        Err(SetUserStateError::Store(error)) => Err(error.into()),
    }
}
