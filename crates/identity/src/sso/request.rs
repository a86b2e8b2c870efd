//! What a service provider asks for: its AuthnRequest, held against what is registered for it (SAML
//! core 3.4.1, profiles 4.1.4.1).
//!
//! Nothing in a request is believed: a response goes only to an address that an administrator
//! registered. What passes becomes a [`Wish`], which survives the sign-in as a sealed text.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_saml::{
    AuthnRequest, BINDING_HTTP_POST, Inbound, NAMEID_UNSPECIFIED, StatusCode, StatusSubcode,
    VerifyingKey,
};
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::applications::{Application, SamlSettings};
use crate::events::EventKind;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sign_in_policies::RequestedContext;
use crate::store::{Store, StoreError};

/// How old a request may be when it arrives, and how long the sign-in that it asks for may take.
pub(super) const LIFETIME: Duration = Duration::minutes(10);
/// How far ahead the clock of a service provider may be.
pub(super) const AHEAD: Duration = Duration::minutes(3);
/// Longest RelayState. The bindings (3.4.3) allow 80 bytes; service providers send more.
pub(super) const MAX_RELAY_STATE: usize = 1024;
/// The reverse SOAP binding (SAML bindings 3.3), by which enhanced clients pass responses on.
const BINDING_PAOS: &str = "urn:oasis:names:tc:SAML:2.0:bindings:PAOS";

/// A request that passed: what of it still counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The request's ID: the response's InResponseTo.
    pub id: String,
    /// The registered address that the response goes to.
    pub acs_url: String,
    /// Returned unchanged.
    pub relay_state: Option<String>,
    /// The person proves anew who they are.
    pub force_authn: bool,
    /// Nothing may be shown.
    pub is_passive: bool,
    /// How the person shall have signed in.
    pub requested: Option<RequestedContext>,
    /// Milliseconds since 1970.
    received_at: i64,
}

impl Wish {
    /// When it arrived: a session that began before does not satisfy `force_authn`.
    pub fn received_at(&self) -> OffsetDateTime {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.received_at) * 1_000_000)
            .unwrap_or(OffsetDateTime::UNIX_EPOCH)
    }

    /// Until when the request can be answered.
    fn expires_at(&self) -> OffsetDateTime {
        self.received_at() + LIFETIME
    }

    /// Until when it has to be remembered that it was answered: the request may come once more as
    /// long as it is young enough, by a clock that is ahead, and then be answered late.
    pub(super) fn remembered_until(&self) -> OffsetDateTime {
        self.expires_at() + AHEAD + LIFETIME
    }

    /// As a text for an address, readable and writable only here, for this application.
    pub fn seal(&self, sealing: &SealingKey, rng: &mut StdRng, slug: &str) -> String {
        // A structure of texts and flags always becomes JSON.
        let text = serde_json::to_vec(self).unwrap_or_default();
        URL_SAFE_NO_PAD.encode(sealing.seal(rng, &context(slug), &text))
    }

    /// The reverse, while it can still be answered.
    pub fn open(sealing: &SealingKey, now: OffsetDateTime, slug: &str, text: &str) -> Option<Self> {
        let sealed = URL_SAFE_NO_PAD.decode(text).ok()?;
        let opened = sealing.open(&context(slug), &sealed).ok()?;
        let wish: Self = serde_json::from_slice(&opened).ok()?;
        (wish.received_at() <= now && now < wish.expires_at()).then_some(wish)
    }
}

fn context(slug: &str) -> String {
    format!("authn-request/{slug}")
}

/// Why a request is refused with a page: there is no address that an answer may go to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestRefused {
    #[error("the request is from {0:?}, which is not the service provider of this application")]
    UnknownIssuer(String),
    #[error(
        "the request asks for a response to {0:?}, which is not registered for the application"
    )]
    UnregisteredAcs(String),
    #[error("the request asks for the ACS URL with the number {0}, which is not registered")]
    UnregisteredIndex(u16),
    #[error("the request is for {0:?}, which is another address than this one")]
    Destination(String),
    #[error(
        "the request was made at {0}, which is too long ago or in the future; compare the clocks"
    )]
    Time(OffsetDateTime),
    #[error("the application takes signed requests only, and this one is not signed")]
    Unsigned,
    #[error("{0}")]
    Signature(String),
    #[error("the request asks for a response by the binding {0:?}, which is not possible here")]
    Binding(String),
    #[error("the RelayState is longer than {MAX_RELAY_STATE} bytes, or has control characters")]
    RelayState,
    #[error("the application is not configured yet")]
    Unconfigured,
}

/// Why a request is answered, but without an assertion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// A NameID format that the application is not set to.
    NameIdFormat,
    /// An authentication that nobody here can give.
    AuthnContext,
    /// Nobody is signed in, and nothing may be shown.
    Passive,
}

impl Unmet {
    /// The codes of the answer (SAML core 3.2.2.2).
    pub(crate) fn status(self) -> (StatusCode, StatusSubcode) {
        match self {
            Self::NameIdFormat => (StatusCode::Requester, StatusSubcode::InvalidNameIdPolicy),
            Self::AuthnContext => (StatusCode::Requester, StatusSubcode::NoAuthnContext),
            Self::Passive => (StatusCode::Responder, StatusSubcode::NoPassive),
        }
    }

    /// In words, for the service provider and the activity log.
    pub fn text(self) -> &'static str {
        match self {
            Self::NameIdFormat => "the application is set to another NameID format",
            Self::AuthnContext => "the requested authentication context cannot be given",
            Self::Passive => "nobody is signed in, and the request forbids to ask",
        }
    }
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// It may go on.
    Accepted(Wish),
    /// It gets a status response.
    Unmet(Wish, Unmet),
}

/// Why there is neither.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    #[error("there is no such application")]
    NoSuchApplication,
    /// In the activity log too.
    #[error(transparent)]
    Refused(#[from] RequestRefused),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How a request came, which decides how its answer may go back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Carrier {
    Browser,
    EnhancedClient,
}

impl Carrier {
    fn can_answer_by(self, binding: &str) -> bool {
        binding == BINDING_HTTP_POST || (self == Self::EnhancedClient && binding == BINDING_PAOS)
    }
}

/// Judges a request that a browser brought. `address` is where it arrived: the IdP URL of the
/// application. A refusal is in the activity log, since somebody has to look at the settings, or at
/// who sends such requests.
pub async fn receive_request(
    op: &mut Op,
    store: &dyn Store,
    slug: &str,
    address: &str,
    request: &Inbound<AuthnRequest>,
) -> Result<Received, ReceiveError> {
    receive_by(op, store, (slug, address), request, Carrier::Browser).await
}

/// The same for any carrier.
pub(super) async fn receive_by(
    op: &mut Op,
    store: &dyn Store,
    (slug, address): (&str, &str),
    request: &Inbound<AuthnRequest>,
    carrier: Carrier,
) -> Result<Received, ReceiveError> {
    let application = store.read().await?.application_by_slug(slug).await?;
    let application = application.ok_or(ReceiveError::NoSuchApplication)?;
    let Some(saml) = application.sign_on.saml() else {
        return Err(ReceiveError::NoSuchApplication);
    };
    match judge(&saml.settings, (address, carrier), request, op.now) {
        Ok(received) => Ok(received),
        Err(refused) => {
            record_refusal(op, store, &application, &refused).await?;
            Err(refused.into())
        }
    }
}

async fn record_refusal(
    op: &mut Op,
    store: &dyn Store,
    application: &Application,
    refused: &RequestRefused,
) -> Result<(), StoreError> {
    let detail = json!({
        "application": {
            "id": application.id.to_string(),
            "slug": application.slug,
            "display_label": application.label,
        },
        "idp_initiated": false,
        "reason": "request_refused",
        "error_message": refused.to_string(),
    });
    let target = Some(application.target());
    let event = op.event(EventKind::SsoAuth, false, target, detail);
    store.record(event).await
}

fn judge(
    settings: &SamlSettings,
    (address, carrier): (&str, Carrier),
    request: &Inbound<AuthnRequest>,
    now: OffsetDateTime,
) -> Result<Received, RequestRefused> {
    let claims = request.claims();
    if settings.audience.is_empty() || settings.acs_url.is_empty() {
        return Err(RequestRefused::Unconfigured);
    }
    if claims.issuer != settings.audience {
        return Err(RequestRefused::UnknownIssuer(claims.issuer.clone()));
    }
    check_signature(settings, request)?;
    if let Some(destination) = &claims.destination
        && destination != address
    {
        return Err(RequestRefused::Destination(destination.clone()));
    }
    let at = claims.issue_instant;
    if at > now + AHEAD || at < now - LIFETIME {
        return Err(RequestRefused::Time(at));
    }
    if let Some(binding) = &claims.protocol_binding
        && !carrier.can_answer_by(binding)
    {
        return Err(RequestRefused::Binding(binding.clone()));
    }
    let relay_state = request.relay_state().map(str::to_owned);
    // A page cannot carry control characters unchanged.
    if relay_state
        .as_ref()
        .is_some_and(|text| text.len() > MAX_RELAY_STATE || text.contains(char::is_control))
    {
        return Err(RequestRefused::RelayState);
    }
    let wish = Wish {
        id: claims.id.clone(),
        acs_url: acs_url(settings, claims)?,
        relay_state,
        force_authn: claims.force_authn,
        is_passive: claims.is_passive,
        requested: claims.authn_context.as_ref().map(RequestedContext::from),
        received_at: i64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX),
    };
    let format = claims
        .name_id_policy
        .as_ref()
        .and_then(|policy| policy.format.as_deref());
    let fits =
        |format: &str| format == NAMEID_UNSPECIFIED || format == settings.name_id.format.uri();
    if format.is_some_and(|format| !fits(format)) {
        return Ok(Received::Unmet(wish, Unmet::NameIdFormat));
    }
    let requested = wish.requested.as_ref();
    if requested.is_some_and(|asked| asked.weakest().is_none()) {
        return Ok(Received::Unmet(wish, Unmet::AuthnContext));
    }
    Ok(Received::Accepted(wish))
}

/// A signature that is there has to be good, whether or not one is required.
fn check_signature(
    settings: &SamlSettings,
    request: &Inbound<AuthnRequest>,
) -> Result<(), RequestRefused> {
    if !request.is_signed() {
        return if settings.require_signed_requests {
            Err(RequestRefused::Unsigned)
        } else {
            Ok(())
        };
    }
    let keys: Vec<VerifyingKey> = settings
        .request_certificates
        .iter()
        .filter_map(|der| VerifyingKey::from_certificate_der(der).ok())
        .collect();
    match request.verify(&keys) {
        Ok(_) => Ok(()),
        Err(error) => Err(RequestRefused::Signature(error.to_string())),
    }
}

/// The registered address that is meant; the default one without a wish (SAML core 3.4.1).
fn acs_url(settings: &SamlSettings, claims: &AuthnRequest) -> Result<String, RequestRefused> {
    let others = settings.other_acs.iter();
    let mut registered = std::iter::once((settings.acs_index, &settings.acs_url))
        .chain(others.map(|other| (other.index, &other.url)));
    match (
        &claims.assertion_consumer_service_url,
        claims.assertion_consumer_service_index,
    ) {
        (Some(url), _) => registered
            .find(|(_, known)| *known == url)
            .map(|(_, known)| known.clone())
            .ok_or_else(|| RequestRefused::UnregisteredAcs(url.clone())),
        (None, Some(index)) => registered
            .find(|(known, _)| *known == Some(index))
            .map(|(_, known)| known.clone())
            .ok_or(RequestRefused::UnregisteredIndex(index)),
        (None, None) => Ok(settings.acs_url.clone()),
    }
}
