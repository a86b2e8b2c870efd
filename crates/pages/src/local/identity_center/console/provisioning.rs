//! Automatic provisioning: the SCIM endpoint and its tokens (identity-center.md §3.1).

use std::fmt;

use askama::Template;

use super::{BASE, SettingsTab};
use crate::{
    Body,
    admin::parts::{Badge, Moment, Tabs, Tone},
};

/// A secret that this page shows and no other page can.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownOnce(pub String);

impl fmt::Debug for ShownOnce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ShownOnce")
    }
}

/// One access token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScimTokenRow {
    pub id: String,
    pub created: Moment,
    pub expires: Moment,
    /// Whether 90 days or less are left.
    pub soon: bool,
    pub expired: bool,
}

impl ScimTokenRow {
    fn badge(&self) -> Badge {
        if self.expired {
            Badge::new(Tone::Bad, "Expired")
        } else if self.soon {
            Badge::new(Tone::Waiting, "Expires soon")
        } else {
            Badge::new(Tone::Good, "Active")
        }
    }
}

/// The tab. Its buttons post to `/settings/provisioning/{enable,tokens,tokens/delete,disable}`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/provisioning.html")]
pub struct Provisioning {
    pub csrf: String,
    /// `None` while it is not enabled.
    pub endpoint: Option<String>,
    pub tokens: Vec<ScimTokenRow>,
    /// The token that was made a moment ago.
    pub fresh: Option<ShownOnce>,
    /// Why it cannot be enabled; `None` when it can.
    pub refused: Option<String>,
}

impl Provisioning {
    fn tabs() -> Tabs {
        SettingsTab::AutomaticProvisioning.tabs()
    }

    fn full(&self) -> bool {
        self.tokens.len() >= 2
    }
}

impl Body for Provisioning {
    fn title(&self) -> &'static str {
        "Automatic provisioning"
    }
}
