//! The third step of the wizard: what the application is called and how it looks (requirements G04
//! to G10).

use askama::Template;

use super::{ColorChoice, Steps, WizardStep};
use crate::Body;
use crate::admin::parts::Field;

/// The ending of the IdP URL, under the advanced settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewIdpUrl {
    /// Sent as `slug`.
    pub slug: Field,
    /// What the ending is put after: `https://sso.example.com/saml2/`.
    pub before: String,
    /// The ending that is taken when none is given.
    pub default: String,
}

/// The page. Its form posts to itself: `entry`, `portal`, `label`, `description`, the colour, and
/// `bookmark_url` or `slug`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/new_general.html")]
pub struct NewGeneral {
    pub csrf: String,
    /// The key of the catalogue entry.
    pub entry: String,
    /// Its name.
    pub name: String,
    /// `show` or `hide`.
    pub portal: String,
    pub label: Field,
    pub description: Field,
    pub color: ColorChoice,
    /// Only of bookmarks.
    pub bookmark_url: Option<Field>,
    /// Not of bookmarks.
    pub idp_url: Option<NewIdpUrl>,
    /// What belongs to no field.
    pub problem: Option<String>,
}

impl NewGeneral {
    const STEPS: Steps = Steps {
        step: WizardStep::GeneralInfo,
    };
}

impl Body for NewGeneral {
    fn title(&self) -> &'static str {
        Steps::TITLE
    }
}
