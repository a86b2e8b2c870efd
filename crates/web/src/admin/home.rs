//! `GET /admin`: what is to do, and how things are.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jetway_identity::alerts::{self, list_alerts};
use jetway_identity::events::{EventFilter, count_events, list_events};
use jetway_identity::mail::count_mails;
use jetway_identity::{Event, EventKind, Permission, Store, StoreError, UserCounts, count_users};
use jetway_pages::admin::parts::{Badge, Tone};
use jetway_pages::admin::{Figure, Home, NavItem, RecentEvent, Task};
use time::{OffsetDateTime, Time};

use crate::admin::checklist::{self, SetUp};
use crate::admin::counts::{counted, grouped};
use crate::admin::who::who;
use crate::routes::opens;
use crate::shared::{AdminVisit, Failure, Site, admin_html, moment};

/// Alerts and events on the page.
const ALERTS: u32 = 5;
const EVENTS: u32 = 10;
/// Sign-ins beyond this are not counted.
const MOST_SIGN_INS: u32 = 10_000;

/// Where an administrator arrives. Each part is there for those whose role may read it elsewhere.
pub(crate) async fn home(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
) -> Result<Response, Failure> {
    let store = site.store.as_ref();
    let opens = |path: &str| opens(path, |permission| visit.may(permission));
    let mut counts = None;
    if opens("/admin/users") {
        counts = Some(count_users(store).await?);
    }
    let mut figures = counts.map(figures_of).unwrap_or_default();
    let mut events = None;
    if opens("/admin/activity") {
        figures.push(sign_ins(store, visit.op.now).await?);
        let last = list_events(store, &EventFilter::default(), None, EVENTS).await?;
        events = Some(last.iter().map(|event| row(event, visit.op.now)).collect());
    }
    let mut checklist = Vec::new();
    if checklist::NEEDED.into_iter().all(|need| visit.may(need)) {
        checklist = SetUp::of(store, &visit.settings).await?.steps(opens);
    }
    let body = Home {
        name: visit.administrator.label().to_owned(),
        checklist,
        tasks: tasks(store, &visit, counts).await?,
        figures,
        events,
    };
    let frame = site.admin_chrome(&visit, NavItem::Home);
    admin_html(StatusCode::OK, frame, body)
}

fn figures_of(counts: UserCounts) -> Vec<Figure> {
    let figure = |number: u64, label: &str, state: &str| Figure {
        value: grouped(number),
        label: label.to_owned(),
        href: format!("/admin/users?state={state}"),
    };
    vec![
        figure(counts.active, "Active users", "active"),
        figure(counts.staged, "Staged users", "staged"),
        figure(counts.suspended, "Suspended users", "suspended"),
    ]
}

/// Of people, since midnight UTC.
async fn sign_ins(store: &dyn Store, now: OffsetDateTime) -> Result<Figure, StoreError> {
    let filter = EventFilter {
        from: Some(now.replace_time(Time::MIDNIGHT)),
        kinds: vec![EventKind::UserLoginAttempt],
        success: Some(true),
        ..EventFilter::default()
    };
    let count = count_events(store, &filter, MOST_SIGN_INS).await?;
    let more = count >= u64::from(MOST_SIGN_INS);
    Ok(Figure {
        value: format!("{}{}", grouped(count), if more { "+" } else { "" }),
        label: "Sign-ins today (UTC)".to_owned(),
        href: format!(
            "/admin/activity?type={}&result=success&from={}",
            EventKind::UserLoginAttempt.as_str(),
            now.date()
        ),
    })
}

/// What waits for somebody, the most urgent first.
async fn tasks(
    store: &dyn Store,
    visit: &AdminVisit,
    counts: Option<UserCounts>,
) -> Result<Vec<Task>, StoreError> {
    let task = |tone, word: &str, text: String, href: &str| Task {
        tone,
        word: word.to_owned(),
        text,
        href: href.to_owned(),
    };
    let mut tasks = Vec::new();
    if opens("/admin/alerts", |permission| visit.may(permission)) {
        let open = list_alerts(store, true, None, ALERTS).await?.alerts;
        tasks.extend(open.into_iter().map(|alert| {
            // What the role may not open, it still reads among the alerts.
            let link = if opens(&alert.link, |permission| visit.may(permission)) {
                alert.link.as_str()
            } else {
                "/admin/alerts"
            };
            let (tone, word) = match alert.severity {
                alerts::Severity::Critical => (Tone::Bad, "Problem"),
                alerts::Severity::Warning => (Tone::Waiting, "Warning"),
                alerts::Severity::Info => (Tone::Running, "Note"),
            };
            task(tone, word, alert.text, link)
        }));
    }
    if visit.may(Permission::ReadOutbox) {
        let mails = count_mails(store).await?;
        if mails.failed > 0 {
            let text = format!("{} could not be sent", counted(mails.failed, "mail"));
            let href = "/admin/outbox?state=failed";
            tasks.push(task(Tone::Bad, "Failed", text, href));
        }
        if mails.waiting > 0 && visit.settings.sections.mail.is_none() {
            let waiting = counted(mails.waiting, "mail");
            let text = format!("{waiting} to hand over yourself: there is no mail server");
            let href = "/admin/outbox?state=waiting";
            tasks.push(task(Tone::Waiting, "Waiting", text, href));
        }
    }
    if let Some(staged) = counts
        .map(|counts| counts.staged)
        .filter(|count| *count > 0)
    {
        let verb = if staged == 1 { "is" } else { "are" };
        let text = format!(
            "{} {verb} staged and cannot sign in",
            counted(staged, "user")
        );
        let href = "/admin/users?state=staged";
        tasks.push(task(Tone::Waiting, "Waiting", text, href));
    }
    Ok(tasks)
}

fn row(event: &Event, now: OffsetDateTime) -> RecentEvent {
    let target = event.target.as_ref();
    let status = if event.success {
        Badge::new(Tone::Good, "successful")
    } else {
        Badge::new(Tone::Bad, "failed")
    };
    RecentEvent {
        href: format!("/admin/activity/{}", event.id),
        event: event.kind.as_str().to_owned(),
        resource: target.map_or_else(String::new, |target| target.label.clone()),
        by: who(&event.actor),
        status,
        at: moment(event.at, now),
    }
}
