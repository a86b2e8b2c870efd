//! The application state with what can be worked out once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jetway_identity::settings::PasswordPolicy;
use jetway_identity::{Clock, Entropy, KeyRing, PasswordHashers, Role, Store};
use jetway_pages::admin::{AdminFrame, NavItem};
use jetway_pages::{Brand, Chrome, Link, Person, Product, SignOut};

use crate::AppState;
use crate::WebSettings;
use crate::admin::break_glass::banners;
use crate::admin::oidc::KnownProvider;
use crate::outbound::Outbound;
use crate::routes::navigation;
use crate::shared::AdminVisit;
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
    pub(crate) outbound: Arc<dyn Outbound>,
    pub(crate) provider: KnownProvider,
    pub(crate) settings: WebSettings,
    pub(crate) organisation: KnownOrganisation,
    pub(crate) cookies: CookieNames,
    pub(crate) hosts: Hosts,
    pub(crate) headers: SecurityHeaders,
    /// Whether the set-up was once seen complete: it is not asked for again.
    set_up: AtomicBool,
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
            outbound: state.outbound,
            provider: KnownProvider::default(),
            settings: state.settings,
            organisation: KnownOrganisation::default(),
            set_up: AtomicBool::new(false),
        }
    }

    pub(crate) fn is_set_up(&self) -> bool {
        self.set_up.load(Ordering::Relaxed)
    }

    pub(crate) fn note_set_up(&self) {
        self.set_up.store(true, Ordering::Relaxed);
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

    /// The frame of a page of the admin portal; `current` is its entry in the navigation.
    pub(crate) fn admin_chrome(
        &self,
        visit: &AdminVisit,
        current: impl Into<Option<NavItem>>,
    ) -> AdminFrame {
        let administrator = &visit.administrator;
        AdminFrame {
            organisation: visit.settings.sections.profile.name.clone(),
            brand: self
                .organisation
                .get()
                .map_or_else(Brand::default, |known| known.brand.clone()),
            asset_prefix: STATIC,
            current: current.into(),
            administrator: Person {
                name: administrator.label().to_owned(),
                detail: administrator.email.clone(),
            },
            role: role_words(administrator.role).to_owned(),
            can: navigation(|permission| visit.may(permission)),
            alerts: visit.notices.alerts,
            checklist: visit.notices.checklist,
            help: vec![Link {
                href: "/api/v1/docs".to_owned(),
                text: "API reference".to_owned(),
            }],
            csrf: visit.csrf.clone(),
            toast: None,
            banners: banners(visit),
        }
    }

    /// The rules for new passwords, as of a moment ago: for showing them. What is decided is decided
    /// by the use cases, on what is stored.
    pub(crate) fn password_policy(&self) -> PasswordPolicy {
        let known = self.organisation.get();
        known.map_or_else(PasswordPolicy::default, |known| {
            known.settings.sections.passwords.clone()
        })
    }

    /// Whether a mail server is set up, as of a moment ago.
    pub(crate) fn sends_mail(&self) -> bool {
        let known = self.organisation.get();
        known.is_some_and(|known| known.settings.sections.mail.is_some())
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

/// A role as people read it.
pub(crate) fn role_words(role: Role) -> &'static str {
    match role {
        Role::Full => "Full administrator",
        Role::HelpDesk => "Help desk",
        Role::ReadOnly => "Read only",
    }
}
