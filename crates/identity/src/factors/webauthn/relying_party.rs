//! Who asks: the site that keys are registered for.

use std::time::Duration;

use url::{Host, Url};
use webauthn_rs_core::WebauthnCore;

use super::ceremony::LIFETIME;

/// The site, from its public address. A key that was registered for one host works for no other.
#[derive(Debug, Clone)]
pub struct RelyingParty {
    id: String,
    origin: String,
    name: String,
    pub(super) core: WebauthnCore,
}

/// Why keys cannot be used under a public address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RelyingPartyError {
    #[error(
        "security keys and passkeys need a host name, and public_url has {0}; give the server a name, for local trials localhost"
    )]
    NotAName(String),
    #[error(
        "security keys and passkeys need https, and public_url is {0}; browsers make an exception only for localhost"
    )]
    NotSecure(String),
}

impl RelyingParty {
    /// The site at `public_url`; `name` is the organisation, which some browsers show.
    pub fn new(public_url: &Url, name: &str) -> Result<Self, RelyingPartyError> {
        let Some(Host::Domain(host)) = public_url.host() else {
            let host = public_url.host_str().unwrap_or("no host").to_owned();
            return Err(RelyingPartyError::NotAName(host));
        };
        let local = host == "localhost" || host.ends_with(".localhost");
        if !(public_url.scheme() == "https" || public_url.scheme() == "http" && local) {
            return Err(RelyingPartyError::NotSecure(public_url.to_string()));
        }
        let timeout = Duration::try_from(LIFETIME).unwrap_or_default();
        let origins = vec![public_url.clone()];
        let exactly = Some(false);
        let core =
            WebauthnCore::new_unsafe_experts_only(name, host, origins, timeout, exactly, exactly);
        Ok(Self {
            id: host.to_owned(),
            origin: public_url.origin().ascii_serialization(),
            name: name.to_owned(),
            core,
        })
    }

    /// The host name (WebAuthn "RP ID").
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Scheme, host and port, as browsers write them.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The organisation.
    pub fn name(&self) -> &str {
        &self.name
    }
}
