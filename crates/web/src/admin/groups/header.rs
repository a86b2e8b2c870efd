//! What every page of a group shows, and how its pages are answered.

use axum::response::Response;
use http::StatusCode;
use jetway_identity::events::{EventFilter, list_events};
use jetway_identity::{EventKind, GroupId, GroupSummary, Permission, group_summary};
use jetway_pages::Body;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::groups::{GroupHeader, GroupTab};
use jetway_pages::admin::parts::Moment;

use crate::admin::counts::counted;
use crate::admin::done::done;
use crate::admin::who::who;
use crate::shared::{AdminVisit, Failure, Site, admin_html, query_fields, see_other};

/// What the pages say once something is done: the code in `?done=`, and its sentence.
const DONE: &[(&str, &str)] = &[
    ("created", "The group is created."),
    ("saved", "The group is saved."),
    ("added", "Added to the group."),
    ("removed", "Removed from the group."),
    ("granted", "The applications of the group are saved."),
    (
        "rule",
        "The rule is saved. The members follow it from now on.",
    ),
    ("static", "Members are chosen by hand from now on."),
    ("deleted", "The group is deleted."),
];

/// The group with the id of the path. What is no id names nothing.
pub(super) async fn find(site: &Site, id: &str) -> Result<GroupSummary, Failure> {
    let id: GroupId = id.parse().map_err(|_| Failure::not_found())?;
    let found = group_summary(site.store.as_ref(), id).await?;
    found.ok_or_else(Failure::not_found)
}

/// When a group or its members last changed, and who did it, by the activity log.
pub(super) type LastChange = Option<(Moment, String)>;

pub(super) async fn last_change(
    site: &Site,
    visit: &AdminVisit,
    found: &GroupSummary,
) -> Result<LastChange, Failure> {
    let filter = EventFilter {
        kinds: vec![EventKind::GroupUpdate, EventKind::AssociationChange],
        target: Some(found.group.id.to_string()),
        ..EventFilter::default()
    };
    let events = list_events(site.store.as_ref(), &filter, None, 1).await?;
    Ok(events
        .first()
        .map(|event| (moment(event.at, visit.op.now), who(&event.actor))))
}

pub(super) fn header(
    visit: &AdminVisit,
    found: &GroupSummary,
    tab: GroupTab,
    changed: LastChange,
) -> GroupHeader {
    let group = &found.group;
    GroupHeader {
        id: group.id.to_string(),
        name: group.name.clone(),
        members: counted(found.members, "member"),
        dynamic: group.rule().is_some(),
        everyone: group.everyone,
        tab,
        can_delete: !group.everyone && visit.may(Permission::WriteGroups),
        changed,
    }
}

/// A page about groups, with a word about what was just done.
pub(super) fn page(
    site: &Site,
    visit: &AdminVisit,
    status: StatusCode,
    query: Option<&str>,
    body: impl Body,
) -> Result<Response, Failure> {
    let mut frame = site.admin_chrome(visit, NavItem::Groups);
    frame.toast = done(&query_fields(query)?, DONE)?;
    admin_html(status, frame, body)
}

/// Goes on to a page of the group.
pub(super) fn go_on(id: GroupId, tab: &str, done: &str) -> Result<Response, Failure> {
    see_other(&format!("/admin/groups/{id}/{tab}?done={done}"))
}

/// An instant for a page.
pub(super) fn moment(at: time::OffsetDateTime, now: time::OffsetDateTime) -> Moment {
    let millis = |at: time::OffsetDateTime| {
        i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
    };
    Moment::new(millis(at), millis(now))
}
