//! The second step of the wizard: what of the integration is wanted (requirements G02, G07).

use askama::Template;

use super::{Steps, WizardStep};
use crate::Body;
use crate::admin::parts::Select;

/// The page. Its form sends `entry` and `portal` (`show` or `hide`) to the next step.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/options.html")]
pub struct ApplicationOptions {
    /// The key of the catalogue entry.
    pub entry: String,
    /// Its name.
    pub name: String,
    /// What it supports: `SSO with SAML`.
    pub supports: String,
    pub portal: Select,
}

impl ApplicationOptions {
    const STEPS: Steps = Steps {
        step: WizardStep::SelectOptions,
    };
}

impl Body for ApplicationOptions {
    fn title(&self) -> &'static str {
        Steps::TITLE
    }
}
