//! `/admin/users/{id}/highlights`: the first tab (requirements C07 to C11).

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::{StatusCode, Uri};
use jetway_identity::events::EventFilter;
use jetway_identity::sessions::list_sessions;
use jetway_identity::{Event, EventKind, User, applications_of_user, list_events};
use jetway_pages::Link;
use jetway_pages::admin::parts::{Badge, Tone};
use jetway_pages::admin::people::{Access, ActivityRow, DeviceBrief, UserHighlights, UserTab};

use super::activity::{event_words, status};
use super::header::{find, header, moment, page};
use crate::admin::activity::seen_by;
use crate::shared::{AdminVisit, Failure, Site, client_name, see_other};

/// Rows of each card.
const FEW: usize = 5;

/// `/admin/users/{id}` goes on to the highlights.
pub(crate) async fn open(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    see_other(&format!("/admin/users/{}/highlights", user.id))
}

/// The tab.
pub(crate) async fn highlights(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Failure> {
    let user = find(&site, &id).await?;
    let (store, now) = (site.store.as_ref(), visit.op.now);
    let sessions = list_sessions(&visit.op, store, user.id).await?;
    let groups = store.read().await?.groups_of(user.id).await?;
    let applications = applications_of_user(store, user.id).await?;
    let body = UserHighlights {
        header: header(&site, &visit, &user, UserTab::Highlights).await?,
        device_count: sessions.len() as u64,
        devices: sessions
            .iter()
            .take(FEW)
            .map(|session| DeviceBrief {
                name: client_name(session),
                last_seen: moment(session.last_seen_at, now),
            })
            .collect(),
        group_count: groups.len() as u64,
        groups: groups
            .iter()
            .take(FEW)
            .map(|group| Link {
                href: format!("/admin/groups/{}/details", group.id),
                text: group.name.clone(),
            })
            .collect(),
        applications: applications
            .into_iter()
            .map(|found| {
                let names: Vec<_> = found.groups.iter().map(|group| &*group.name).collect();
                Access {
                    label: found.application.label.clone(),
                    href: format!("/admin/applications/{}/general", found.application.id),
                    through: format!("through {}", names.join(", ")),
                }
            })
            .collect(),
        activity: activity(&site, &visit, &user).await?,
    };
    page(&site, &visit, StatusCode::OK, uri.query(), body)
}

/// "Last Known Location" and "Last Password Change" (requirement C11), then what happened last.
async fn activity(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
) -> Result<Vec<ActivityRow>, Failure> {
    let (store, now) = (site.store.as_ref(), visit.op.now);
    let open = |event: &Event| format!("/admin/activity/{}", event.id);
    let subject = EventFilter {
        subject: Some(user.id.to_string()),
        ..EventFilter::default()
    };
    let sign_ins = EventFilter {
        kinds: vec![EventKind::UserLoginAttempt],
        success: Some(true),
        ..subject.clone()
    };
    let last_sign_in = list_events(store, &sign_ins, None, 1).await?;
    let place = last_sign_in.first().and_then(|event| event.ip);
    let location = ActivityRow {
        event: "Last Known Location".to_owned(),
        href: last_sign_in.first().filter(|_| place.is_some()).map(open),
        resource: place.map(|ip| ip.to_string()).unwrap_or_default(),
        status: None,
        at: last_sign_in
            .first()
            .filter(|_| place.is_some())
            .map(|event| moment(event.at, now)),
    };
    let changes = EventFilter {
        kinds: vec![EventKind::UserPasswordSet, EventKind::UserPasswordChange],
        success: Some(true),
        ..subject.clone()
    };
    let last_change = list_events(store, &changes, None, 1).await?;
    let password = ActivityRow {
        event: "Last Password Change".to_owned(),
        href: last_change.first().map(open),
        resource: String::new(),
        status: user
            .password_changed_at
            .map(|_| Badge::new(Tone::Good, "successful")),
        at: user.password_changed_at.map(|at| moment(at, now)),
    };
    let few = u32::try_from(FEW).unwrap_or(u32::MAX);
    let latest = list_events(store, &subject, None, few).await?;
    let row = |event: &Event| ActivityRow {
        event: event_words(event.kind),
        href: Some(open(event)),
        resource: seen_by(event, &user.id.to_string()),
        status: Some(status(event)),
        at: Some(moment(event.at, now)),
    };
    Ok([location, password]
        .into_iter()
        .chain(latest.iter().map(row))
        .collect())
}
