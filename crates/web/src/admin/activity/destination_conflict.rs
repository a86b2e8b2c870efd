//! What somebody else changed of a destination while its form was open.

use std::fmt::Write;

use jetway_identity::events::EventFilter;
use jetway_identity::log_destinations::LogDestination;
use jetway_identity::{Event, EventKind, Store, StoreError, list_events};

use crate::admin::who::who;

/// More changes than are told one by one.
const MAX_TOLD: i64 = 20;

/// What happened between the version `seen` and `now`, for whoever sent the form.
pub(super) async fn meanwhile(
    store: &dyn Store,
    seen: i64,
    now: &LogDestination,
) -> Result<String, StoreError> {
    let filter = EventFilter {
        kinds: vec![EventKind::LogDestinationUpdate],
        target: Some(now.id.to_string()),
        ..EventFilter::default()
    };
    let count = now.version - seen;
    let mut events = Vec::new();
    if let (1..=MAX_TOLD, Ok(limit)) = (count, u32::try_from(count)) {
        events = list_events(store, &filter, None, limit).await?;
    }
    let mut told = String::new();
    for event in events.iter().rev() {
        let _ = write!(told, "{} changed {}. ", who(&event.actor), changed(event));
    }
    if told.is_empty() {
        "Somebody else changed this destination. ".clone_into(&mut told);
    }
    told.push_str(
        "That was while this form was open, so nothing is saved yet. What you typed is below: \
         save again to use it instead, or cancel to see how things are now.",
    );
    Ok(told)
}

fn changed(event: &Event) -> String {
    let changes = event.detail["changes"].as_array();
    let fields = changes.into_iter().flatten();
    let names: Vec<_> = fields
        .filter_map(|change| change["field"].as_str())
        .collect();
    if names.is_empty() {
        "the signing secret".to_owned()
    } else {
        names.join(", ")
    }
}
