//! Settings: their tabs, and the first of them.

use askama::Template;

use super::BASE;
use crate::{
    Body,
    admin::parts::{Field, Tab, Tabs},
};

/// The tabs of the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsTab {
    Details,
    IdentitySource,
    AutomaticProvisioning,
    AccessControl,
}

impl SettingsTab {
    const ALL: [Self; 4] = [
        Self::Details,
        Self::IdentitySource,
        Self::AutomaticProvisioning,
        Self::AccessControl,
    ];

    fn text(self) -> &'static str {
        match self {
            Self::Details => "Details",
            Self::IdentitySource => "Identity source",
            Self::AutomaticProvisioning => "Automatic provisioning",
            Self::AccessControl => "Attributes for access control",
        }
    }

    fn href(self) -> String {
        let path = match self {
            Self::Details => "",
            Self::IdentitySource => "/identity-source",
            Self::AutomaticProvisioning => "/provisioning",
            Self::AccessControl => "/access-control",
        };
        format!("{BASE}/settings{path}")
    }

    /// The row of tabs with this one marked.
    pub(super) fn tabs(self) -> Tabs {
        Tabs {
            label: "Settings".to_owned(),
            tabs: Self::ALL
                .into_iter()
                .map(|tab| Tab::new(tab.href(), tab.text(), tab == self))
                .collect(),
        }
    }
}

/// The details of the instance, and how long a sign-in to the portal lasts (`portal_session_hours`
/// is posted to `/settings/portal-session`).
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/settings.html")]
pub struct CenterSettings {
    pub csrf: String,
    pub instance_arn: String,
    pub identity_store_id: String,
    /// The user portal URL, as AWS would have it.
    pub start_url: String,
    /// Where the portal is on this machine.
    pub portal: String,
    /// The entity id of the instance.
    pub issuer_url: String,
    pub region: String,
    /// The management account.
    pub owner_account: String,
    /// Where the other services are: the endpoint for clients.
    pub endpoint: String,
    pub portal_session_hours: Field,
}

impl CenterSettings {
    fn tabs() -> Tabs {
        SettingsTab::Details.tabs()
    }
}

impl Body for CenterSettings {
    fn title(&self) -> &'static str {
        "Settings"
    }
}
