//! What is reached from where, with every way to it: the users and groups of an application, and the
//! applications of a user or a group (requirements.md §5.4). `paths` has each grant that would have
//! to be withdrawn to take the access away.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::Uri;
use jetway_identity::applications::people_with_access_from;
use jetway_identity::{
    ApplicationAndGroups, UserId, applications_of_group as granted_to,
    applications_of_user as had_by,
};
use serde_json::Value;

use super::associations::{access, application_id, user_id};
use super::error::Refusal;
use super::graph::{connection, object, reached, reached_by};
use super::groups::find;
use super::listing::Listing;
use crate::shared::{ApiCaller, Site};

/// List everybody who has an application
///
/// By name, whatever their state.
#[utoipa::path(
    get,
    path = "/api/v2/applications/{id}/users",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_application_users",
    params(("id" = String, Path), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Each with every way to it.", body = Vec<Object>))
)]
pub(crate) async fn users(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let known = application_id(&id)?;
    access(&site, known).await?;
    let store = site.store.as_ref();
    let (people, more) = people_with_access_from(store, known, listing.skip, listing.limit).await?;
    let from = object("application", &id);
    let page = people.iter().map(|person| {
        let user = person.user.id.to_string();
        let to = object("user", &user);
        let mut paths = Vec::new();
        if person.direct {
            paths.push(vec![connection(&from, &to)]);
        }
        for group in &person.groups {
            let group = object("user_group", &group.id.to_string());
            paths.push(vec![connection(&from, &group), connection(&group, &to)]);
        }
        reached_by("user", &user, &paths)
    });
    Ok(listing.bare(&site, &uri, page.collect(), more))
}

/// List the groups that have an application
#[utoipa::path(
    get,
    path = "/api/v2/applications/{id}/usergroups",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_application_groups",
    params(("id" = String, Path), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Each with every way to it.", body = Vec<Object>))
)]
pub(crate) async fn user_groups(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let access = access(&site, application_id(&id)?).await?;
    let from = object("application", &id);
    let groups = access.groups.iter().map(|group| group.id.to_string());
    let all = groups.map(|id| reached("user_group", &id, &from, &object("user_group", &id)));
    Ok(listing.answer(&site, &uri, all.collect()))
}

/// List the applications of a group
#[utoipa::path(
    get,
    path = "/api/v2/usergroups/{id}/applications",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_group_applications",
    params(("id" = String, Path), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Each with every way to it.", body = Vec<Object>))
)]
pub(crate) async fn applications_of_group(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let group = find(&site, &id).await?;
    let found = granted_to(site.store.as_ref(), group.id).await?;
    let from = object("user_group", &id);
    let ids = found.iter().map(|application| application.id.to_string());
    let all = ids.map(|id| reached("application", &id, &from, &object("application", &id)));
    Ok(listing.answer(&site, &uri, all.collect()))
}

/// List the applications of a user
#[utoipa::path(
    get,
    path = "/api/v2/users/{id}/applications",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_user_applications",
    params(("id" = String, Path), ("limit" = Option<String>, Query), ("skip" = Option<String>, Query)),
    responses((status = 200, description = "Each with every way to it.", body = Vec<Object>))
)]
pub(crate) async fn applications_of_user(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let found = applications_of(&site, user_id(&id)?).await?;
    let from = object("user", &id);
    let all: Vec<Value> = found.iter().map(|one| to_application(&from, one)).collect();
    Ok(listing.answer(&site, &uri, all))
}

fn to_application(from: &Value, one: &ApplicationAndGroups) -> Value {
    let id = one.application.id.to_string();
    let to = object("application", &id);
    let mut paths = Vec::new();
    if one.users > 0 {
        paths.push(vec![connection(from, &to)]);
    }
    for group in &one.groups {
        let group = object("user_group", &group.id.to_string());
        paths.push(vec![connection(from, &group), connection(&group, &to)]);
    }
    reached_by("application", &id, &paths)
}

/// The applications of a user who is there.
pub(super) async fn applications_of(
    site: &Site,
    id: UserId,
) -> Result<Vec<ApplicationAndGroups>, Refusal> {
    let store = site.store.as_ref();
    if store.read().await?.user(id).await?.is_none() {
        return Err(Refusal::not_found("user"));
    }
    Ok(had_by(store, id).await?)
}
