//! The application state with what can be worked out once.

use std::sync::Arc;

use jetway_identity::{Clock, Entropy, KeyRing, PasswordHashers, Store};
use jetway_pages::{Brand, Chrome, Person, Product, SignOut};

use crate::AppState;
use crate::WebSettings;
use crate::shared::cookies::CookieNames;
use crate::shared::headers::SecurityHeaders;
use crate::shared::hosts::Hosts;
use crate::shared::organisation::KnownOrganisation;

/// Where the static files are.
pub(crate) const STATIC: &str = "/static";

/// What handlers get as state.
pub(crate) struct Site {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) hashers: Arc<PasswordHashers>,
    pub(crate) keys: Arc<KeyRing>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) settings: WebSettings,
    pub(crate) organisation: KnownOrganisation,
    pub(crate) cookies: CookieNames,
    pub(crate) hosts: Hosts,
    pub(crate) headers: SecurityHeaders,
}

impl Site {
    pub(crate) fn new(state: AppState) -> Self {
        let https = state.settings.is_https();
        Self {
            cookies: CookieNames::new(https),
            hosts: Hosts::new(state.settings.public_url()),
            headers: SecurityHeaders::new(https),
            store: state.store,
            hashers: state.hashers,
            keys: state.keys,
            clock: state.clock,
            entropy: state.entropy,
            settings: state.settings,
            organisation: KnownOrganisation::default(),
        }
    }

    /// The frame of a page for somebody who is not signed in, or whose page must have no second
    /// form.
    pub(crate) fn chrome(&self) -> Chrome {
        let (organisation, brand) = self.organisation.get().map_or_else(
            || ("Jetway".to_owned(), Brand::default()),
            |known| {
                let name = known.settings.sections.profile.name.clone();
                (name, known.brand.clone())
            },
        );
        Chrome {
            product: Product::IdentityProvider,
            organisation,
            brand,
            asset_prefix: STATIC,
            person: None,
            sign_out: None,
        }
    }

    /// The frame with the person's name and a sign-out button.
    pub(crate) fn chrome_for(&self, user: &jetway_identity::User, csrf: String) -> Chrome {
        Chrome {
            person: Some(Person {
                name: user.label(),
                detail: user.email.clone(),
            }),
            sign_out: Some(SignOut {
                action: "/logout".to_owned(),
                csrf: Some(csrf),
            }),
            ..self.chrome()
        }
    }
}
