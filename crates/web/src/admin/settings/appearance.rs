//! How the organisation's pages look.

use jetway_identity::Sections;
use jetway_pages::Body;
use jetway_pages::admin::settings::{AppearanceSettings, SettingsHead, SettingsTab};

use super::problems::Problems;
use super::tab::{Around, Seal, Tab, typed_text};
use crate::shared::{Failure, Fields};

pub(crate) struct Appearance {
    accent_color: String,
}

impl Tab for Appearance {
    const TAB: SettingsTab = SettingsTab::Appearance;
    const SECTIONS: &'static [&'static str] = &["appearance"];

    fn stored(sections: &Sections) -> Self {
        let color = sections.appearance.accent_color.clone();
        Self {
            accent_color: color.unwrap_or_default(),
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        Ok(Self {
            accent_color: typed_text(fields, "appearance.accent_color")?,
        })
    }

    fn apply(&self, sections: &mut Sections, _: &mut Problems) {
        let color = self.accent_color.trim();
        sections.appearance.accent_color = (!color.is_empty()).then(|| color.to_owned());
    }

    fn page(self, head: SettingsHead, problems: &Problems, _: &Around<'_>) -> impl Body {
        AppearanceSettings {
            head,
            accent_color: problems.field("appearance.accent_color", self.accent_color),
        }
    }
}
