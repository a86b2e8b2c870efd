//! Which names this server answers to (checklist item 49). Nothing is ever built from a Host
//! header that is not one of these.

use std::sync::Arc;

use http::header::HOST;
use http::{HeaderMap, Uri};
use url::Url;

use crate::settings::is_loopback;
use crate::shared::Failure;

/// One name, with the origin that belongs to it.
struct Name {
    /// As the Host header has it: `localhost:8700`.
    authority: String,
    origin: Arc<str>,
}

/// The names. The public one is first.
pub(crate) struct Hosts {
    names: Vec<Name>,
    public: Arc<str>,
}

impl Hosts {
    pub(crate) fn new(public_url: &Url) -> Self {
        let mut hosts = vec![public_url.host_str().unwrap_or_default()];
        if is_loopback(public_url) {
            for alias in ["localhost", "127.0.0.1", "[::1]"] {
                if !hosts.contains(&alias) {
                    hosts.push(alias);
                }
            }
        }
        let scheme = public_url.scheme();
        let mut names = Vec::new();
        for host in hosts {
            let bare = public_url
                .port()
                .map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
            let origin: Arc<str> = format!("{scheme}://{bare}").into();
            if let (None, Some(port)) = (public_url.port(), public_url.port_or_known_default()) {
                let authority = format!("{host}:{port}");
                names.push(Name {
                    authority,
                    origin: Arc::clone(&origin),
                });
            }
            names.push(Name {
                authority: bare,
                origin,
            });
        }
        let public = public_url.origin().ascii_serialization().into();
        Self { names, public }
    }

    /// The origin of the public URL.
    pub(crate) fn public_origin(&self) -> Arc<str> {
        Arc::clone(&self.public)
    }

    /// The origin that a request was sent to. RFC 9112 §3.2: exactly one Host field, and the
    /// authority of an absolute request target wins over it; here they have to agree.
    pub(crate) fn origin_of(&self, uri: &Uri, headers: &HeaderMap) -> Result<Arc<str>, Failure> {
        let mut fields = headers.get_all(HOST).iter();
        let (Some(field), None) = (fields.next(), fields.next()) else {
            return Err(Failure::bad_request());
        };
        let authority = field.to_str().map_err(|_| Failure::bad_request())?;
        let differs = |target: &str| !target.eq_ignore_ascii_case(authority);
        if uri
            .authority()
            .is_some_and(|target| differs(target.as_str()))
        {
            return Err(Failure::bad_request());
        }
        self.names
            .iter()
            .find(|name| name.authority.eq_ignore_ascii_case(authority))
            .map(|name| Arc::clone(&name.origin))
            .ok_or_else(Failure::wrong_host)
    }
}
