//! `/api/v2/usergroups/{id}/members` and `…/membership`, `/api/v2/users/{id}/memberof`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::{UserId, add_members, group_member_ids, groups_of_user, remove_members};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::error::Refusal;
use super::graph::{member, object, reached};
use super::groups::{find, group_id};
use super::listing::Listing;
use crate::api::groups::refusal::members_not_changed;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// `GET /api/v2/usergroups/{id}/members`: a connection for each member, by id.
pub(crate) async fn members(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let (page, more) = page(&site, &id, &listing).await?;
    let connections = page.iter().map(|user| member(&id, user)).collect();
    Ok(listing.bare(&site, &uri, connections, more))
}

/// `GET /api/v2/usergroups/{id}/membership`: the members, each with the path to it.
pub(crate) async fn membership(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let (page, more) = page(&site, &id, &listing).await?;
    let group = object("user_group", &id);
    let paths = page
        .iter()
        .map(|user| reached("user", user, &group, &object("user", user)));
    Ok(listing.bare(&site, &uri, paths.collect(), more))
}

/// The members of a page, and whether there are more behind it.
async fn page(site: &Site, id: &str, listing: &Listing) -> Result<(Vec<String>, bool), Refusal> {
    let group = find(site, id).await?;
    let store = site.store.as_ref();
    let (skip, limit) = (listing.skip, listing.limit);
    let mut members = group_member_ids(store, group.id, skip, limit + 1).await?;
    let more = members.len() > limit as usize;
    members.truncate(limit as usize);
    Ok((members.iter().map(ToString::to_string).collect(), more))
}

/// What to do with a connection, and what is at its other end.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = JumpCloudOperation)]
pub(crate) struct Operation {
    /// `add`, `remove` or `update`.
    #[schema(example = "add")]
    pub(super) op: String,
    /// `user`, `user_group` or `application`.
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) id: String,
    /// There are none here.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub(super) attributes: Value,
}

/// `POST /api/v2/usergroups/{id}/members`: 204, also when nothing had to change.
pub(crate) async fn change_member(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Result<JsonBody<Operation>, Problem>,
) -> Result<StatusCode, Refusal> {
    let JsonBody(operation) = body?;
    let group = group_id(&id)?;
    if operation.kind != "user" {
        let message = "type: only users can be members; use \"user\".";
        return Err(Refusal::invalid(message));
    }
    let user: UserId = operation
        .id
        .parse()
        .map_err(|_| Refusal::invalid("id: this is not the id of a user."))?;
    let (op, store) = (&mut caller.op, site.store.as_ref());
    let changed = match operation.op.as_str() {
        "add" => add_members(op, store, group, &[user]).await,
        "remove" => remove_members(op, store, group, &[user]).await,
        _ => return Err(Refusal::invalid("op: use \"add\" or \"remove\".")),
    };
    changed.map_err(|error| members_not_changed(error, "id"))?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET /api/v2/users/{id}/memberof`: the groups of a user, each with the path to it.
pub(crate) async fn member_of(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let user: UserId = id.parse().map_err(|_| Refusal::not_found("user"))?;
    let groups = groups_of_user(site.store.as_ref(), user).await?;
    let groups = groups.ok_or_else(|| Refusal::not_found("user"))?;
    let from = object("user", &id);
    let reached = groups.iter().map(|group| {
        let group = group.id.to_string();
        reached("user_group", &group, &from, &object("user_group", &group))
    });
    Ok(listing.answer(&site, &uri, reached.collect()))
}
