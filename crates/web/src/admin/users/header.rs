//! What every page of a person shows, and how its pages are answered.

use axum::response::Response;
use http::header::REFERER;
use http::{HeaderMap, StatusCode};
use jetway_identity::credentials::{lockout_of, password_expires_at};
use jetway_identity::factors::{OwnedFactors, enrolment_time, owned_factors};
use jetway_identity::users::list_schedules;
use jetway_identity::{Permission, User, UserId, UserState};
use jetway_pages::Body;
use jetway_pages::admin::parts::{Badge, Moment, Tone, UserState as StateBadge};
use jetway_pages::admin::people::{ScheduledChange, SecurityStatus, UserHeader, UserTab};
use jetway_pages::admin::{NavItem, Toast};
use time::OffsetDateTime;
use url::Url;
use url::form_urlencoded::Serializer;

use super::bulk_action;
use super::credentials::toast;
use super::place;
use crate::shared::{AdminVisit, Failure, Site, admin_html, query_fields, see_other};

/// What the pages say once something is done: the code in `?done=`, and its sentence.
const DONE: &[(&str, &str)] = &[
    ("created", "The user is added."),
    (
        "created-invited",
        "The user is added, and the activation mail is written.",
    ),
    (
        "factors-reset",
        "Their second factors are gone, and they are signed out everywhere.",
    ),
    (
        "enrolment-time",
        "They have time for a second factor, and are reminded when what they sign in to asks for one.",
    ),
    (
        "enrolment-time-over",
        "The time is taken back: where a policy asks for a second factor, the next sign-in does.",
    ),
    ("reminded", "The reminder is on its way."),
    (
        "reminder-waits",
        "The reminder is written. There is no mail server: it waits in the outbox.",
    ),
    ("saved", "The user is saved."),
    ("active", "Activated."),
    ("suspended", "Suspended. All sessions ended."),
    ("staged", "Staged. All sessions ended."),
    ("scheduled", "The change of state is scheduled."),
    ("unscheduled", "The scheduled change is taken back."),
    ("key-added", "The public key is added."),
    ("key-removed", "The public key is removed."),
    ("groups", "The groups of the user are saved."),
    ("deleted", "Deleted."),
    ("settings", "The default states are saved."),
    ("discarded", "The import is discarded. Nobody was added."),
];
/// What could not be done.
const FAILED: &[(&str, &str)] = &[
    ("gone", "That is not there any more."),
    ("has-factor", "They have a second factor already."),
    ("none", "Nobody was selected."),
    (
        "too-many",
        "More than 10,000 users match. Narrow the search and change them in parts.",
    ),
];

/// The person with the id of the path. What is no id names nobody.
pub(super) async fn find(site: &Site, id: &str) -> Result<User, Failure> {
    let id: UserId = id.parse().map_err(|_| Failure::not_found())?;
    let mut read = site.store.read().await?;
    read.user(id).await?.ok_or_else(Failure::not_found)
}

/// An instant for a page.
pub(super) fn moment(at: OffsetDateTime, now: OffsetDateTime) -> Moment {
    let millis = |at: OffsetDateTime| {
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    };
    Moment::new(millis(at), millis(now))
}

pub(super) fn badge(state: UserState) -> StateBadge {
    match state {
        UserState::Staged => StateBadge::Staged,
        UserState::Active => StateBadge::Active,
        UserState::Suspended => StateBadge::Suspended,
    }
}

/// The block above every tab (requirements C01 to C06). Push is not there yet.
pub(super) async fn header(
    site: &Site,
    visit: &AdminVisit,
    user: &User,
    tab: UserTab,
) -> Result<UserHeader, Failure> {
    let store = site.store.as_ref();
    let now = visit.op.now;
    let locked = lockout_of(&visit.op, store, user).await?;
    let ends = enrolment_time(&visit.op, store, user.id).await?;
    let mut security = security(visit, user, owned_factors(store, user.id.into()).await?);
    security.enrolment_ends = ends.map(|ends| moment(ends, now));
    let schedules = list_schedules(store, user.id).await?;
    let next = schedules.first().map(|next| ScheduledChange {
        to: badge(next.state),
        at: moment(next.due_at, now),
    });
    Ok(UserHeader {
        id: user.id.to_string(),
        name: user.label(),
        email: user.email.clone(),
        state: badge(user.state),
        locked_until: locked.map(|wait| moment(now + wait, now)),
        scheduled: next,
        security,
        tab,
        back: place::back(visit),
        csrf: visit.csrf.clone(),
        can_edit: visit.may(Permission::WriteUsers),
        can_delete: visit.may(Permission::DeleteUsers),
    })
}

fn security(visit: &AdminVisit, user: &User, factors: OwnedFactors) -> SecurityStatus {
    let now = visit.op.now;
    let expires = password_expires_at(&visit.settings.sections.passwords, user);
    let (password, detail) = match (user.password_changed_at, expires) {
        (None, _) => (Badge::new(Tone::Waiting, "Pending"), String::new()),
        (_, Some(end)) if end <= now => (Badge::new(Tone::Bad, "Expired"), String::new()),
        (_, Some(end)) => {
            let detail = format!("expires {}", moment(end, now).relative);
            (Badge::new(Tone::Good, "Active"), detail)
        }
        (_, None) => {
            let detail = "password never expires".to_owned();
            (Badge::new(Tone::Good, "Active"), detail)
        }
    };
    SecurityStatus {
        password,
        password_detail: detail,
        totp: factors.totp.is_some(),
        push: factors.phones > 0,
        web_authn: factors.passkeys > 0,
        enrolment_ends: None,
    }
}

/// A page about people, with a word about what was just done.
pub(super) fn page(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    query: Option<&str>,
    body: impl Body,
) -> Result<Response, Failure> {
    let fields = query_fields(query)?;
    let done = fields.get("done")?.unwrap_or_default();
    let count = fields.get("n")?.and_then(|count| count.parse::<u64>().ok());
    let mut frame = site.admin_chrome(visit, NavItem::Users);
    let find = |words: &[(&str, &'static str)], tone| {
        let (_, text) = words.iter().find(|(code, _)| *code == done)?;
        let text = (*text).to_owned();
        Some(Toast { tone, text })
    };
    frame.toast = count
        .and_then(|count| bulk_action::toast(done, count))
        .or_else(|| find(DONE, Tone::Good))
        .or_else(|| find(FAILED, Tone::Waiting))
        .or_else(|| toast(done));
    admin_html(status, frame, body)
}

/// Goes on to a tab of the person.
pub(super) fn go_on(id: UserId, tab: &str, done: &str) -> Result<Response, Failure> {
    see_other(&format!("/admin/users/{id}/{tab}?done={done}"))
}

/// Goes on to the list if the form was on it, with what it showed; else to the person.
pub(super) fn go_back(headers: &HeaderMap, id: UserId, done: &str) -> Result<Response, Failure> {
    let referer = headers.get(REFERER).and_then(|value| value.to_str().ok());
    let from = referer.and_then(|address| Url::parse(address).ok());
    match from.filter(|address| address.path() == "/admin/users") {
        None => go_on(id, "highlights", done),
        Some(address) => {
            let kept = address
                .query_pairs()
                .filter(|(name, _)| !matches!(name.as_ref(), "done" | "n"));
            let query = Serializer::new(String::new())
                .extend_pairs(kept)
                .append_pair("done", done)
                .finish();
            see_other(&format!("/admin/users?{query}"))
        }
    }
}
