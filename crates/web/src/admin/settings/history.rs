//! Who changed the settings, and what, from the activity log.

use std::fmt::Write;

use jetway_identity::events::{EventFilter, list_events};
use jetway_identity::{Event, EventKind, Op, OrganisationSettings, Store, StoreError};
use jetway_pages::admin::parts::Moment;
use serde_json::Value;

use super::problems::is_in;
use crate::admin::who::who;
use crate::shared::moment;

/// More changes than are told one by one.
const MAX_TOLD: i64 = 20;

async fn changes(store: &dyn Store, limit: u32) -> Result<Vec<Event>, StoreError> {
    let filter = EventFilter {
        kinds: vec![EventKind::OrganizationUpdate],
        ..EventFilter::default()
    };
    list_events(store, &filter, None, limit).await
}

/// When the settings last changed and who did it.
pub(super) async fn last_change(
    store: &dyn Store,
    op: &Op,
    settings: &OrganisationSettings,
) -> Result<Option<(Moment, String)>, StoreError> {
    let Some(at) = settings.changed_at else {
        return Ok(None);
    };
    let last = changes(store, 1).await?.pop();
    Ok(last.map(|event| (moment(at, op.now), who(&event.actor))))
}

/// What others did to the settings since a form was made.
pub(super) struct Meanwhile {
    /// Whether anything of the form's own sections is another now.
    pub(super) concerns_form: bool,
    /// For whoever sent the form.
    pub(super) told: String,
}

/// What happened between the version `seen` and `now`, as far as it concerns `sections`.
pub(super) async fn meanwhile(
    store: &dyn Store,
    seen: i64,
    now: &OrganisationSettings,
    sections: &[&str],
) -> Result<Meanwhile, StoreError> {
    let count = now.version - seen;
    let mut events = Vec::new();
    if let (1..=MAX_TOLD, Ok(limit)) = (count, u32::try_from(count)) {
        events = changes(store, limit).await?;
    }
    // One change, one event: fewer are not the whole story.
    let whole = i64::try_from(events.len()) == Ok(count);
    let mut told = String::new();
    for event in events.iter().rev() {
        let changed = changed_fields(event, sections);
        if !changed.is_empty() {
            let _ = write!(
                told,
                "{} changed {}. ",
                who(&event.actor),
                changed.join(", ")
            );
        }
    }
    let concerns_form = !whole || !told.is_empty();
    if !whole {
        "Somebody else changed the settings. ".clone_into(&mut told);
    }
    told.push_str(
        "That was while this form was open, so nothing is saved yet. What you typed is below: \
         save again to use it instead, or cancel to see how things are now.",
    );
    Ok(Meanwhile {
        concerns_form,
        told,
    })
}

/// `idle minutes from 60 to 30`
fn changed_fields(event: &Event, sections: &[&str]) -> Vec<String> {
    let changes = event.detail.get("changes").and_then(Value::as_array);
    let told = |change: &Value| {
        let field = change.get("field")?.as_str()?;
        if !is_in(field, sections) {
            return None;
        }
        let name = field.rsplit('.').next()?.replace('_', " ");
        let value = |side| plain(change.get(side).unwrap_or(&Value::Null));
        Some(format!("{name} from {} to {}", value("from"), value("to")))
    };
    changes.into_iter().flatten().filter_map(told).collect()
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => format!("“{text}”"),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(_) => "one".to_owned(),
        other => other.to_string(),
    }
}
