//! `jetway admin events …`

use super::users::{find, id, instant, is_id, most};
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
    let EventsCommand::List { filter, page } = command;
    let subject = filter.subject.as_deref();
    let subject = subject.map(|who| subject_id(context, who)).transpose()?;
    let (from, to) = (filter.from.as_deref(), filter.to.as_deref());
    let (from, to) = (from.map(instant), to.map(instant));
    let mut query = Vec::new();
    for (name, value) in [
        ("type", filter.kind.as_deref()),
        ("q", filter.search.as_deref()),
        ("from", from.as_deref()),
        ("to", to.as_deref()),
        ("subject", subject.as_deref()),
        ("success", filter.failed.then_some("false")),
    ] {
        query.extend(value.map(|value| (name, value)));
    }
    let events = context.client.list(&["events"], &query, most(&page))?;
    context.output.list(&events, &COLUMNS)
}

/// What is no id is somebody's address or username.
fn subject_id(context: &Context, who: &str) -> Result<String, AdminError> {
    let is_uuid = who.len() == 36 && !who.contains('@') && who.matches('-').count() == 4;
    if is_id(who) || is_uuid {
        return Ok(who.to_owned());
    }
    let found = find(context, who)?;
    Ok(id(&found.body).to_owned())
}
