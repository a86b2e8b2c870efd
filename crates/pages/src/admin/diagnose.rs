//! "Diagnose": what is wrong with what somebody pasted from AWS (requirement W05).

use askama::Template;

use crate::Body;
use crate::admin::parts::{Badge, Field, Select};

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnoseFinding {
    /// `refused`, `warning` or `note`.
    pub badge: Badge,
    /// A few words.
    pub title: String,
    /// Sentences.
    pub explanation: String,
    pub fix: String,
}

/// What was pasted and what was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagnoseResult {
    /// `This is a SAML response.`
    pub what: String,
    /// The gravest first.
    pub findings: Vec<DiagnoseFinding>,
}

/// The page. Posts `application` and `pasted` to `/admin/diagnose`. What was pasted does not come
/// back on it.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/diagnose.html")]
pub struct Diagnose {
    pub csrf: String,
    /// With what the settings of an application say, a response is compared.
    pub application: Select,
    pub pasted: Field,
    /// Longest text, in characters.
    pub longest: usize,
    pub result: Option<DiagnoseResult>,
}

impl Body for Diagnose {
    fn title(&self) -> &'static str {
        "Diagnose"
    }
}
