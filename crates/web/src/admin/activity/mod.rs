//! `/admin/activity/…`: the log (requirements U01, C10).

pub(crate) mod destinations;
mod entry;
mod export;
mod log;
mod query;

pub(crate) use entry::entry;
pub(crate) use export::{export_csv, export_json};
pub(crate) use log::log;

use jetway_identity::{Actor, Event, Target, TargetKind};

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

/// Why it failed.
fn reason(event: &Event) -> Option<String> {
    if event.success {
        return None;
    }
    let text = |name: &str| event.detail.get(name)?.as_str().map(str::to_owned);
    text("error_message").or_else(|| text("reason").map(|word| word.replace('_', " ")))
}

/// The page of what an event is about, where there is one for its kind.
fn page_of(visit: &AdminVisit, target: &Target) -> Option<String> {
    let path = match target.kind {
        TargetKind::User => "/admin/users/{id}",
        TargetKind::Group => "/admin/groups/{id}",
        TargetKind::Administrator => "/admin/administrators/{id}",
        TargetKind::LogDestination => "/admin/activity/destinations/{id}",
        TargetKind::Mail => "/admin/outbox/{id}",
        _ => return None,
    };
    let address = path.replace("{id}", &target.id);
    opens(&address, |permission| visit.may(permission)).then_some(address)
}
