//! `jetway admin applications …`

use super::users::most;
use super::{AdminError, Context};
use crate::args::ApplicationsCommand;

const APPLICATIONS: &str = "applications";

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
