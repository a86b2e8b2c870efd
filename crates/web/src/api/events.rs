//! `/api/v1/events`: the activity log.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use jetway_identity::events::{EventPage, count_events, event_json, find_event, page_of_events};
use jetway_identity::{EventFilter, EventId, EventKind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, OpenApi, ToSchema};

use crate::api::instant::Instant;
use crate::api::problem::FieldError;
use crate::api::{Cursor, Limit, List, PathId, Problem, QueryFields};
use crate::shared::{ApiCaller, Site};

/// Counting stops here.
const MOST_COUNTED: u32 = 1_000_000;

/// The operations of this file.
#[derive(OpenApi)]
#[openapi(paths(list, show, count))]
pub(crate) struct Api;

/// An event, with the members of JumpCloud's Directory Insights: `id`, `service`, `event_type`,
/// `timestamp`, `initiated_by`, `resource`, `changes`, `success`, `error_message`, `client_ip`,
/// `useragent`, `organization` and more. Members without a value are left out.
#[derive(Debug, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Object)]
pub(crate) struct EventDocument(Value);

/// In which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    NewestFirst,
    OldestFirst,
}

/// Which events. All conditions must hold.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventQuery {
    /// At or after.
    #[param(value_type = Option<String>, format = DateTime)]
    from: Option<Instant>,
    /// Before.
    #[param(value_type = Option<String>, format = DateTime)]
    to: Option<Instant>,
    /// Names of events with commas between: `user_create,user_delete`.
    #[serde(rename = "type")]
    kinds: Option<String>,
    /// The id of who acted.
    actor: Option<String>,
    /// The id of what the event is about.
    target: Option<String>,
    /// The id of somebody who acted or whom the event is about.
    subject: Option<String>,
    success: Option<bool>,
    /// Part of a name or of an address.
    q: Option<String>,
    /// `newest_first`, the default, or `oldest_first`.
    #[param(value_type = Option<String>, pattern = "^(newest_first|oldest_first)$")]
    sort: Option<Order>,
    #[serde(default)]
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Limit,
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl EventQuery {
    fn filter(&self) -> Result<EventFilter, Problem> {
        let mut kinds = Vec::new();
        for name in self.kinds.iter().flat_map(|names| names.split(',')) {
            let kind = EventKind::from_name(name.trim()).ok_or_else(|| {
                let message = format!("there is no event type {:?}", name.trim());
                Problem::bad_parameters(vec![FieldError::new("type", message)])
            })?;
            kinds.push(kind);
        }
        Ok(EventFilter {
            from: self.from.map(|at| at.0),
            to: self.to.map(|at| at.0),
            kinds,
            actor: self.actor.clone(),
            target: self.target.clone(),
            subject: self.subject.clone(),
            success: self.success,
            text: self.q.clone().unwrap_or_default(),
        })
    }
}

/// List events
///
/// The activity log: every sign-in and every change.
#[utoipa::path(get, path = "/api/v1/events", tag = "Events", operation_id = "list_events",
    params(EventQuery),
    responses((status = 200, description = "A page of events.", body = List<EventDocument>)))]
pub(crate) async fn list(
    State(site): State<Arc<Site>>,
    QueryFields(query): QueryFields<EventQuery>,
    _caller: ApiCaller,
) -> Result<Json<List<EventDocument>>, Problem> {
    let filter = query.filter()?;
    let after = match &query.cursor {
        None => None,
        Some(cursor) => Some(cursor.as_str().parse::<EventId>().map_err(|_| {
            let error = FieldError::new("cursor", "use next_cursor of the page before");
            Problem::bad_parameters(vec![error])
        })?),
    };
    let limit = query.limit.get();
    let page = EventPage {
        after,
        oldest_first: query.sort == Some(Order::OldestFirst),
        limit: limit + 1,
    };
    let mut events = page_of_events(site.store.as_ref(), &filter, page).await?;
    let more = events.len() > limit as usize;
    events.truncate(limit as usize);
    let organisation = site.store.read().await?.settings().await?.organisation;
    Ok(Json(List {
        next_cursor: events
            .last()
            .filter(|_| more)
            .map(|last| Cursor::new(last.id.to_string())),
        items: events
            .iter()
            .map(|event| EventDocument(event_json(event, organisation)))
            .collect(),
    }))
}

/// One event
#[utoipa::path(get, path = "/api/v1/events/{id}", tag = "Events", operation_id = "get_event",
    params(("id" = String, Path)),
    responses(
        (status = 200, description = "The event.", body = EventDocument),
        (status = 404, description = "There is no such event.")))]
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    PathId(id): PathId<EventId>,
    _caller: ApiCaller,
) -> Result<Json<EventDocument>, Problem> {
    let found = find_event(site.store.as_ref(), id).await?;
    let event = found.ok_or_else(|| Problem::not_found("event"))?;
    let organisation = site.store.read().await?.settings().await?.organisation;
    Ok(Json(EventDocument(event_json(&event, organisation))))
}

/// How many events there are.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventCount {
    count: u64,
    /// Whether there may be more: counting stops at a million.
    at_least: bool,
}

/// Count events
///
/// `sort`, `limit` and `cursor` mean nothing here.
#[utoipa::path(get, path = "/api/v1/events/count", tag = "Events", operation_id = "count_events",
    params(EventQuery),
    responses((status = 200, description = "Their number.", body = EventCount)))]
pub(crate) async fn count(
    State(site): State<Arc<Site>>,
    QueryFields(query): QueryFields<EventQuery>,
    _caller: ApiCaller,
) -> Result<Json<EventCount>, Problem> {
    let count = count_events(site.store.as_ref(), &query.filter()?, MOST_COUNTED).await?;
    Ok(Json(EventCount {
        count,
        at_least: count >= u64::from(MOST_COUNTED),
    }))
}
