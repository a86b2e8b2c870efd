//! The last step of the wizard: everything that was chosen, before it is saved (requirements G01,
//! G11).

use askama::Template;

use super::{Steps, WizardStep};
use crate::admin::parts::Hidden;
use crate::{Body, TileMark};

/// The page. Its form posts the hidden fields to `/admin/applications/new`; "Back" posts them to
/// the step before with `do=back`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/review.html")]
pub struct Review {
    pub csrf: String,
    pub label: String,
    pub description: String,
    pub mark: TileMark,
    /// What else was chosen: `("IdP URL", "https://sso.example.com/saml2/aws-a")`.
    pub facts: Vec<(&'static str, String)>,
    pub hidden: Vec<Hidden>,
}

impl Review {
    const STEPS: Steps = Steps {
        step: WizardStep::Review,
    };
}

impl Body for Review {
    fn title(&self) -> &'static str {
        Steps::TITLE
    }
}
