//! The page that carries a signed response to the application (SAML bindings 3.5.4).

use askama::Template;

use crate::{Body, Layout, assets};

/// One form, posted at once by a script, or by its button where scripts do not run. Give the page
/// a chrome without `sign_out`: its form has to be the only one, for the script and for
/// command-line tools that read the page.
#[derive(Debug, Template)]
#[template(path = "single_sign_on.html")]
pub struct SingleSignOn {
    pub application_label: String,
    /// Where the form goes: the application's assertion consumer service.
    pub acs_url: String,
    /// Base64.
    pub saml_response: String,
    pub relay_state: Option<String>,
}

impl Body for SingleSignOn {
    fn title(&self) -> &'static str {
        "Signing you in"
    }

    fn layout(&self) -> Layout {
        Layout::Card
    }

    fn script(&self) -> Option<&'static str> {
        Some(assets::AUTO_SUBMIT)
    }
}
