//! `/insights/directory/v1/events`: the activity log in the form of JumpCloud's Directory Insights
//! (requirements.md §5.4, §5.6), so that scripts written for it work with the host changed.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue};
use jetway_identity::events::{EventPage, count_events, event_json, page_of_events};
use jetway_identity::{EventFilter, EventId, EventKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::api::instant::Instant;
use crate::api::{JsonBody, Problem};
use crate::shared::{ApiCaller, Site};

const RESULT_COUNT: HeaderName = HeaderName::from_static("x-result-count");
const LIMIT: HeaderName = HeaderName::from_static("x-limit");
const SEARCH_AFTER: HeaderName = HeaderName::from_static("x-search_after");

/// Longest page; JumpCloud's is ten times as long, and more than asked for is never given.
const MOST: u32 = 1000;
const USUAL: u32 = 1000;
const MOST_COUNTED: u32 = 1_000_000;
/// Most fields and values of a search; each is held against every kind of event.
const MOST_CONDITIONS: usize = 200;

/// What is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Question {
    /// `all`, `directory` or `sso`.
    service: Vec<String>,
    start_time: Instant,
    end_time: Option<Instant>,
    limit: Option<u32>,
    sort: Option<Sort>,
    /// `X-Search_after` of the page before.
    search_after: Option<Vec<Value>>,
    search_term: Option<Map<String, Value>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Sort {
    #[serde(rename = "ASC", alias = "asc")]
    Ascending,
    #[serde(rename = "DESC", alias = "desc")]
    Descending,
}

pub(crate) async fn events(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    JsonBody(asked): JsonBody<Question>,
) -> Result<Response, Problem> {
    let filter = asked.filter()?;
    let limit = asked.limit.unwrap_or(USUAL).clamp(1, MOST);
    let page = EventPage {
        after: asked.after()?,
        oldest_first: asked.sort != Some(Sort::Descending),
        limit,
    };
    let store = site.store.as_ref();
    let events = page_of_events(store, &filter, page).await?;
    let organisation = store.read().await?.settings().await?.organisation;
    let last = events.last().map(|last| json!([last.id.to_string()]));
    let after = last.unwrap_or_else(|| json!([])).to_string();
    let count = HeaderValue::from(events.len());
    let documents: Vec<_> = events
        .iter()
        .map(|event| event_json(event, organisation))
        .collect();
    let mut response = Json(documents).into_response();
    let headers = response.headers_mut();
    headers.insert(RESULT_COUNT, count);
    headers.insert(LIMIT, HeaderValue::from(limit));
    if let Ok(after) = HeaderValue::try_from(after) {
        headers.insert(SEARCH_AFTER, after);
    }
    Ok(response)
}

pub(crate) async fn count(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    JsonBody(asked): JsonBody<Question>,
) -> Result<Json<Value>, Problem> {
    let filter = asked.filter()?;
    let count = count_events(site.store.as_ref(), &filter, MOST_COUNTED).await?;
    Ok(Json(json!({ "count": count })))
}

impl Question {
    fn filter(&self) -> Result<EventFilter, Problem> {
        let mut filter = EventFilter {
            from: Some(self.start_time.0),
            to: self.end_time.map(|at| at.0),
            ..EventFilter::default()
        };
        let mut kinds = self.of_services()?;
        if let Some(term) = &self.search_term {
            let conditions = conditions(term)?;
            let values = conditions.iter().map(|(_, values)| values.len());
            if conditions.len() + values.sum::<usize>() > MOST_CONDITIONS {
                return Err(Problem::field("search_term", "has too many conditions"));
            }
            for (field, values) in conditions {
                narrow(&mut filter, &mut kinds, &field, &values)?;
            }
        }
        if kinds.is_empty() {
            // Nothing can be of no kind; an empty list would mean all.
            filter.to = filter.from;
        } else if kinds.len() < EventKind::ALL.len() {
            filter.kinds = kinds;
        }
        Ok(filter)
    }

    fn of_services(&self) -> Result<Vec<EventKind>, Problem> {
        let known = |name: &String| ["all", "directory", "sso"].contains(&name.as_str());
        if !self.service.iter().all(known) {
            return Err(Problem::field("service", "use all, directory or sso"));
        }
        let asked = |name: &str| self.service.iter().any(|service| service == name);
        let (all, directory, sso) = (asked("all"), asked("directory"), asked("sso"));
        let of_them = |kind: &EventKind| {
            all || if *kind == EventKind::SsoAuth {
                sso
            } else {
                directory
            }
        };
        Ok(EventKind::ALL.iter().copied().filter(of_them).collect())
    }

    fn after(&self) -> Result<Option<EventId>, Problem> {
        let Some(last) = self.search_after.as_ref().and_then(|after| after.last()) else {
            return Ok(None);
        };
        let id = last.as_str().and_then(|text| text.parse().ok());
        let wrong = || Problem::field("search_after", "use X-Search_after of the page before");
        id.map(Some).ok_or_else(wrong)
    }
}

/// `{"and": [{field: value}, …]}` or one level of `{field: value}`; `or` only among the values of
/// one field.
fn conditions(term: &Map<String, Value>) -> Result<Vec<(String, Vec<String>)>, Problem> {
    let mut all = Vec::new();
    for (name, value) in term {
        match (name.as_str(), value) {
            ("and", Value::Array(parts)) => {
                for part in parts {
                    let part = part.as_object().ok_or_else(unsupported)?;
                    if part.contains_key("and") {
                        return Err(unsupported());
                    }
                    all.extend(conditions(part)?);
                }
            }
            ("or", Value::Array(parts)) => all.push(alternatives(parts)?),
            ("and" | "or" | "not", _) => return Err(unsupported()),
            (field, Value::Array(values)) => {
                let values = values.iter().map(text).collect::<Result<_, _>>()?;
                all.push((field.to_owned(), values));
            }
            (field, value) => all.push((field.to_owned(), vec![text(value)?])),
        }
    }
    Ok(all)
}

fn alternatives(parts: &[Value]) -> Result<(String, Vec<String>), Problem> {
    let mut found: Option<(String, Vec<String>)> = None;
    for part in parts {
        let part = part.as_object().ok_or_else(unsupported)?;
        for (field, value) in part {
            let value = text(value)?;
            match &mut found {
                None => found = Some((field.clone(), vec![value])),
                Some((known, values)) if known == field => values.push(value),
                Some(_) => return Err(unsupported()),
            }
        }
    }
    found.ok_or_else(unsupported)
}

fn text(value: &Value) -> Result<String, Problem> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(flag) => Ok(flag.to_string()),
        _ => Err(unsupported()),
    }
}

fn unsupported() -> Problem {
    Problem::field(
        "search_term",
        "use and over event_type, success, initiated_by.id, resource.id, client_ip or service, and or among values of one of them",
    )
}

fn narrow(
    filter: &mut EventFilter,
    kinds: &mut Vec<EventKind>,
    field: &str,
    values: &[String],
) -> Result<(), Problem> {
    if field == "event_type" {
        kinds.retain(|kind| values.iter().any(|value| value == kind.as_str()));
        return Ok(());
    }
    let [value] = values else {
        return Err(unsupported());
    };
    match field {
        "success" => filter.success = Some(value == "true"),
        "initiated_by.id" => filter.actor = Some(value.clone()),
        "resource.id" | "application.id" => filter.target = Some(value.clone()),
        "client_ip" | "initiated_by.email" | "resource.email" => filter.text.clone_from(value),
        "service" => kinds.retain(|kind| (*kind == EventKind::SsoAuth) == (value == "sso")),
        _ => return Err(unsupported()),
    }
    Ok(())
}
