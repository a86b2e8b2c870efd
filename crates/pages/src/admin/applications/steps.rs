//! The head of every step of the wizard: its title and where one is (requirement G01).

use askama::{Template, filters::HtmlSafe};

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WizardStep {
    SelectApplication,
    SelectOptions,
    GeneralInfo,
    Review,
}

impl WizardStep {
    const ALL: [Self; 4] = [
        Self::SelectApplication,
        Self::SelectOptions,
        Self::GeneralInfo,
        Self::Review,
    ];

    fn text(self) -> &'static str {
        match self {
            Self::SelectApplication => "Select Application",
            Self::SelectOptions => "Select Options",
            Self::GeneralInfo => "Enter General Info",
            Self::Review => "Review",
        }
    }
}

/// The head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Template)]
#[template(path = "admin/applications/steps.html")]
pub struct Steps {
    pub step: WizardStep,
}

impl HtmlSafe for Steps {}

impl Steps {
    /// The title of every step.
    pub(super) const TITLE: &'static str = "Create New Application Integration";
}
