//! Who hears of alerts (requirement U03).

use jetway_identity::{Permission, Sections};
use jetway_pages::Body;
use jetway_pages::admin::settings::{AlertSettings, SettingsHead, SettingsTab};

use super::passwords::lines;
use super::problems::Problems;
use super::tab::{Around, Seal, Tab};
use crate::admin::typed_lines;
use crate::shared::{Failure, Fields};

const RECIPIENTS: &str = "alerting.recipients";

pub(crate) struct Alerts {
    /// One address a line.
    recipients: String,
}

impl Tab for Alerts {
    const TAB: SettingsTab = SettingsTab::Alerts;
    const SECTIONS: &'static [&'static str] = &["alerting"];

    fn stored(sections: &Sections) -> Self {
        Self {
            recipients: sections.alerting.recipients.join("\n"),
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        Ok(Self {
            recipients: typed_lines(fields.get(RECIPIENTS)?.unwrap_or_default()),
        })
    }

    fn apply(&self, sections: &mut Sections, _: &mut Problems) {
        sections.alerting.recipients = lines(&self.recipients).collect();
    }

    fn page(self, head: SettingsHead, problems: &Problems, around: &Around<'_>) -> impl Body {
        AlertSettings {
            head,
            can_destinations: around.visit.may(Permission::ManageLog),
            recipients: problems.field(RECIPIENTS, self.recipients),
        }
    }
}
