//! The cookies of the browser side: the console's session, the access portal's session, and the
//! ticket of a role chooser.
//!
//! Cookies do not know ports: the names must not collide with those of an identity provider on the
//! same host.

use axum::http::{HeaderMap, HeaderValue, header};
use url::Url;

/// What a cookie is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cookie {
    /// The console session.
    Session,
    /// The one choice that a role chooser allows.
    Choice,
    /// The sign-in to the access portal.
    Portal,
    /// An administrator's session in the console, or the sign-in that comes before it.
    Administrator,
}

impl Cookie {
    const fn name(self, is_https: bool) -> &'static str {
        match (self, is_https) {
            (Self::Session, false) => "jetway_local_aws",
            (Self::Session, true) => "__Host-jetway_local_aws",
            (Self::Choice, false) => "jetway_local_aws_choice",
            (Self::Choice, true) => "__Host-jetway_local_aws_choice",
            (Self::Portal, false) => "jetway_local_aws_portal",
            (Self::Portal, true) => "__Host-jetway_local_aws_portal",
            (Self::Administrator, false) => "jetway_local_aws_administrator",
            (Self::Administrator, true) => "__Host-jetway_local_aws_administrator",
        }
    }

    /// The value that the browser sent.
    pub(crate) fn read<'a>(self, public_url: &Url, headers: &'a HeaderMap) -> Option<&'a str> {
        let name = self.name(is_https(public_url));
        headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// Sets it; the browser forgets it when it is closed.
    pub(crate) fn set(self, public_url: &Url, value: &str) -> Option<HeaderValue> {
        self.header(public_url, value, "")
    }

    /// Makes the browser forget it.
    pub(crate) fn clear(self, public_url: &Url) -> Option<HeaderValue> {
        self.header(public_url, "", "; Max-Age=0")
    }

    fn header(self, public_url: &Url, value: &str, more: &str) -> Option<HeaderValue> {
        let is_https = is_https(public_url);
        let secure = if is_https { "; Secure" } else { "" };
        let name = self.name(is_https);
        HeaderValue::from_str(&format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{more}"
        ))
        .ok()
    }
}

fn is_https(public_url: &Url) -> bool {
    public_url.scheme() == "https"
}
