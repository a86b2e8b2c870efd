//! The OpenID Connect provider that administrators may sign in with (requirement A04).

use askama::Template;

use super::SettingsHead;
use crate::Body;
use crate::admin::parts::Field;

/// Fields `administrator_oidc.name`, `.issuer`, `.client_id`, `.client_secret`. `do` is `save`
/// or `remove`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/settings/provider.html")]
pub struct ProviderSettings {
    pub head: SettingsHead,
    pub name: Field,
    pub issuer: Field,
    pub client_id: Field,
    pub has_secret: bool,
    pub secret_error: Option<String>,
    /// What to register at the provider.
    pub redirect_uri: String,
    pub set_up: bool,
}

impl Body for ProviderSettings {
    fn title(&self) -> &'static str {
        self.head.tab.text()
    }
}
