//! What an application would be told about a person, before anybody signs in (requirement W05).

use askama::Template;

use super::ApplicationHeader;
use crate::admin::parts::Badge;
use crate::{Body, Link};

/// Somebody whose sign-in can be previewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewCandidate {
    pub id: String,
    pub name: String,
    pub email: String,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewCheck {
    /// `good`, `warning` or `bad`.
    pub badge: Badge,
    /// A sentence.
    pub text: String,
}

/// One attribute as it would be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewAttribute {
    pub name: String,
    /// Each with where it comes from: `email of the user`.
    pub values: Vec<(String, String)>,
}

/// A custom attribute about which groups of the person disagree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewConflict {
    pub source: String,
    /// Each group with its value. The first one wins.
    pub values: Vec<(String, String)>,
}

/// The sign-in of one person as it would be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonPreview {
    pub id: String,
    pub name: String,
    pub email: String,
    /// The groups that give them the application.
    pub through: Vec<Link>,
    /// The worst first.
    pub checks: Vec<PreviewCheck>,
    /// Format and value.
    pub name_id: Option<(String, String)>,
    pub attributes: Vec<PreviewAttribute>,
    pub conflicts: Vec<PreviewConflict>,
    /// The response without signature, indented.
    pub xml: Option<String>,
}

/// For whom of those who have the application it would not work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EveryoneChecked {
    /// `Looked at 12 people. 2 of them could not sign in.`
    pub summary: String,
    pub all_good: bool,
    /// The first of them, each with the reason.
    pub failing: Vec<(PreviewCandidate, String)>,
    /// `and 4 more`.
    pub more: Option<String>,
}

/// The page. It asks with GET for `q`, `user` and `everyone`; "Hold my next sign-in" goes to
/// `…/preview/hold`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/preview.html")]
pub struct ApplicationPreview {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub query: String,
    /// Whom the search found; `None` before one.
    pub found: Option<Vec<PreviewCandidate>>,
    pub person: Option<PersonPreview>,
    pub everyone: Option<EveryoneChecked>,
    /// Where single sign-on to the application begins: `/saml2/aws`.
    pub sign_in: String,
    /// Whether assertions are encrypted.
    pub encrypted: bool,
}

impl Body for ApplicationPreview {
    fn title(&self) -> &str {
        &self.application.label
    }
}
