//! `jetway admin settings …`

use super::{AdminError, Context, fields};
use crate::args::SettingsCommand;

const SETTINGS: &str = "settings";

pub(super) fn run(context: &Context, command: SettingsCommand) -> Result<(), AdminError> {
    let present = context.client.get(&[SETTINGS])?;
    match command {
        SettingsCommand::Show => context.output.one(&present.body),
        SettingsCommand::Update(args) => {
            let change = fields::document(&args.fields)?;
            let changed = context.client.patch(&[SETTINGS], &present, &change)?;
            context.output.done("Changed the settings.", &changed)
        }
    }
}
