//! `/api/v2/usergroups` and `/api/v2/groups`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, Uri};
use jetway_identity::{
    Group, GroupChange, GroupId, NewGroup, create_group, delete_group, group_summary, list_groups,
    update_group,
};
use serde_json::{Value, json};

use super::error::Refusal;
use super::listing::Listing;
use super::user_group::{self as document, Sent};
use crate::api::groups::refusal::{not_created, not_deleted, not_updated};
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

/// Groups that are read at once.
const BATCH: u32 = 1000;

/// `GET /api/v2/usergroups`
pub(crate) async fn user_groups(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let all = all(&site).await?;
    Ok(listing.answer(
        &site,
        &uri,
        all.into_iter().map(document::user_group).collect(),
    ))
}

/// `GET /api/v2/groups`: groups of every kind; ours are all of users.
pub(crate) async fn groups(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    uri: Uri,
) -> Result<Response, Refusal> {
    let listing = Listing::of(uri.query())?;
    let brief = |group: Group| json!({"id": group.id.to_string(), "name": group.name, "type": "user_group"});
    let all = all(&site).await?;
    Ok(listing.answer(&site, &uri, all.into_iter().map(brief).collect()))
}

/// `GET /api/v2/usergroups/{id}`
pub(crate) async fn user_group(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let group = find(&site, &id).await?;
    Ok(Json(document::user_group(group)))
}

/// `POST /api/v2/usergroups`
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    body: Result<JsonBody<Sent>, Problem>,
) -> Result<Response, Refusal> {
    let JsonBody(mut sent) = body?;
    let new = NewGroup {
        attributes: sent.attributes()?.unwrap_or_default(),
        name: sent.name.unwrap_or_default(),
        description: sent.description.unwrap_or_default(),
        rule: None,
    };
    let id = create_group(&mut caller.op, site.store.as_ref(), new)
        .await
        .map_err(not_created)?;
    let group = find(&site, &id.to_string()).await?;
    let body = Json(document::user_group(group));
    Ok((StatusCode::CREATED, body).into_response())
}

/// `PUT /api/v2/usergroups/{id}`. What is not sent stays.
pub(crate) async fn replace(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
    body: Result<JsonBody<Sent>, Problem>,
) -> Result<Json<Value>, Refusal> {
    let JsonBody(mut sent) = body?;
    let id = group_id(&id)?;
    let change = GroupChange {
        attributes: sent.attributes()?,
        name: sent.name,
        description: sent.description,
        membership: None,
    };
    let group = update_group(&mut caller.op, site.store.as_ref(), id, None, change)
        .await
        .map_err(not_updated)?;
    Ok(Json(document::user_group(group)))
}

/// `DELETE /api/v2/usergroups/{id}`: answers with the group that was.
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let group = find(&site, &id).await?;
    delete_group(&mut caller.op, site.store.as_ref(), group.id, None)
        .await
        .map_err(not_deleted)?;
    Ok(Json(document::user_group(group)))
}

/// The id in the path. What is no id names nothing.
pub(super) fn group_id(id: &str) -> Result<GroupId, Refusal> {
    id.parse().map_err(|_| Refusal::not_found("group"))
}

pub(super) async fn find(site: &Site, id: &str) -> Result<Group, Refusal> {
    let found = group_summary(site.store.as_ref(), group_id(id)?).await?;
    found
        .map(|found| found.group)
        .ok_or_else(|| Refusal::not_found("group"))
}

/// There are a few thousand at most.
async fn all(site: &Site) -> Result<Vec<Group>, Refusal> {
    let mut groups = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = list_groups(site.store.as_ref(), "", after.as_deref(), BATCH).await?;
        groups.extend(page.groups.into_iter().map(|found| found.group));
        after = page.next;
        if after.is_none() {
            return Ok(groups);
        }
    }
}
