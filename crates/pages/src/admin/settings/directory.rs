//! Who hears of alerts, and how new people start.

use askama::Template;

use super::SettingsHead;
use crate::Body;
use crate::admin::parts::{Field, Select};

/// Field `alerting.recipients`: one address a line.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/alerts.html")]
pub struct AlertSettings {
    pub head: SettingsHead,
    pub recipients: Field,
    /// Whether the role may open where the log is sent.
    pub can_destinations: bool,
}

impl Body for AlertSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}

/// Fields `default_states.manual`, `default_states.bulk`, `default_states.import`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/default_states.html")]
pub struct DefaultStateSettings {
    pub head: SettingsHead,
    pub manual: Select,
    pub bulk: Select,
    pub import: Select,
}

impl Body for DefaultStateSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}
