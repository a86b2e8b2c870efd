//! `GET /api/v1/groups/{id}`

use std::sync::Arc;

use axum::extract::State;
use jetway_identity::{GroupId, group_summary};

use crate::api::groups::document::{Group, versioned};
use crate::api::{PathId, Problem, Versioned};
use crate::shared::{ApiCaller, Site};

/// A group
#[utoipa::path(
    get,
    path = "/api/v1/groups/{id}",
    tag = "Groups",
    operation_id = "get_group",
    params(("id" = String, Path)),
    responses((status = 200, description = "The group.", body = Group,
        headers(("ETag" = String, description = "The version of the group itself, without its \
            counts."))))
)]
pub(crate) async fn group(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<GroupId>,
) -> Result<Versioned<Group>, Problem> {
    // Never 304: members come and go without another version.
    let found = group_summary(site.store.as_ref(), id).await?;
    found
        .map(versioned)
        .ok_or_else(|| Problem::not_found("group"))
}
