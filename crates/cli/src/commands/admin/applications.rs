//! `jetway admin applications …`

use std::path::Path;

use serde_json::{Value, json};

use super::client::Read;
use super::transfer::text_of;
use super::users::{self, confirm, id, most};
use super::{AdminError, Context, fields, groups, sign_on};
use crate::args::{ApplicationsCommand, HolderArgs, KeysCommand};
use crate::printer::printable;

pub(super) const APPLICATIONS: &str = "applications";
const ACCESS: &str = "access";
const KEYS: &str = "keys";

const COLUMNS: [(&str, &str); 5] = [
    ("ID", "id"),
    ("NAME", "slug"),
    ("LABEL", "label"),
    ("KIND", "kind"),
    ("ACTIVE", "active"),
];
const CATALOGUE_COLUMNS: [(&str, &str); 3] =
    [("KIND", "key"), ("NAME", "name"), ("WHICH", "which")];
const PEOPLE_COLUMNS: [(&str, &str); 6] = [
    ("ID", "id"),
    ("USERNAME", "username"),
    ("EMAIL", "email"),
    ("STATE", "state"),
    ("DIRECT", "direct"),
    ("THROUGH", "groups.name"),
];
const KEY_COLUMNS: [(&str, &str); 4] = [
    ("ID", "id"),
    ("STATE", "state"),
    ("EXPIRES", "expires_at"),
    ("SHA-256", "fingerprint"),
];

pub(super) fn run(context: &Context, command: ApplicationsCommand) -> Result<(), AdminError> {
    match command {
        ApplicationsCommand::List { page } => {
            let applications = context.client.list(&[APPLICATIONS], &[], most(&page))?;
            context.output.list(&applications, &COLUMNS)
        }
        ApplicationsCommand::Show { application } => {
            context.output.one(&find(context, &application)?.body)
        }
        ApplicationsCommand::Catalogue => {
            let entries = context.client.list(&["application-catalogue"], &[], None)?;
            context.output.list(&entries, &CATALOGUE_COLUMNS)
        }
        ApplicationsCommand::Create(args) => {
            let body = fields::document(&args.fields)?;
            let made = context.client.post(&[APPLICATIONS], &body)?;
            let said = format!("Added {}.", label(&made));
            context.output.done(&said, &made)
        }
        ApplicationsCommand::Update {
            application,
            fields: args,
        } => {
            let body = fields::document(&args.fields)?;
            update(context, &application, &body, "Changed")
        }
        ApplicationsCommand::Activate { application } => {
            update(context, &application, &json!({"active": true}), "Activated")
        }
        ApplicationsCommand::Deactivate { application } => {
            let body = json!({"active": false});
            update(context, &application, &body, "Deactivated")
        }
        ApplicationsCommand::Delete { application, yes } => delete(context, &application, yes),
        ApplicationsCommand::Fill {
            application,
            metadata,
        } => fill(context, &application, &metadata),
        ApplicationsCommand::Grant { application, to } => {
            change_access(context, &application, &to, "grant")
        }
        ApplicationsCommand::Revoke { application, from } => {
            change_access(context, &application, &from, "withdraw")
        }
        ApplicationsCommand::People { application, page } => {
            let found = find(context, &application)?.body;
            let path = [APPLICATIONS, id(&found), "people"];
            let people = context.client.list(&path, &[], most(&page))?;
            context.output.list(&people, &PEOPLE_COLUMNS)
        }
        ApplicationsCommand::Keys(command) => keys(context, command),
        ApplicationsCommand::Preview {
            application,
            user,
            xml,
        } => sign_on::preview(context, &application, &user, xml),
        ApplicationsCommand::Check { application } => sign_on::check(context, &application),
        ApplicationsCommand::Aws(args) => sign_on::aws(context, &args),
        ApplicationsCommand::Arns {
            application,
            file,
            groups,
            plan,
        } => sign_on::arns(context, &application, (&file, &groups), plan),
        ApplicationsCommand::Diagnose { file, application } => {
            sign_on::diagnose(context, &file, application.as_deref())
        }
    }
}

fn update(
    context: &Context,
    application: &str,
    body: &Value,
    word: &str,
) -> Result<(), AdminError> {
    let found = find(context, application)?;
    let path = [APPLICATIONS, id(&found.body)];
    let changed = context.client.patch(&path, &found, body)?;
    let said = format!("{word} {}.", label(&changed));
    context.output.done(&said, &changed)
}

fn delete(context: &Context, application: &str, yes: bool) -> Result<(), AdminError> {
    let found = find(context, application)?.body;
    let label = label(&found);
    let question = format!(
        "Delete {label} with its keys? What it means at the service provider stays there. Type yes:"
    );
    confirm(context, yes, &question)?;
    context.client.delete(&[APPLICATIONS, id(&found)])?;
    context.output.done(&format!("Deleted {label}."), &found)
}

fn fill(context: &Context, application: &str, metadata: &Path) -> Result<(), AdminError> {
    let found = find(context, application)?.body;
    let body = json!({ "metadata": text_of(metadata)? });
    let path = [APPLICATIONS, id(&found), "service-provider-metadata"];
    let filled = context.client.post(&path, &body)?;
    for warning in filled["warnings"].as_array().into_iter().flatten() {
        context
            .output
            .note(&printable(warning.as_str().unwrap_or_default()));
    }
    let said = format!("Filled in the settings of {}.", label(&found));
    context.output.done(&said, &filled["application"])
}

/// All of them in one request: either everything changes or nothing does.
fn change_access(
    context: &Context,
    application: &str,
    holders: &HolderArgs,
    change: &str,
) -> Result<(), AdminError> {
    let found = find(context, application)?.body;
    let groups = holders.groups.iter().map(|group| {
        let found = groups::find(context, group)?;
        Ok(id(&found.body).to_owned())
    });
    let groups = groups.collect::<Result<Vec<_>, AdminError>>()?;
    let users = holders.users.iter().map(|user| {
        let found = users::find(context, user)?;
        Ok(id(&found.body).to_owned())
    });
    let users = users.collect::<Result<Vec<_>, AdminError>>()?;
    let body = json!({
        format!("{change}_groups"): groups,
        format!("{change}_users"): users,
    });
    let path = [APPLICATIONS, id(&found), ACCESS];
    let answer = context.client.post(&path, &body)?;
    let counts = [
        (groups.len(), "group", "groups"),
        (users.len(), "person", "people"),
    ];
    let words = counts.iter().filter_map(|(count, one, many)| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        count => Some(format!("{count} {many}")),
    });
    let whom = words.collect::<Vec<_>>().join(" and ");
    let said = match change {
        "grant" => format!("Gave {} to {whom}.", label(&found)),
        _ => format!("Took {} from {whom}.", label(&found)),
    };
    context.output.done(&said, &answer)
}

fn keys(context: &Context, command: KeysCommand) -> Result<(), AdminError> {
    match command {
        KeysCommand::List { application } => {
            let found = find(context, &application)?.body;
            let path = [APPLICATIONS, id(&found), KEYS];
            let keys = context.client.list(&path, &[], None)?;
            context.output.list(&keys, &KEY_COLUMNS)
        }
        KeysCommand::Add {
            application,
            private_key,
            certificate,
            use_now,
        } => {
            let found = find(context, &application)?.body;
            let mut body = json!({ "use_now": use_now });
            if let (Some(key), Some(certificate)) = (private_key, certificate) {
                body["private_key"] = text_of(&key)?.into();
                body["certificate"] = text_of(&certificate)?.into();
            }
            let path = [APPLICATIONS, id(&found), KEYS];
            let keys = context.client.post(&path, &body)?;
            let said = format!("Added a key to {}.", label(&found));
            context.output.done(&said, &keys)
        }
        KeysCommand::Use { application, key } => act(context, &application, &key, "use"),
        KeysCommand::Retire { application, key } => act(context, &application, &key, "retire"),
        KeysCommand::Delete { application, key } => {
            let found = find(context, &application)?.body;
            context
                .client
                .delete(&[APPLICATIONS, id(&found), KEYS, &key])?;
            let said = format!("Deleted the key of {}.", label(&found));
            context.output.done(&said, &found)
        }
    }
}

fn act(context: &Context, application: &str, key: &str, action: &str) -> Result<(), AdminError> {
    let found = find(context, application)?.body;
    let path = [APPLICATIONS, id(&found), KEYS, key];
    let keys = context.client.post(&path, &json!({ "action": action }))?;
    let said = match action {
        "use" => format!("{} signs with this key from now on.", label(&found)),
        _ => format!("The key of {} is out of its metadata.", label(&found)),
    };
    context.output.done(&said, &keys)
}

/// The application with this id, name or label.
pub(super) fn find(context: &Context, application: &str) -> Result<Read, AdminError> {
    let wanted = [application.to_owned()];
    let found = ids(context, &wanted)?;
    let id = found.first().map(String::as_str).unwrap_or_default();
    context.client.get(&[APPLICATIONS, id])
}

/// The ids of the applications with these ids, names or labels. Two may have the same label: then it
/// means neither.
pub(super) fn ids(context: &Context, wanted: &[String]) -> Result<Vec<String>, AdminError> {
    let all = context.client.list(&[APPLICATIONS], &[], None)?;
    let one = |wanted: &String| {
        let with = |field: &'static str| {
            let lower = wanted.to_lowercase();
            all.iter().filter(move |item| {
                let value = item[field].as_str().unwrap_or_default();
                value.to_lowercase() == lower
            })
        };
        let (what, name) = ("application", wanted.clone());
        if let Some(item) = with("id").chain(with("slug")).next() {
            return Ok(id(item).to_owned());
        }
        let mut labelled = with("label");
        match (labelled.next(), labelled.next()) {
            (Some(item), None) => Ok(id(item).to_owned()),
            (Some(_), Some(_)) => Err(AdminError::Several { what, name }),
            (None, _) => Err(AdminError::NoSuch { what, name }),
        }
    };
    wanted.iter().map(one).collect()
}

pub(super) fn label(item: &Value) -> String {
    printable(item["label"].as_str().unwrap_or_default())
}
