//! `/admin/activity/…`: the log (requirements U01, C10).

mod destination_conflict;
pub(crate) mod destination_delete;
pub(crate) mod destinations;
mod entry;
mod export;
mod log;
mod query;

pub(crate) use entry::entry;
pub(crate) use export::{export_csv, export_json};
pub(crate) use log::log;

use jetway_identity::events::{associated_ids, associated_names};
use jetway_identity::{Actor, Event, Target, TargetKind};

use crate::admin::counts::counted;
use crate::routes::opens;
use crate::shared::AdminVisit;

/// Who did it, as people say it.
fn actor_words(actor: &Actor) -> String {
    match actor {
        Actor::Anonymous => "nobody signed in".to_owned(),
        Actor::System(name) => format!("the system ({name})"),
        Actor::User { label, .. } | Actor::Administrator { label, .. } => label.clone(),
        Actor::ApiKey { label, .. } => format!("API key {label}"),
    }
}

/// Why it failed, or who came or went.
fn reason(event: &Event) -> Option<String> {
    if event.success {
        return joined(event);
    }
    let text = |name: &str| event.detail.get(name)?.as_str().map(str::to_owned);
    text("error_message").or_else(|| text("reason").map(|word| word.replace('_', " ")))
}

/// The other side of an association: `added road.runner@acme.com`.
fn joined(event: &Event) -> Option<String> {
    let names: Vec<_> = associated_names(&event.detail).collect();
    let other = match names.as_slice() {
        [] => return None,
        [one] => (*one).to_owned(),
        several => counted(several.len() as u64, "user"),
    };
    let word = if is_removal(event) {
        "removed"
    } else {
        "added"
    };
    Some(format!("{word} {other}"))
}

fn is_removal(event: &Event) -> bool {
    event.detail["op"] == "remove"
}

/// What an event in the log of `person` is about, if it is about something else: `added to
/// operations` when the person came into a group.
pub(super) fn seen_by(event: &Event, person: &str) -> String {
    let Some(target) = event.target.as_ref().filter(|target| target.id != person) else {
        return String::new();
    };
    let is_other_side = associated_ids(&event.detail).any(|id| id == person);
    match (is_other_side, is_removal(event)) {
        (false, _) => target.label.clone(),
        (true, false) => format!("added to {}", target.label),
        (true, true) => format!("removed from {}", target.label),
    }
}

/// The page of what an event is about, where there is one for its kind.
fn page_of(visit: &AdminVisit, target: &Target) -> Option<String> {
    let path = match target.kind {
        TargetKind::User => "/admin/users/{id}",
        TargetKind::Group => "/admin/groups/{id}",
        TargetKind::Administrator => "/admin/administrators/{id}",
        TargetKind::LogDestination => "/admin/activity/destinations/{id}",
        TargetKind::SignInPolicy => "/admin/policies/{id}",
        TargetKind::Mail => "/admin/outbox/{id}",
        _ => return None,
    };
    let address = path.replace("{id}", &target.id);
    opens(&address, |permission| visit.may(permission)).then_some(address)
}
