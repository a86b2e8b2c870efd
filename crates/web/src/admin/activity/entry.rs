//! `/admin/activity/{id}`: one event.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use jetway_identity::events::{EventPage, event_json, find_event, page_of_events};
use jetway_identity::{Event, EventFilter, EventId, StoreError};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::activity::{EntryChange, EntryFact, LogEntry};
use serde_json::Value;

use super::{actor_words, page_of, reason};
use crate::shared::{AdminVisit, Failure, Site, admin_html, moment};

pub(crate) async fn entry(
    State(site): State<Arc<Site>>,
    Path(id): Path<String>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let id: EventId = id.parse().map_err(|_| Failure::not_found())?;
    let found = find_event(site.store.as_ref(), id).await?;
    let event = found.ok_or_else(Failure::not_found)?;
    let json = event_json(&event, visit.settings.organisation);
    let body = LogEntry {
        kind: event.kind.as_str().to_owned(),
        at: moment(event.at, visit.op.now),
        success: event.success,
        reason: reason(&event),
        facts: facts(&visit, &event),
        changes: changes(&event),
        json: serde_json::to_string_pretty(&json).unwrap_or_default(),
        earlier: neighbour(&site, id, false).await?,
        later: neighbour(&site, id, true).await?,
    };
    let frame = site.admin_chrome(&visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, body)
}

async fn neighbour(site: &Site, id: EventId, later: bool) -> Result<Option<String>, StoreError> {
    let page = EventPage {
        after: Some(id),
        oldest_first: later,
        limit: 1,
    };
    let found = page_of_events(site.store.as_ref(), &EventFilter::default(), page).await?;
    Ok(found
        .first()
        .map(|event| format!("/admin/activity/{}", event.id)))
}

fn facts(visit: &AdminVisit, event: &Event) -> Vec<EntryFact> {
    let fact = |label: &str, value: String, href: Option<String>| EntryFact {
        label: label.to_owned(),
        value,
        href,
    };
    let mut facts = vec![fact("Initiated by", actor_words(&event.actor), None)];
    if let Some(target) = &event.target {
        facts.push(fact(
            "Resource",
            target.label.clone(),
            page_of(visit, target),
        ));
        facts.push(fact(
            "Kind of resource",
            target.kind.as_str().to_owned(),
            None,
        ));
        let log = format!("/admin/activity?user={}", target.id);
        facts.push(fact("Resource id", target.id.clone(), Some(log)));
    }
    if let Some(ip) = event.ip {
        let log = format!("/admin/activity?user={ip}");
        facts.push(fact("Client IP", ip.to_string(), Some(log)));
    }
    if let Some(agent) = &event.user_agent {
        facts.push(fact("User agent", agent.clone(), None));
    }
    facts.push(fact("Event id", event.id.to_string(), None));
    facts.push(fact("Request id", event.request_id.clone(), None));
    facts
}

fn changes(event: &Event) -> Vec<EntryChange> {
    let Some(Value::Array(list)) = event.detail.get("changes") else {
        return Vec::new();
    };
    let text = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    list.iter()
        .map(|change| EntryChange {
            field: text(change.get("field")),
            from: text(change.get("from")),
            to: text(change.get("to")),
        })
        .collect()
}
