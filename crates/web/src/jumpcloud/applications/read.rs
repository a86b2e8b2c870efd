//! `GET /api/applications` and `GET /api/applications/{id}`

use std::cmp::Ordering;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use jetway_identity::applications::{KeyState, SigningKeyInfo, application, list_keys};
use jetway_identity::{Application, ApplicationId, all_applications};
use serde_json::{Map, Value, json};

use super::document::document;
use crate::api::refusal::Refusal;
use crate::api::systemusers::condition::{Allowance, Condition};
use crate::api::systemusers::document::narrowed;
use crate::api::systemusers::read::{ListQuery, bounds, names, read_query};
use crate::shared::{ApiCaller, Site};

/// List applications
///
/// Applications, in the order of their creation.
#[utoipa::path(
    get,
    path = "/api/applications",
    tag = "JumpCloud",
    operation_id = "jumpcloud_list_applications",
    params(("limit" = Option<String>, Query), ("skip" = Option<String>, Query), ("sort" = Option<String>, Query), ("filter" = Option<String>, Query), ("fields" = Option<String>, Query)),
    responses((status = 200, description = "`totalCount` and `results`.", body = Object))
)]
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let query = read_query(query)?;
    let (limit, skip) = bounds(query.limit.as_deref(), query.skip.as_deref())?;
    let condition = Condition::of_query(&query.filter, &mut Allowance::of_a_request())?;
    let fields = names(&query.fields);
    let store = site.store.as_ref();
    let organisation = store.read().await?.settings().await?.organisation;
    let public_url = site.settings.public_url();
    let mut all = all_applications(store).await?;
    all.sort_by_key(|one| (one.application.created_at, one.application.id.to_string()));
    let described = all.into_iter().map(|one| {
        let document = document(&one.application, None, organisation, public_url);
        (one.application, document)
    });
    let mut found: Vec<_> = described
        .filter(|(_, document)| condition.holds(document))
        .collect();
    for field in names(&query.sort).iter().rev() {
        let (field, descending) = match field.strip_prefix('-') {
            Some(field) => (field, true),
            None => (field.as_str(), false),
        };
        found.sort_by(|(_, one), (_, other)| {
            let order = compare(one.get(field), other.get(field));
            if descending { order.reverse() } else { order }
        });
    }
    let total = found.len();
    let mut results = Vec::new();
    for (application, _) in found.into_iter().skip(skip).take(limit) {
        let key = current_key(&site, application.id).await?;
        let document = document(&application, key.as_ref(), organisation, public_url);
        results.push(narrowed(document, &fields));
    }
    Ok(Json(json!({ "totalCount": total, "results": results })))
}

/// An application
///
/// One application.
#[utoipa::path(
    get,
    path = "/api/applications/{id}",
    tag = "JumpCloud",
    operation_id = "jumpcloud_get_application",
    params(("id" = String, Path), ("fields" = Option<String>, Query)),
    responses((status = 200, description = "The application.", body = Object))
)]
pub(crate) async fn get(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    Path(id): Path<String>,
    query: Result<Query<ListQuery>, QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let fields = names(&read_query(query)?.fields);
    let found = find(&site, &id).await?;
    Ok(Json(narrowed(one(&site, &found).await?, &fields)))
}

/// The application of an id in the path. What is no id names nothing.
pub(super) async fn find(site: &Site, id: &str) -> Result<Arc<Application>, Refusal> {
    let id: ApplicationId = id.parse().map_err(|_| Refusal::not_found())?;
    let found = application(site.store.as_ref(), id).await?;
    found.ok_or_else(Refusal::not_found)
}

/// The document of an application.
pub(super) async fn one(
    site: &Site,
    application: &Application,
) -> Result<Map<String, Value>, Refusal> {
    let organisation = site.store.read().await?.settings().await?.organisation;
    let key = current_key(site, application.id).await?;
    let public_url = site.settings.public_url();
    Ok(document(
        application,
        key.as_ref(),
        organisation,
        public_url,
    ))
}

/// The key that signs at present, without the key.
pub(super) async fn current_key(
    site: &Site,
    id: ApplicationId,
) -> Result<Option<SigningKeyInfo>, Refusal> {
    let keys = list_keys(site.store.as_ref(), id).await?;
    let mut keys = keys.unwrap_or_default().into_iter();
    Ok(keys.find(|key| key.state == KeyState::Current))
}

/// Texts in any letter case; what is missing comes first.
fn compare(one: Option<&Value>, other: Option<&Value>) -> Ordering {
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.to_lowercase(),
        Some(value) => value.to_string(),
    };
    text(one).cmp(&text(other))
}
