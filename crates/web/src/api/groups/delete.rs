//! `DELETE /api/v1/groups/{id}`

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use jetway_identity::{GroupId, delete_group};

use crate::api::groups::refusal::not_deleted;
use crate::api::{PathId, Precondition, Problem};
use crate::shared::{ApiCaller, Site};

/// Delete a group
///
/// Its members stay in the directory and lose what they had through the group alone.
#[utoipa::path(
    delete,
    path = "/api/v1/groups/{id}",
    tag = "Groups",
    operation_id = "delete_group",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag that was read. With another version now the answer is 412.")),
    responses((status = 204, description = "The group is gone."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<GroupId>,
    condition: Precondition,
) -> Result<StatusCode, Problem> {
    let store = site.store.as_ref();
    delete_group(&mut caller.op, store, id, condition.expected())
        .await
        .map_err(not_deleted)?;
    Ok(StatusCode::NO_CONTENT)
}
