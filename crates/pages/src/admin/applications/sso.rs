//! How single sign-on to an application works (requirements I01 to I13).

use askama::Template;

use super::ApplicationHeader;
use crate::Body;
use crate::admin::parts::{Badge, Field, Moment, Select, Tick};

/// A signing key of the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: String,
    /// `current`, `next` or `retired`.
    pub state: Badge,
    /// How its certificate stands.
    pub certificate: Badge,
    /// SHA-256 of the certificate.
    pub fingerprint: String,
    pub created: Moment,
    /// `use`, `retire`, `delete`: what can be done with it, with the words on the button.
    pub actions: Vec<(&'static str, &'static str)>,
}

/// The forms: the service provider's metadata to `…/sso/metadata` (file `metadata`, or `url`), the
/// settings to `…/sso`, keys to `…/sso/keys` (files or texts `private_key` and `certificate`, `do` is
/// `generate` or `upload`, tick `use_now`) and to `…/sso/keys/{key}` (`do`), and switching on and off
/// to `…/sso/active` (`active` is `yes` or `no`).
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/sso.html")]
pub struct ApplicationSso {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// The version that the page was made from, sent back as `version`.
    pub version: String,
    pub active: bool,
    /// What keeps it from being switched on, one sentence each.
    pub missing: Vec<String>,
    /// Whether metadata may be read from an address.
    pub by_url: bool,
    pub metadata_url: Field,
    pub metadata_error: Option<String>,
    /// What was doubtful about the metadata that was read.
    pub warnings: Vec<String>,
    pub idp_url: String,
    /// Where the IdP metadata is.
    pub metadata: String,
    pub idp_entity_id: Field,
    pub audience: Field,
    pub acs_url: Field,
    /// One a line, with its number before it.
    pub other_acs: Field,
    pub login_url: Field,
    pub relay_state: Field,
    pub name_id_source: Select,
    /// The name of the custom attribute, when that is the source.
    pub name_id_custom: Field,
    pub name_id_format: Select,
    pub signing: Select,
    pub digest: Select,
    pub session_seconds: Field,
    pub require_signed_requests: Tick,
    /// PEM, one after the other.
    pub request_certificates: Field,
    /// `None` where the service provider takes no encrypted assertions.
    pub encryption: Option<(Select, Field)>,
    pub keys: Vec<KeyRow>,
    pub key_error: Option<String>,
    /// What belongs to no field.
    pub problem: Option<String>,
}

impl Body for ApplicationSso {
    fn title(&self) -> &str {
        &self.application.label
    }
}
