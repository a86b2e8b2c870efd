//! How long sessions last.

use jetway_identity::Sections;
use jetway_pages::Body;
use jetway_pages::admin::settings::{SessionSettings, SettingsHead, SettingsTab};

use super::problems::{Problems, number};
use super::tab::{Around, Seal, Tab, typed_text};
use crate::shared::{Failure, Fields};

const IDLE: &str = "sessions.idle_minutes";
const ABSOLUTE: &str = "sessions.absolute_minutes";
const ADMINISTRATOR_IDLE: &str = "sessions.administrator_idle_minutes";
const ADMINISTRATOR_ABSOLUTE: &str = "sessions.administrator_absolute_minutes";

pub(crate) struct Sessions {
    idle: String,
    absolute: String,
    administrator_idle: String,
    administrator_absolute: String,
}

impl Tab for Sessions {
    const TAB: SettingsTab = SettingsTab::Sessions;
    const SECTIONS: &'static [&'static str] = &["sessions"];

    fn stored(sections: &Sections) -> Self {
        let limits = &sections.sessions;
        Self {
            idle: limits.idle_minutes.to_string(),
            absolute: limits.absolute_minutes.to_string(),
            administrator_idle: limits.administrator_idle_minutes.to_string(),
            administrator_absolute: limits.administrator_absolute_minutes.to_string(),
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        let text = |name| typed_text(fields, name);
        Ok(Self {
            idle: text(IDLE)?,
            absolute: text(ABSOLUTE)?,
            administrator_idle: text(ADMINISTRATOR_IDLE)?,
            administrator_absolute: text(ADMINISTRATOR_ABSOLUTE)?,
        })
    }

    fn apply(&self, sections: &mut Sections, problems: &mut Problems) {
        let limits = &mut sections.sessions;
        let typed = [
            (IDLE, &self.idle, &mut limits.idle_minutes),
            (ABSOLUTE, &self.absolute, &mut limits.absolute_minutes),
            (
                ADMINISTRATOR_IDLE,
                &self.administrator_idle,
                &mut limits.administrator_idle_minutes,
            ),
            (
                ADMINISTRATOR_ABSOLUTE,
                &self.administrator_absolute,
                &mut limits.administrator_absolute_minutes,
            ),
        ];
        for (field, text, limit) in typed {
            if let Some(minutes) = number(problems, field, text) {
                *limit = minutes;
            }
        }
    }

    fn page(self, head: SettingsHead, problems: &Problems, _: &Around<'_>) -> impl Body {
        SessionSettings {
            head,
            idle_minutes: problems.field(IDLE, self.idle),
            absolute_minutes: problems.field(ABSOLUTE, self.absolute),
            administrator_idle_minutes: problems.field(ADMINISTRATOR_IDLE, self.administrator_idle),
            administrator_absolute_minutes: problems
                .field(ADMINISTRATOR_ABSOLUTE, self.administrator_absolute),
        }
    }
}
