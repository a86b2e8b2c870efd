//! `GET /api/systemusers`, `GET /api/systemusers/{id}`, `POST /api/search/systemusers`

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use jetway_identity::{Op, UserId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::condition::{Allowance, Condition};
use super::document::{Surroundings, narrowed};
use super::select::{DEFAULT_LIMIT, MAX_LIMIT, Part, select};
use crate::api::json_body;
use crate::api::refusal::Refusal;
use crate::shared::{ApiCaller, Site};
use axum::extract::{Path, Query};

/// The query of a list. Parameters that are unknown are passed over, as there.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ListQuery {
    pub(crate) limit: Option<String>,
    pub(crate) skip: Option<String>,
    #[serde(default)]
    pub(crate) sort: String,
    #[serde(default)]
    pub(crate) fields: String,
    #[serde(default)]
    pub(crate) filter: String,
    pub(crate) search: Option<String>,
}

/// People, in the order of their creation.
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let query = read_query(query)?;
    let mut left = Allowance::of_a_request();
    let mut all = vec![Condition::of_query(&query.filter, &mut left)?];
    if let Some(search) = &query.search {
        let search: Value = json_body::parse(search.as_bytes())?;
        all.push(Condition::of_search(&search, &mut left)?);
    }
    let part = part(
        query.limit.as_deref(),
        query.skip.as_deref(),
        Some(&query.sort),
    )?;
    answer(&site, &caller.op, all, &part, &names(&query.fields)).await
}

/// People who match the body. Also without a body: then everybody does.
pub(crate) async fn search(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
    body: Bytes,
) -> Result<Json<Value>, Refusal> {
    let query = read_query(query)?;
    let body: Value = if body.trim_ascii().is_empty() {
        json!({})
    } else {
        json_body::parse(&body)?
    };
    if !body.is_object() {
        return Err(Refusal::bad_request("Send a JSON object."));
    }
    let mut left = Allowance::of_a_request();
    let mut all = vec![
        Condition::of_query(&query.filter, &mut left)?,
        Condition::of_body(&body["filter"], &mut left)?,
    ];
    for name in ["searchFilter", "search"] {
        if !body[name].is_null() {
            all.push(Condition::of_search(&body[name], &mut left)?);
        }
    }
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let limit = text(&body["limit"]).or(query.limit);
    let skip = text(&body["skip"]).or(query.skip);
    let sort = text(&body["sort"]).unwrap_or(query.sort);
    let part = part(limit.as_deref(), skip.as_deref(), Some(&sort))?;
    let fields = match &body["fields"] {
        Value::String(text) => names(text),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => names(&query.fields),
    };
    answer(&site, &caller.op, all, &part, &fields).await
}

/// One person.
pub(crate) async fn get(
    State(site): State<Arc<Site>>,
    caller: ApiCaller,
    Path(id): Path<String>,
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Refusal> {
    let fields = names(&read_query(query)?.fields);
    let id: UserId = id.parse().map_err(|_| Refusal::not_found())?;
    let document = one(&site, &caller.op, id).await?;
    Ok(Json(match document {
        Value::Object(members) => narrowed(members, &fields),
        other => other,
    }))
}

/// The document of a person who is there.
pub(super) async fn one(site: &Site, op: &Op, id: UserId) -> Result<Value, Refusal> {
    let store = site.store.as_ref();
    let surroundings = Surroundings::read(store).await?;
    let user = store.read().await?.user(id).await?;
    let user = user.ok_or_else(Refusal::not_found)?;
    Ok(Value::Object(surroundings.whole(op, store, &user).await?))
}

async fn answer(
    site: &Site,
    op: &Op,
    mut all: Vec<Condition>,
    part: &Part,
    fields: &[String],
) -> Result<Json<Value>, Refusal> {
    all.retain(|condition| !condition.is_none());
    let condition = Condition::All(all);
    let store = site.store.as_ref();
    let surroundings = Surroundings::read(store).await?;
    let (users, total) = select(op, store, &surroundings, &condition, part).await?;
    let mut results = Vec::with_capacity(users.len());
    for user in &users {
        let document = surroundings.whole(op, store, user).await?;
        results.push(narrowed(document, fields));
    }
    // In this order: there are scripts that read the text.
    Ok(Json(json!({ "totalCount": total, "results": results })))
}

pub(crate) fn read_query(
    query: Result<Query<ListQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<ListQuery, Refusal> {
    match query {
        Ok(Query(query)) => Ok(query),
        Err(_) => Err(Refusal::bad_request("The query cannot be read.")),
    }
}

fn part(limit: Option<&str>, skip: Option<&str>, sort: Option<&str>) -> Result<Part, Refusal> {
    let (limit, skip) = bounds(limit, skip)?;
    let (sort, descending) = Part::sorted_by(sort.unwrap_or_default());
    Ok(Part {
        limit,
        skip,
        sort,
        descending,
    })
}

/// How many to show and how many to leave out before them.
pub(crate) fn bounds(limit: Option<&str>, skip: Option<&str>) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, text: Option<&str>, default: usize| match text {
        None | Some("") => Ok(default),
        Some(text) => text
            .parse::<usize>()
            .map_err(|_| Refusal::bad_request(format!("{name} must be a whole number."))),
    };
    let limit = number("limit", limit, DEFAULT_LIMIT)?.min(MAX_LIMIT);
    Ok((limit, number("skip", skip, 0)?))
}

/// Names separated by spaces or commas.
pub(crate) fn names(text: &str) -> Vec<String> {
    text.split([' ', ','])
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}
