//! Who the organisation is.

use jetway_identity::Sections;
use jetway_pages::Body;
use jetway_pages::admin::settings::{OrganisationProfile, SettingsHead, SettingsTab};

use super::problems::Problems;
use super::tab::{Around, Seal, Tab, typed_text};
use crate::shared::{Failure, Fields};

/// The logo is on this tab and has forms of its own.
pub(super) const LOGO: &str = "appearance.logo";

pub(crate) struct Organisation {
    name: String,
    contact_name: String,
    contact_email: String,
}

impl Tab for Organisation {
    const TAB: SettingsTab = SettingsTab::Organisation;
    const SECTIONS: &'static [&'static str] = &["profile"];

    fn stored(sections: &Sections) -> Self {
        let profile = &sections.profile;
        Self {
            name: profile.name.clone(),
            contact_name: profile.contact_name.clone(),
            contact_email: profile.contact_email.clone(),
        }
    }

    fn typed(fields: &Fields<'_>, _: &mut Seal<'_>) -> Result<Self, Failure> {
        let text = |name| typed_text(fields, name);
        Ok(Self {
            name: text("profile.name")?,
            contact_name: text("profile.contact_name")?,
            contact_email: text("profile.contact_email")?,
        })
    }

    fn apply(&self, sections: &mut Sections, _: &mut Problems) {
        let profile = &mut sections.profile;
        self.name.trim().clone_into(&mut profile.name);
        self.contact_name
            .trim()
            .clone_into(&mut profile.contact_name);
        self.contact_email
            .trim()
            .clone_into(&mut profile.contact_email);
    }

    fn page(self, head: SettingsHead, problems: &Problems, around: &Around<'_>) -> impl Body {
        let known = around.site.organisation.get();
        OrganisationProfile {
            head,
            name: problems.field("profile.name", self.name),
            contact_name: problems.field("profile.contact_name", self.contact_name),
            contact_email: problems.field("profile.contact_email", self.contact_email),
            organisation_id: around.settings.organisation.to_string(),
            logo: known.and_then(|known| known.brand.logo.clone()),
            logo_error: problems.of(LOGO),
        }
    }
}
