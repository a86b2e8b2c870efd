//! `jetway admin events …`

use super::users::most;
use super::{AdminError, Context};
use crate::args::EventsCommand;

const COLUMNS: [(&str, &str); 5] = [
    ("TIME", "timestamp"),
    ("EVENT", "event_type"),
    ("SUCCESS", "success"),
    (
        "BY",
        "initiated_by.email|initiated_by.name|initiated_by.type",
    ),
    ("ABOUT", "resource.email|resource.name|resource.id"),
];

pub(super) fn run(context: &Context, command: EventsCommand) -> Result<(), AdminError> {
    let EventsCommand::List { kind, search, page } = command;
    let mut query = Vec::new();
    query.extend(kind.as_deref().map(|kind| ("type", kind)));
    query.extend(search.as_deref().map(|text| ("q", text)));
    let events = context.client.list(&["events"], &query, most(&page))?;
    context.output.list(&events, &COLUMNS)
}
