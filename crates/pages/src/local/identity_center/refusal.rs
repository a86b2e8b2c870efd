//! A sign-in through the identity provider that failed: AWS's text for the person, the reason for
//! whoever sets it up (identity-center.md §4.4).

use askama::Template;

use crate::{Body, Layout};

/// What AWS would keep for CloudTrail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What is wrong, as one sentence.
    pub problem: String,
    /// Where: `NameID of the assertion`, `Settings, Identity source, Certificates`.
    pub place: String,
    /// What to do about it, one sentence each.
    pub remedies: Vec<String>,
}

/// A refused sign-in to the access portal.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/refused.html")]
pub struct CenterSignInRefused {
    /// AWS's text.
    pub message: String,
    pub diagnosis: Diagnosis,
    /// Id of the request, which the log names too.
    pub reference: String,
    /// Where to try again; `None` when that cannot help.
    pub again: Option<String>,
}

impl Body for CenterSignInRefused {
    fn title(&self) -> &'static str {
        "Sign-in failed"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
