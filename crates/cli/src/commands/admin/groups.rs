//! `jetway admin groups …`

use serde_json::{Value, json};

use super::client::Read;
use super::users::{self, confirm, id, is_id, most};
use super::{AdminError, Context, applications, fields};
use crate::args::{GroupsCommand, PageArgs};

const GROUPS: &str = "groups";
const MEMBERS: &str = "members";

const COLUMNS: [(&str, &str); 4] = [
    ("ID", "id"),
    ("NAME", "name"),
    ("MEMBERS", "member_count"),
    ("DESCRIPTION", "description"),
];

const MEMBER_COLUMNS: [(&str, &str); 3] =
    [("ID", "id"), ("USERNAME", "username"), ("EMAIL", "email")];

pub(super) fn run(context: &Context, command: GroupsCommand) -> Result<(), AdminError> {
    match command {
        GroupsCommand::List { search, page } => list(context, search.as_deref(), &page),
        GroupsCommand::Show { group } => context.output.one(&find(context, &group)?.body),
        GroupsCommand::Create(args) => {
            let made = context
                .client
                .post(&[GROUPS], &fields::document(&args.fields)?)?;
            context
                .output
                .done(&format!("Added {}.", name(&made)), &made)
        }
        GroupsCommand::Update {
            group,
            fields: args,
        } => {
            let found = find(context, &group)?;
            let body = fields::document(&args.fields)?;
            let path = [GROUPS, id(&found.body)];
            let changed = context.client.patch(&path, &found, &body)?;
            let said = format!("Changed {}.", name(&changed));
            context.output.done(&said, &changed)
        }
        GroupsCommand::Delete { group, yes } => {
            let found = find(context, &group)?.body;
            let name = name(&found);
            confirm(context, yes, &format!("Delete the group {name}? Type yes:"))?;
            context.client.delete(&[GROUPS, id(&found)])?;
            context.output.done(&format!("Deleted {name}."), &found)
        }
        GroupsCommand::Members { group, page } => {
            let found = find(context, &group)?.body;
            let path = [GROUPS, id(&found), MEMBERS];
            let members = context.client.list(&path, &[], most(&page))?;
            context.output.list(&members, &MEMBER_COLUMNS)
        }
        GroupsCommand::AddMember { group, users } => membership(context, &group, &users, "add"),
        GroupsCommand::RemoveMember { group, users } => {
            membership(context, &group, &users, "remove")
        }
        GroupsCommand::Grant {
            group,
            applications,
        } => grants(context, &group, &applications, "grant"),
        GroupsCommand::Revoke {
            group,
            applications,
        } => grants(context, &group, &applications, "withdraw"),
    }
}

fn list(context: &Context, search: Option<&str>, page: &PageArgs) -> Result<(), AdminError> {
    let query: Vec<_> = search.map(|text| ("q", text)).into_iter().collect();
    let groups = context.client.list(&[GROUPS], &query, most(page))?;
    context.output.list(&groups, &COLUMNS)
}

/// All of them in one request: either everybody changes or nobody does.
fn membership(
    context: &Context,
    group: &str,
    people: &[String],
    change: &str,
) -> Result<(), AdminError> {
    let group = find(context, group)?.body;
    let mut ids = Vec::new();
    for person in people {
        ids.push(id(&users::find(context, person)?.body).to_owned());
    }
    let body = json!({ change: ids });
    let answer = context.client.post(&[GROUPS, id(&group), MEMBERS], &body)?;
    let said = match change {
        "add" => format!("Put {} into {}.", ids.len(), name(&group)),
        _ => format!("Took {} out of {}.", ids.len(), name(&group)),
    };
    context.output.done(&said, &answer)
}

/// All of them in one request: either everything changes or nothing does.
fn grants(
    context: &Context,
    group: &str,
    wanted: &[String],
    change: &str,
) -> Result<(), AdminError> {
    let group = find(context, group)?.body;
    let ids = applications::ids(context, wanted)?;
    let body = json!({ change: ids });
    let path = [GROUPS, id(&group), applications::APPLICATIONS];
    let answer = context.client.post(&path, &body)?;
    let said = match change {
        "grant" => format!("Gave {} to {}.", ids.len(), name(&group)),
        _ => format!("Took {} from {}.", ids.len(), name(&group)),
    };
    context.output.done(&said, &answer)
}

/// The group with this id or name.
pub(super) fn find(context: &Context, group: &str) -> Result<Read, AdminError> {
    if is_id(group)
        && let Some(found) = context.client.find(&[GROUPS, group])?
    {
        return Ok(found);
    }
    let found = context.client.list(&[GROUPS], &[("q", group)], Some(200))?;
    let lower = group.to_lowercase();
    let same = |item: &&Value| {
        item["name"]
            .as_str()
            .is_some_and(|name| name.to_lowercase() == lower)
    };
    match found.iter().find(same) {
        Some(item) => context.client.get(&[GROUPS, id(item)]),
        None => Err(AdminError::NoSuch {
            what: "group",
            name: group.to_owned(),
        }),
    }
}

fn name(item: &Value) -> String {
    crate::printer::printable(item["name"].as_str().unwrap_or_default())
}
