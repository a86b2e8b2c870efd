//! The page that shows a signed response before it goes to the application.

use askama::Template;

use crate::{Body, Layout};

/// One form with its button. No script posts it: the person looks first.
#[derive(Debug, Template)]
#[template(path = "held_sign_on.html")]
pub struct HeldSignOn {
    pub application_label: String,
    /// Where the form goes: the application's assertion consumer service.
    pub acs_url: String,
    /// Base64.
    pub saml_response: String,
    pub relay_state: Option<String>,
    /// Format and value.
    pub name_id: Option<(String, String)>,
    /// Each value with the name of its attribute.
    pub attributes: Vec<(String, String)>,
    /// Why nothing of the assertion can be shown: it is encrypted.
    pub encrypted: bool,
    /// The message, indented.
    pub xml: String,
}

impl Body for HeldSignOn {
    fn title(&self) -> &'static str {
        "Your sign-in is held"
    }

    fn layout(&self) -> Layout {
        Layout::Wide
    }
}
