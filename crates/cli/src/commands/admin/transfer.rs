//! `jetway admin users import` and `export`.

use std::io::{self, Read as _};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::users::{confirm, id};
use super::{AdminError, Context};
use crate::files::read_if_exists;

const IMPORTS: &str = "user-imports";

/// How often the server is asked how far it is.
const PAUSE: Duration = Duration::from_millis(300);
/// Most bytes that are read from standard input.
const MAX_INPUT: u64 = 32 << 20;

/// The text of a file; `-` is standard input.
pub(super) fn text_of(file: &Path) -> Result<String, AdminError> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin()
            .take(MAX_INPUT)
            .read_to_string(&mut text)
            .map_err(|error| AdminError::File(format!("standard input: {error}")))?;
        return Ok(text);
    }
    let bytes = read_if_exists(file)
        .map_err(|error| AdminError::File(error.to_string()))?
        .ok_or_else(|| AdminError::File(format!("{} does not exist", file.display())))?;
    String::from_utf8(bytes)
        .map_err(|_| AdminError::File(format!("{} is not UTF-8", file.display())))
}

/// Sends the file, shows what is wrong with which rows, asks, and waits until the others are added.
pub(super) fn import(context: &Context, file: &Path, yes: bool) -> Result<(), AdminError> {
    let text = text_of(file)?;
    let preview = context.client.post_csv(&[IMPORTS], &text)?;
    let problems = preview["problems"].as_array().cloned().unwrap_or_default();
    if !problems.is_empty() {
        let columns = [("LINE", "line"), ("FIELD", "field"), ("PROBLEM", "message")];
        context.output.note_table(&problems, &columns);
    }
    let (accepted, refused) = (number(&preview, "accepted"), number(&preview, "refused"));
    if accepted == 0 {
        return Err(AdminError::NothingToImport);
    }
    let question = format!("{accepted} can be added, {refused} cannot. Add them? Type yes:");
    confirm(context, yes, &question)?;
    let place = [IMPORTS, id(&preview)];
    let mut import = context
        .client
        .post(&[IMPORTS, id(&preview), "confirm"], &json!({}))?;
    while import["state"] != "done" {
        pause();
        import = context.client.get(&place)?.body;
    }
    let (added, failed) = (number(&import, "added"), number(&import, "failed"));
    let said = match failed {
        0 => format!("Added {added}."),
        failed => format!("Added {added}; {failed} could not be added any more."),
    };
    context.output.done(&said, &import)
}

/// Prints the CSV as it comes.
pub(super) fn export(
    context: &Context,
    state: Option<&str>,
    search: Option<&str>,
) -> Result<(), AdminError> {
    let mut query = Vec::new();
    query.extend(state.map(|state| ("state", state)));
    query.extend(search.map(|text| ("q", text)));
    let csv = context.client.text(&["users", "export.csv"], &query)?;
    context.output.text(csv.trim_end_matches('\n'))
}

fn number(document: &Value, field: &str) -> u64 {
    document[field].as_u64().unwrap_or(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the server works on its own; there is nothing to wait on but time"
)]
fn pause() {
    thread::sleep(PAUSE);
}
