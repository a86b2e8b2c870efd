//! `GET /api/v1/users/{id}/groups`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{Group, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::users::refusal::known;
use crate::api::{List, PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// A group that a person is in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserGroup {
    id: String,
    name: String,
    description: String,
    /// Why the person is in it.
    membership: UserGroupMembership,
}

/// Why a person is in a group.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UserGroupMembership {
    /// An administrator put them in.
    Static,
    /// The rule of the group.
    Dynamic,
    /// The built-in group has everyone.
    Everyone,
}

impl From<Group> for UserGroup {
    fn from(group: Group) -> Self {
        let membership = if group.everyone {
            UserGroupMembership::Everyone
        } else if group.rule().is_some() {
            UserGroupMembership::Dynamic
        } else {
            UserGroupMembership::Static
        };
        Self {
            id: group.id.to_string(),
            name: group.name,
            description: group.description,
            membership,
        }
    }
}

/// List the groups of a user
///
/// By name.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/groups",
    tag = "Users",
    operation_id = "list_user_groups",
    params(("id" = String, Path)),
    responses((status = 200, description = "All of them.", body = List<UserGroup>))
)]
pub(crate) async fn groups(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<UserGroup>>, Problem> {
    known(&site, id).await?;
    let all = site.store.read().await?.groups_of(id).await?;
    Ok(Json(List {
        items: all.into_iter().map(UserGroup::from).collect(),
        next_cursor: None,
    }))
}
