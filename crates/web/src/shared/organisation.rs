//! The organisation as pages show it: name, logo, colour.
//!
//! Kept for a second, so that a page costs no question to the database.

use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::{OrganisationSettings, Store};
use jetway_pages::Brand;
use time::{Duration, OffsetDateTime};

const FRESH_FOR: Duration = Duration::seconds(1);

/// What pages need of the settings, ready for use.
#[derive(Debug)]
pub(crate) struct Organisation {
    pub(crate) settings: OrganisationSettings,
    pub(crate) brand: Brand,
    pub(crate) logo: Option<Picture>,
    pub(crate) colours: Option<String>,
}

/// The logo, decoded.
#[derive(Debug)]
pub(crate) struct Picture {
    pub(crate) media_type: String,
    pub(crate) bytes: Vec<u8>,
}

/// The organisation as last read.
#[derive(Debug, Default)]
pub(crate) struct KnownOrganisation(RwLock<Known>);

#[derive(Debug, Default)]
struct Known {
    /// When the settings were last asked for, with or without an answer.
    asked_at: Option<OffsetDateTime>,
    organisation: Option<Arc<Organisation>>,
}

impl KnownOrganisation {
    /// Reads the settings unless that was tried a moment ago. Without a database the last ones
    /// stay.
    pub(crate) async fn refresh(&self, store: &dyn Store, now: OffsetDateTime) {
        if !self.is_due(now) {
            return;
        }
        let read = async { store.read().await?.settings().await };
        match read.await {
            Ok(settings) => self.keep(settings),
            Err(error) => tracing::warn!(%error, "the organisation's settings cannot be read"),
        }
    }

    /// The organisation; `None` while no settings could be read.
    pub(crate) fn get(&self) -> Option<Arc<Organisation>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        known.organisation.clone()
    }

    /// Whether it is time to ask; whoever is told so does.
    fn is_due(&self, now: OffsetDateTime) -> bool {
        let fresh = |asked_at: Option<OffsetDateTime>| {
            asked_at.is_some_and(|at| (now - at).abs() < FRESH_FOR)
        };
        if fresh(
            self.0
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .asked_at,
        ) {
            return false;
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if fresh(known.asked_at) {
            return false;
        }
        known.asked_at = Some(now);
        true
    }

    /// Takes the settings as just read or written.
    pub(crate) fn keep(&self, settings: OrganisationSettings) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let same = known.organisation.as_ref();
        if same.is_none_or(|known| known.settings.version != settings.version) {
            known.organisation = Some(Arc::new(Organisation::new(settings)));
        }
    }
}

impl Organisation {
    fn new(settings: OrganisationSettings) -> Self {
        let appearance = &settings.sections.appearance;
        let logo = appearance.logo.as_ref().and_then(|logo| {
            let bytes = STANDARD.decode(&logo.data).ok()?;
            let media_type = logo.media_type.clone();
            Some(Picture { media_type, bytes })
        });
        let colours = appearance
            .accent_color
            .as_deref()
            .and_then(Brand::style_sheet);
        let brand = Brand {
            logo: logo
                .as_ref()
                .map(|logo| format!("/brand/logo?v={}", version(&logo.bytes))),
            colours: colours
                .as_ref()
                .map(|css| format!("/brand/colours.css?v={}", version(css.as_bytes()))),
        };
        Self {
            settings,
            brand,
            logo,
            colours,
        }
    }
}

fn version(bytes: &[u8]) -> String {
    let digest = digest(&SHA256, bytes);
    hex::encode(digest.as_ref().get(..6).unwrap_or_default())
}
