//! The page that carries a sign-in request to the identity provider (SAML bindings 3.5.4).

use askama::Template;

use crate::{Body, Layout, assets};

/// One form, posted at once by a script, or by its button where scripts do not run. The page's
/// Content-Security-Policy has to let forms lead to the identity provider.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/to_identity_provider.html")]
pub struct ToIdentityProvider {
    /// The identity provider's sign-in address.
    pub action: String,
    /// Base64.
    pub saml_request: String,
    pub relay_state: String,
}

impl Body for ToIdentityProvider {
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
