//! Who the organisation is, and how its pages look.

use askama::Template;

use super::SettingsHead;
use crate::Body;
use crate::admin::parts::Field;

/// Fields `profile.name`, `profile.contact_name`, `profile.contact_email`. The logo has forms of
/// its own: a file `logo` to `/admin/settings/logo`, and `/admin/settings/logo/delete`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/organisation.html")]
pub struct OrganisationProfile {
    pub head: SettingsHead,
    pub name: Field,
    pub contact_name: Field,
    pub contact_email: Field,
    pub organisation_id: String,
    /// Same-site address of the logo, with its version.
    pub logo: Option<String>,
    pub logo_error: Option<String>,
}

impl Body for OrganisationProfile {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}

/// Field `appearance.accent_color`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/appearance.html")]
pub struct AppearanceSettings {
    pub head: SettingsHead,
    /// `#rrggbb`, or empty for Jetway's own.
    pub accent_color: Field,
}

impl Body for AppearanceSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}
