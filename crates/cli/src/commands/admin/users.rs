//! `jetway admin users …`

use serde_json::{Value, json};

use super::client::Read;
use super::{AdminError, Context, fields, transfer};
use crate::args::{PageArgs, UsersCommand};
use crate::prompt::{Missing, Prompts};

const USERS: &str = "users";

const COLUMNS: [(&str, &str); 6] = [
    ("ID", "id"),
    ("STATE", "state"),
    ("USERNAME", "username"),
    ("EMAIL", "email"),
    ("FIRST NAME", "first_name"),
    ("LAST NAME", "last_name"),
];

pub(super) fn run(context: &Context, command: UsersCommand) -> Result<(), AdminError> {
    match command {
        UsersCommand::List {
            state,
            search,
            page,
        } => list(context, state.as_deref(), search.as_deref(), &page),
        UsersCommand::Show { user } => context.output.one(&find(context, &user)?.body),
        UsersCommand::Create(args) => {
            let made = context
                .client
                .post(&[USERS], &fields::document(&args.fields)?)?;
            context
                .output
                .done(&format!("Added {}.", name(&made)), &made)
        }
        UsersCommand::Update { user, fields: args } => {
            change(context, &user, &fields::document(&args.fields)?, "Changed")
        }
        UsersCommand::Activate { user } => set_state(context, &user, "active", "Activated"),
        UsersCommand::Suspend { user } => set_state(context, &user, "suspended", "Suspended"),
        UsersCommand::Invite { user } => ask_for(context, &user, "invite", "Invited"),
        UsersCommand::ResetPassword { user } => {
            ask_for(context, &user, "password-reset", "Sent a new link to")
        }
        UsersCommand::Unlock { user } => ask_for(context, &user, "unlock", "Unlocked"),
        UsersCommand::SignOut { user } => sign_out(context, &user),
        UsersCommand::Schedule { user, state, at } => schedule(context, &user, &state, &at),
        UsersCommand::Import { file, yes } => transfer::import(context, &file, yes),
        UsersCommand::Export { state, search } => {
            transfer::export(context, state.as_deref(), search.as_deref())
        }
        UsersCommand::Delete { user, yes } => delete(context, &user, yes),
    }
}

fn list(
    context: &Context,
    state: Option<&str>,
    search: Option<&str>,
    page: &PageArgs,
) -> Result<(), AdminError> {
    let mut query = Vec::new();
    query.extend(state.map(|state| ("state", state)));
    query.extend(search.map(|text| ("q", text)));
    let users = context.client.list(&[USERS], &query, most(page))?;
    context.output.list(&users, &COLUMNS)
}

fn change(context: &Context, user: &str, body: &Value, said: &str) -> Result<(), AdminError> {
    let found = find(context, user)?;
    let changed = context
        .client
        .patch(&[USERS, id(&found.body)], &found, body)?;
    let said = format!("{said} {}.", name(&changed));
    context.output.done(&said, &changed)
}

fn set_state(context: &Context, user: &str, state: &str, said: &str) -> Result<(), AdminError> {
    let found = find(context, user)?.body;
    let path = [USERS, id(&found), "state"];
    let changed = context.client.post(&path, &json!({"state": state}))?;
    let said = format!("{said} {}.", name(&changed));
    context.output.done(&said, &changed)
}

/// Has something done that needs to be told nothing more.
fn ask_for(context: &Context, user: &str, what: &str, said: &str) -> Result<(), AdminError> {
    let found = find(context, user)?.body;
    let answer = context
        .client
        .post(&[USERS, id(&found), what], &json!({}))?;
    let said = format!("{said} {}.", name(&found));
    context.output.done(&said, &answer)
}

fn sign_out(context: &Context, user: &str) -> Result<(), AdminError> {
    let found = find(context, user)?.body;
    context.client.delete(&[USERS, id(&found), "sessions"])?;
    let said = format!("Signed {} out everywhere.", name(&found));
    context.output.done(&said, &found)
}

fn schedule(context: &Context, user: &str, state: &str, at: &str) -> Result<(), AdminError> {
    let found = find(context, user)?.body;
    let body = json!({"state": state, "due_at": instant(at)});
    let made = context
        .client
        .post(&[USERS, id(&found), "schedules"], &body)?;
    let due = made["due_at"].as_str().unwrap_or(at);
    let due = crate::printer::printable(due);
    let said = format!("{} becomes {state} at {due}.", name(&found));
    context.output.done(&said, &made)
}

/// A day is the instant at which it begins; the server judges everything else.
pub(super) fn instant(text: &str) -> String {
    let is_day = text.len() == 10 && !text.contains('T');
    if is_day {
        format!("{text}T00:00:00Z")
    } else {
        text.to_owned()
    }
}

fn delete(context: &Context, user: &str, yes: bool) -> Result<(), AdminError> {
    let found = find(context, user)?.body;
    let name = name(&found);
    confirm(context, yes, &format!("Delete {name} for good? Type yes:"))?;
    context.client.delete(&[USERS, id(&found)])?;
    context.output.done(&format!("Deleted {name}."), &found)
}

/// Goes on only when the person says so.
pub(super) fn confirm(context: &Context, yes: bool, question: &str) -> Result<(), AdminError> {
    const MISSING: Missing<'_> = Missing {
        what: "This has to be confirmed",
        how: "Add --yes.",
    };
    if yes {
        return Ok(());
    }
    let prompts = if context.no_input {
        Prompts::Off("--no-input")
    } else {
        Prompts::Allowed
    };
    let answer = prompts.text(question, None, MISSING)?;
    if answer.eq_ignore_ascii_case("yes") {
        Ok(())
    } else {
        Err(AdminError::NotConfirmed)
    }
}

/// The person with this id, e-mail address or username.
pub(super) fn find(context: &Context, user: &str) -> Result<Read, AdminError> {
    if is_id(user)
        && let Some(found) = context.client.find(&[USERS, user])?
    {
        return Ok(found);
    }
    let query = [("q", user)];
    let found = context.client.list(&[USERS], &query, Some(200))?;
    let same = |field: &str, item: &Value| {
        let value = item[field].as_str().unwrap_or_default();
        value.eq_ignore_ascii_case(user)
    };
    let one = found
        .iter()
        .find(|item| same("email", item) || same("username", item));
    match one {
        Some(item) => context.client.get(&[USERS, id(item)]),
        None => Err(AdminError::NoSuch {
            what: "user",
            name: user.to_owned(),
        }),
    }
}

/// Whether it looks like the id of a person or a group.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn id(item: &Value) -> &str {
    item["id"].as_str().unwrap_or_default()
}

fn name(item: &Value) -> String {
    crate::printer::printable(item["email"].as_str().unwrap_or_default())
}

/// `None`: all of them.
pub(super) fn most(page: &PageArgs) -> Option<u32> {
    (!page.all).then_some(page.limit)
}
