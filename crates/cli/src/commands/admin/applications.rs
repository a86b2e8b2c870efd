//! `jetway admin applications …`

use serde_json::Value;

use super::users::{id, most};
use super::{AdminError, Context};
use crate::args::ApplicationsCommand;

pub(super) const APPLICATIONS: &str = "applications";

const COLUMNS: [(&str, &str); 5] = [
    ("ID", "id"),
    ("NAME", "slug"),
    ("LABEL", "label"),
    ("KIND", "kind"),
    ("ACTIVE", "active"),
];

pub(super) fn run(context: &Context, command: ApplicationsCommand) -> Result<(), AdminError> {
    match command {
        ApplicationsCommand::List { page } => {
            let applications = context.client.list(&[APPLICATIONS], &[], most(&page))?;
            context.output.list(&applications, &COLUMNS)
        }
        ApplicationsCommand::Show { application } => {
            let found = context.client.get(&[APPLICATIONS, &application])?;
            context.output.one(&found.body)
        }
    }
}

/// The ids of the applications with these ids, names or labels.
pub(super) fn ids(context: &Context, wanted: &[String]) -> Result<Vec<String>, AdminError> {
    let all = context.client.list(&[APPLICATIONS], &[], None)?;
    let one = |wanted: &String| {
        let same = |item: &&Value| {
            let is = |field: &str| {
                let value = item[field].as_str().unwrap_or_default();
                value.eq_ignore_ascii_case(wanted)
            };
            is("id") || is("slug") || is("label")
        };
        let found = all.iter().find(same).map(|item| id(item).to_owned());
        found.ok_or_else(|| AdminError::NoSuch {
            what: "application",
            name: wanted.clone(),
        })
    };
    wanted.iter().map(one).collect()
}
