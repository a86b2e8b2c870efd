//! `/admin/activity`: chart, filters, table.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::events::{Bucket, event_histogram};
use jetway_identity::{Event, Permission, list_events};
use jetway_pages::admin::NavItem;
use jetway_pages::admin::activity::{Activity, Bar, Chart, EventRow};
use jetway_pages::admin::parts::Paging;
use time::OffsetDateTime;

use super::query::Query;
use super::{actor_words, page_of, reason};
use crate::admin::counts::counted;
use crate::shared::{AdminVisit, Failure, Site, admin_html, moment};

/// Events on a page.
const ROWS: u32 = 50;

pub(crate) async fn log(
    State(site): State<Arc<Site>>,
    uri: Uri,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let now = visit.op.now;
    let query = Query::read(uri.query(), now)?;
    let store = site.store.as_ref();
    let mut events = list_events(store, &query.filter, query.after, ROWS + 1).await?;
    let more = events.len() > ROWS as usize;
    events.truncate(ROWS as usize);
    let buckets = event_histogram(store, &query.filter, query.span, query.bars).await?;
    let next = events.last().filter(|_| more).map(|last| last.id);
    let all: u64 = buckets
        .iter()
        .map(|bucket| bucket.succeeded + bucket.failed)
        .sum();
    let body = Activity {
        filters: query.form(),
        chart: chart(&query, &buckets, now),
        rows: events.iter().map(|event| row(&visit, event)).collect(),
        paging: Paging {
            shown: format!("{} in this time", counted(all, "event")),
            first: query.after.map(|_| query.address("/admin/activity", None)),
            next: next.map(|id| query.address("/admin/activity", Some(id))),
            rows: Vec::new(),
        },
        csv: query.address("/admin/activity/export.csv", None),
        json: query.address("/admin/activity/export.json", None),
        can_manage: visit.may(Permission::ManageLog),
    };
    let frame = site.admin_chrome(&visit, NavItem::Activity);
    admin_html(StatusCode::OK, frame, body)
}

fn chart(query: &Query, buckets: &[Bucket], now: OffsetDateTime) -> Chart {
    let words = |at: OffsetDateTime| moment(at, now).absolute;
    Chart {
        bars: buckets
            .iter()
            .map(|bucket| Bar {
                count: bucket.succeeded + bucket.failed,
                failed: bucket.failed,
                label: format!("{} to {}", words(bucket.from), words(bucket.to)),
                href: query.narrowed(bucket.from, bucket.to),
            })
            .collect(),
        from: words(query.span.0),
        to: words(query.span.1),
        wider: query.wider(),
    }
}

fn row(visit: &AdminVisit, event: &Event) -> EventRow {
    let target = event.target.as_ref();
    EventRow {
        id: event.id.to_string(),
        at: moment(event.at, visit.op.now),
        kind: event.kind.as_str().to_owned(),
        success: event.success,
        reason: reason(event),
        actor: actor_words(&event.actor),
        client_ip: event.ip.map(|ip| ip.to_string()).unwrap_or_default(),
        resource: target
            .map(|target| target.label.clone())
            .unwrap_or_default(),
        resource_href: target.and_then(|target| page_of(visit, target)),
    }
}
