//! `/api/v1/users/{id}/groups` and `/api/v1/users/{id}/applications`

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::{UserId, groups_of_user as find_groups};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::applications::document::{ApplicationBrief, GroupBrief};
use crate::api::{List, PathId, Problem};
use crate::shared::{ApiCaller, Site};

/// List the groups of a user
///
/// By name, with the built-in group; all of them at once.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/groups",
    tag = "Groups",
    operation_id = "list_user_groups",
    params(("id" = String, Path)),
    responses((status = 200, description = "The groups.", body = List<GroupBrief>))
)]
pub(crate) async fn groups_of_user(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<GroupBrief>>, Problem> {
    let found = find_groups(site.store.as_ref(), id).await?;
    let found = found.ok_or_else(|| Problem::not_found("user"))?;
    Ok(Json(List {
        items: found.iter().map(GroupBrief::of).collect(),
        next_cursor: None,
    }))
}

/// An application that a person has, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantedApplication {
    #[serde(flatten)]
    application: ApplicationBrief,
    /// The groups of the person that it is granted to.
    through: Vec<GroupBrief>,
}

/// List the applications of a user
///
/// By label, with the groups through which the user has them; all of them at once.
#[utoipa::path(
    get,
    path = "/api/v1/users/{id}/applications",
    tag = "Groups",
    operation_id = "list_user_applications",
    params(("id" = String, Path)),
    responses((status = 200, description = "The applications.", body = List<GrantedApplication>))
)]
pub(crate) async fn applications_of_user(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<UserId>,
) -> Result<Json<List<GrantedApplication>>, Problem> {
    let store = site.store.as_ref();
    if find_groups(store, id).await?.is_none() {
        return Err(Problem::not_found("user"));
    }
    let found = jetway_identity::applications_of_user(store, id).await?;
    let items = found.iter().map(|one| GrantedApplication {
        application: ApplicationBrief::of(&one.application),
        through: one.groups.iter().map(GroupBrief::of).collect(),
    });
    Ok(Json(List {
        items: items.collect(),
        next_cursor: None,
    }))
}
