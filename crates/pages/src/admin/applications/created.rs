//! The end of the wizard: the two ways on (requirement G11).

use askama::Template;

use crate::{Body, TileMark};

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/created.html")]
pub struct ApplicationCreated {
    pub label: String,
    pub mark: TileMark,
    /// What is left to do, as a sentence or two.
    pub next: String,
    /// Where it is configured.
    pub configure: String,
}

impl Body for ApplicationCreated {
    fn title(&self) -> &str {
        &self.label
    }
}
