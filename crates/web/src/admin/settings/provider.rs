//! The OpenID Connect provider that administrators may sign in with (requirement A04).

use jetway_identity::Sections;
use jetway_identity::settings::OidcProvider;
use jetway_pages::Body;
use jetway_pages::admin::settings::{ProviderSettings, SettingsHead, SettingsTab};
use url::Url;

use super::problems::Problems;
use super::tab::{Around, Seal, Tab, typed_text};
use crate::shared::{Failure, Fields};

const NAME: &str = "administrator_oidc.name";
const ISSUER: &str = "administrator_oidc.issuer";
const CLIENT_ID: &str = "administrator_oidc.client_id";
const CLIENT_SECRET: &str = "administrator_oidc.client_secret";

#[derive(Default)]
pub(crate) struct Provider {
    /// `remove` was pressed.
    remove: bool,
    name: String,
    issuer: String,
    client_id: String,
    /// `None`: as stored.
    sealed_client_secret: Option<String>,
}

impl Tab for Provider {
    const TAB: SettingsTab = SettingsTab::Provider;
    const SECTIONS: &'static [&'static str] = &["administrator_oidc"];

    fn stored(sections: &Sections) -> Self {
        let stored = sections.administrator_oidc.as_ref();
        stored.map_or_else(Self::default, |provider| Self {
            name: provider.name.clone(),
            issuer: provider.issuer.to_string(),
            client_id: provider.client_id.clone(),
            ..Self::default()
        })
    }

    fn typed(fields: &Fields<'_>, seal: &mut Seal<'_>) -> Result<Self, Failure> {
        let text = |name| typed_text(fields, name);
        let secret = fields.get(CLIENT_SECRET)?.unwrap_or_default();
        let remove = match fields.get("do")? {
            None | Some("save") => false,
            Some("remove") => true,
            Some(_) => return Err(Failure::bad_request()),
        };
        Ok(Self {
            remove,
            name: text(NAME)?,
            issuer: text(ISSUER)?,
            client_id: text(CLIENT_ID)?,
            sealed_client_secret: (!secret.is_empty())
                .then(|| OidcProvider::seal_client_secret(seal.key, seal.rng, secret)),
        })
    }

    fn apply(&self, sections: &mut Sections, problems: &mut Problems) {
        if self.remove {
            sections.administrator_oidc = None;
            return;
        }
        let Ok(issuer) = Url::parse(self.issuer.trim()) else {
            problems.add(ISSUER, "write the whole address, starting with https://");
            return;
        };
        let stored = sections.administrator_oidc.take();
        let kept = stored.and_then(|provider| provider.sealed_client_secret);
        sections.administrator_oidc = Some(OidcProvider {
            name: self.name.trim().to_owned(),
            issuer,
            client_id: self.client_id.trim().to_owned(),
            sealed_client_secret: self.sealed_client_secret.clone().or(kept),
        });
    }

    fn page(self, head: SettingsHead, problems: &Problems, around: &Around<'_>) -> impl Body {
        let stored = around.settings.sections.administrator_oidc.as_ref();
        let callback = around
            .site
            .settings
            .public_url()
            .join("/admin/oidc/callback");
        ProviderSettings {
            head,
            name: problems.field(NAME, self.name),
            issuer: problems.field(ISSUER, self.issuer),
            client_id: problems.field(CLIENT_ID, self.client_id),
            has_secret: stored.is_some_and(|stored| stored.sealed_client_secret.is_some()),
            secret_error: problems.of(CLIENT_SECRET),
            redirect_uri: callback.map_or_else(|_| String::new(), String::from),
            set_up: stored.is_some(),
        }
    }
}
