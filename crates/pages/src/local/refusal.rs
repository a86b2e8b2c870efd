//! The sign-in page refuses, in AWS's words and then in ours.

use askama::Template;

use crate::{Body, Layout};

/// A refused sign-in.
#[derive(Debug, Template)]
#[template(path = "local/refused.html")]
pub struct SignInRefused {
    /// AWS's text.
    pub message: String,
    /// What is behind it, for whoever sets the federation up. One paragraph each.
    pub diagnosis: Vec<String>,
    /// Id of the request, which the log names too.
    pub reference: String,
}

impl Body for SignInRefused {
    fn title(&self) -> &'static str {
        "Sign-in refused"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }
}
