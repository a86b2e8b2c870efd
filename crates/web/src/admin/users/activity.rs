//! `/admin/users/{id}/activity`: events by and about one person (requirement U01).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::events::EventFilter;
use jetway_identity::{Event, EventId, EventKind, list_events};
use jetway_pages::admin::parts::{Badge, Paging, Tone};
use jetway_pages::admin::people::{PersonEventRow, UserActivity, UserTab};

use super::header::{find, header, moment, page};
use crate::admin::activity::seen_by;
use crate::admin::counts::counted;
use crate::shared::{AdminVisit, Failure, Site, query_fields};

const ROWS: u32 = 50;

/// The tab.
pub(crate) async fn activity(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let query = query_fields(uri.query())?;
    let after = query
        .get("after")?
        .and_then(|id| id.parse::<EventId>().ok());
    let filter = EventFilter {
        subject: Some(user.id.to_string()),
        ..EventFilter::default()
    };
    let events = list_events(site.store.as_ref(), &filter, after, ROWS + 1).await?;
    let shown = &events[..events.len().min(ROWS as usize)];
    let path = format!("/admin/users/{}/activity", user.id);
    let next = shown
        .last()
        .filter(|_| events.len() > shown.len())
        .map(|last| format!("{path}?after={}", last.id));
    let body = UserActivity {
        header: header(&site, &visit, &user, UserTab::Activity).await?,
        rows: shown
            .iter()
            .map(|event| row(&visit, &user.id.to_string(), event))
            .collect(),
        paging: Paging {
            shown: counted(shown.len() as u64, "event"),
            first: after.map(|_| path),
            next,
            rows: Vec::new(),
        },
        log: format!("/admin/activity?range=year&user={}", user.id),
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

fn row(visit: &AdminVisit, person: &str, event: &Event) -> PersonEventRow {
    PersonEventRow {
        href: format!("/admin/activity/{}", event.id),
        event: event.kind.as_str().to_owned(),
        resource: seen_by(event, person),
        status: status(event),
        by: event.actor.label().to_owned(),
        address: event.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        at: moment(event.at, visit.op.now),
    }
}

/// Whether it went well.
pub(super) fn status(event: &Event) -> Badge {
    if event.success {
        Badge::new(Tone::Good, "successful")
    } else {
        Badge::new(Tone::Bad, "failed")
    }
}

/// A kind of event in words: `User login attempt`.
pub(super) fn event_words(kind: EventKind) -> String {
    let text = kind.as_str().replace('_', " ");
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}
