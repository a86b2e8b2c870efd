//! The cookie by which a browser is known again at the next sign-in. It opens nothing.

use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;
use jetway_identity::Op;
use jetway_identity::sessions::{TokenHash, new_device};
use secrecy::{ExposeSecret, SecretString};

use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site};

/// That of the browser that sent the request.
pub(crate) struct DeviceCookie {
    token: SecretString,
    new: bool,
}

impl DeviceCookie {
    /// A new one for a browser that has none, or none that could be ours.
    pub(crate) fn of(site: &Site, op: &mut Op, headers: &HeaderMap) -> Self {
        let known = cookie(headers, site.cookies.device);
        let known = known.filter(|token| TokenHash::of(token).is_some());
        Self {
            new: known.is_none(),
            token: known.map_or_else(|| new_device(&mut op.rng), SecretString::from),
        }
    }

    pub(crate) fn token(&self) -> SecretString {
        self.token.clone()
    }

    /// The response, with the cookie for a browser that has none.
    pub(crate) fn keep(self, site: &Site, mut response: Response) -> Result<Response, Failure> {
        if self.new {
            let token = self.token.expose_secret();
            let cookie = site.cookies.keep(site.cookies.device, token);
            let mut cookie =
                cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
            cookie.set_sensitive(true);
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}
