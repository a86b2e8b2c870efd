//! What all tabs of the settings share.

use askama::{Template, filters::HtmlSafe};

use crate::admin::parts::{Moment, Tab, Tabs};

/// The tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingsTab {
    Organisation,
    Appearance,
    Sessions,
    Passwords,
    Mail,
    Alerts,
    DefaultStates,
    Provider,
}

impl SettingsTab {
    /// In the order in which they stand.
    pub const ALL: [Self; 8] = [
        Self::Organisation,
        Self::Appearance,
        Self::Sessions,
        Self::Passwords,
        Self::Mail,
        Self::Alerts,
        Self::DefaultStates,
        Self::Provider,
    ];

    /// Its address; its form posts there.
    pub fn href(self) -> &'static str {
        match self {
            Self::Organisation => "/admin/settings/organisation",
            Self::Appearance => "/admin/settings/appearance",
            Self::Sessions => "/admin/settings/sessions",
            Self::Passwords => "/admin/settings/passwords",
            Self::Mail => "/admin/settings/mail",
            Self::Alerts => "/admin/settings/alerts",
            Self::DefaultStates => "/admin/settings/default-states",
            Self::Provider => "/admin/settings/single-sign-on",
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Organisation => "Organisation profile",
            Self::Appearance => "Appearance",
            Self::Sessions => "Sign-in and sessions",
            Self::Passwords => "Passwords and lock-out",
            Self::Mail => "Mail",
            Self::Alerts => "Alerts",
            Self::DefaultStates => "Default states",
            Self::Provider => "Single sign-on",
        }
    }
}

/// Heading, tabs, and what every form of the settings carries.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/head.html")]
pub struct SettingsHead {
    pub tab: SettingsTab,
    pub csrf: String,
    /// What the form was read at.
    pub version: String,
    pub can_edit: bool,
    /// Why nothing was saved, when it belongs to no field: somebody else was faster.
    pub problem: Option<String>,
    /// Last change of any setting, with who made it.
    pub changed: Option<(Moment, String)>,
}

impl HtmlSafe for SettingsHead {}

impl SettingsHead {
    fn tabs(&self) -> Tabs {
        Tabs {
            label: "Settings".to_owned(),
            tabs: SettingsTab::ALL
                .into_iter()
                .map(|tab| Tab::new(tab.href(), tab.text(), tab == self.tab))
                .collect(),
        }
    }
}
