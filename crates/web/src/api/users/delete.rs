//! `DELETE /api/v1/users/{id}`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jetway_identity::{DeleteUserError, UserId, delete_user};

use crate::api::users::refusal::nobody;
use crate::api::{PathId, Precondition, Problem};
use crate::shared::{ApiCaller, Site};

/// Delete a user
///
/// For good, with sessions, memberships, keys and schedules.
#[utoipa::path(
    delete,
    path = "/api/v1/users/{id}",
    tag = "Users",
    operation_id = "delete_user",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 204, description = "The user is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<UserId>,
    condition: Precondition,
) -> Result<StatusCode, Problem> {
    let store = site.store.as_ref();
    match delete_user(&mut caller.op, store, id, condition.expected()).await {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(DeleteUserError::NoSuchUser) => Err(nobody()),
        Err(DeleteUserError::Stale(present)) => Err(Problem::stale(present.version)),
        Err(DeleteUserError::Store(error)) => Err(error.into()),
    }
}
