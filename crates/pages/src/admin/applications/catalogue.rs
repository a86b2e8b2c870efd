//! The first step of the wizard: what to integrate (requirements F04 to F06).

use askama::Template;

use super::{Steps, WizardStep};
use crate::{Body, TileMark};

/// One entry of the catalogue. Its link goes on to the options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueCard {
    /// Sent as `entry`.
    pub key: String,
    pub name: String,
    pub mark: TileMark,
    pub summary: String,
    /// How to tell it from the entries that sound alike.
    pub which: String,
    /// `SSO` or `Bookmark`.
    pub chip: &'static str,
}

/// The page. The search sends `q`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/catalogue.html")]
pub struct Catalogue {
    pub query: String,
    pub cards: Vec<CatalogueCard>,
}

impl Catalogue {
    const STEPS: Steps = Steps {
        step: WizardStep::SelectApplication,
    };
}

impl Body for Catalogue {
    fn title(&self) -> &'static str {
        Steps::TITLE
    }
}
