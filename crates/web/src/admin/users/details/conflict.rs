//! Somebody else saved while the form was open: what they changed, beside what was typed.

use std::collections::BTreeMap;

use jetway_identity::events::EventFilter;
use jetway_identity::{EventKind, User, list_events};
use jetway_pages::admin::people::{Conflict, ConflictRow};
use serde_json::Value;

use super::typed::TypedUser;
use crate::admin::users::header::moment;
use crate::shared::{AdminVisit, Failure, Site};

/// Most changes that are looked through.
const MAX_EVENTS: u32 = 50;

/// What changed since the form was read, by the activity log: `from` as the form knew it, `to` as
/// it is now, and by whom last.
pub(super) async fn conflict(
    site: &Site,
    visit: &AdminVisit,
    typed: &TypedUser,
    present: &User,
) -> Result<Conflict, Failure> {
    let filter = EventFilter {
        kinds: vec![
            EventKind::UserUpdate,
            EventKind::UserActivated,
            EventKind::UserSuspended,
            EventKind::UserUnsuspended,
        ],
        target: Some(present.id.to_string()),
        ..EventFilter::default()
    };
    // Each counts the version up by one, but for public keys, which do not count.
    let events = list_events(site.store.as_ref(), &filter, None, MAX_EVENTS).await?;
    let mut missed = usize::try_from(present.version - typed.version).unwrap_or(0);
    let mut fields: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut last = None;
    for event in &events {
        let changes = event.detail["changes"].as_array();
        let changes: Vec<_> = changes.into_iter().flatten().collect();
        if missed == 0 {
            break;
        }
        if changes
            .iter()
            .all(|change| change["field"] == "public_keys")
        {
            continue;
        }
        missed -= 1;
        last.get_or_insert((event.actor.label().to_owned(), event.at));
        for change in changes {
            let name = text(&change["field"]);
            let (from, to) = (text(&change["from"]), text(&change["to"]));
            // The newest event comes first: it has what is there now.
            let known = fields.entry(name).or_insert((from.clone(), to));
            known.0 = from;
        }
    }
    let (by, at) = last.unwrap_or_else(|| ("somebody else".to_owned(), present.updated_at));
    let rows = fields
        .into_iter()
        .filter(|(name, (from, to))| from != to && name != "state")
        .map(|(name, (from, to))| row(typed, name, from, to));
    Ok(Conflict {
        by,
        at: moment(at, visit.op.now),
        rows: rows.collect(),
    })
}

fn row(typed: &TypedUser, name: String, from: String, to: String) -> ConflictRow {
    let mine = mine(typed, &name);
    ConflictRow {
        label: name.strip_prefix("custom:").unwrap_or(&name).to_owned(),
        // Whoever left the field as it was does not mean to undo the other's change.
        keep_mine: mine != from,
        name,
        from,
        to,
        mine,
    }
}

fn mine(typed: &TypedUser, name: &str) -> String {
    if name == "password_never_expires" {
        return typed.password_never_expires.to_string();
    }
    if let Some(custom) = name.strip_prefix("custom:") {
        let row = typed.custom.rows.iter().find(|row| row.name == custom);
        return row.map(|row| row.value.clone()).unwrap_or_default();
    }
    let found = typed.values.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
