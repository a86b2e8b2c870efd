//! What the router is made from.

use std::fmt;
use std::sync::Arc;

use ipnet::IpNet;
use jetway_identity::{Clock, Entropy, KeyRing, PasswordHashers, Store};
use url::{Host, Url};

use crate::outbound::Outbound;

/// Settings of the identity provider's web side.
#[derive(Debug, Clone)]
pub struct WebSettings {
    public_url: Url,
    trusted_proxies: Vec<IpNet>,
    dev: bool,
}

/// The public URL cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlError {
    #[error("the public URL {0} must start with https:// or http:// and name a host")]
    Scheme(Url),
    #[error(
        "the public URL {0} must be a bare origin such as https://sso.example.com: no path, user \
         name, query or fragment"
    )]
    NotAnOrigin(Url),
    #[error(
        "the public URL {0} is plain http on another machine's name: passwords and sessions would \
         cross the network unprotected. Use https, or http only with localhost"
    )]
    Unprotected(Url),
}

impl WebSettings {
    /// `public_url` is the address that people use.
    pub fn new(public_url: Url) -> Result<Self, PublicUrlError> {
        if !matches!(public_url.scheme(), "https" | "http") || public_url.host().is_none() {
            return Err(PublicUrlError::Scheme(public_url));
        }
        let bare = public_url.path() == "/"
            && public_url.username().is_empty()
            && public_url.password().is_none()
            && public_url.query().is_none()
            && public_url.fragment().is_none();
        if !bare {
            return Err(PublicUrlError::NotAnOrigin(public_url));
        }
        if public_url.scheme() == "http" && !is_loopback(&public_url) {
            return Err(PublicUrlError::Unprotected(public_url));
        }
        Ok(Self {
            public_url,
            trusted_proxies: Vec::new(),
            dev: false,
        })
    }

    /// The same, behind proxies in these networks: what they say in `X-Forwarded-For` is believed.
    #[must_use]
    pub fn behind(mut self, proxies: Vec<IpNet>) -> Self {
        self.trusted_proxies = proxies;
        self
    }

    /// The same as `jetwayd dev`, where administrators may do without a second factor.
    #[must_use]
    pub fn in_dev(mut self) -> Self {
        self.dev = true;
        self
    }

    pub(crate) fn is_dev(&self) -> bool {
        self.dev
    }

    pub(crate) fn trusted_proxies(&self) -> &[IpNet] {
        &self.trusted_proxies
    }

    /// The address that people use.
    pub fn public_url(&self) -> &Url {
        &self.public_url
    }

    /// Whether people reach this server over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }
}

/// Whether the URL names this machine only (RFC 6761 §6.3 for names).
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Everything that handlers use. Production and tests build the same, with another clock and
/// other entropy.
#[derive(Clone)]
pub struct AppState {
    pub store: Arc<dyn Store>,
    pub hashers: Arc<PasswordHashers>,
    pub keys: Arc<KeyRing>,
    pub clock: Arc<dyn Clock>,
    pub entropy: Arc<dyn Entropy>,
    pub outbound: Arc<dyn Outbound>,
    pub settings: WebSettings,
}

impl fmt::Debug for AppState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppState")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
