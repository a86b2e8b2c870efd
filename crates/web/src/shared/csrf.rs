//! Requests that change something must come from our own pages or clients (checklist item 47).
//!
//! The token of a form is the HMAC of the form's purpose under a secret that only the browser's
//! cookie holds: the session token, or before sign-in the visitor cookie. So it cannot be made
//! without the cookie, needs no state, holds on every node and dies with the session. `Origin` and
//! `Sec-Fetch-Site` are checked besides; browsers set them and pages cannot.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ORIGIN, REFERER};
use http::{HeaderMap, HeaderName};
use rand::Rng;
use rand::rngs::StdRng;
use zeroize::Zeroizing;

use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Bytes in the visitor cookie.
const SECRET_BYTES: usize = 32;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SignIn,
    SignOut,
    UserConsole,
    /// What administrators see before they are signed in.
    AdminDoor,
    /// Every form of the admin portal.
    Administration,
    /// Ways back into an account, before sign-in.
    Account,
    /// A person's own page.
    Profile,
    /// A command line that asks to sign in.
    Device,
    /// A phone that approves sign-ins.
    Phone,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::SignIn => b"jetway csrf: sign-in form",
            Self::SignOut => b"jetway csrf: sign-out form",
            Self::UserConsole => b"jetway csrf: user console",
            Self::AdminDoor => b"jetway csrf: admin door",
            Self::Administration => b"jetway csrf: administration",
            Self::Account => b"jetway csrf: account forms",
            Self::Profile => b"jetway csrf: profile",
            Self::Device => b"jetway csrf: device",
            Self::Phone => b"jetway csrf: phone",
        }
    }
}

fn key(secret: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes())
}

/// The token for a form of the browser that holds `secret` in a cookie.
pub(crate) fn token(secret: &str, purpose: Purpose) -> String {
    URL_SAFE_NO_PAD.encode(hmac::sign(&key(secret), purpose.label()))
}

/// Whether `given` is the token for `secret`. Takes the same time whatever was given.
pub(crate) fn is_valid(secret: &str, purpose: Purpose, given: &str) -> bool {
    URL_SAFE_NO_PAD
        .decode(given)
        .is_ok_and(|tag| hmac::verify(&key(secret), purpose.label(), &tag).is_ok())
}

/// The browser's visitor secret, when it has one that we could have made.
pub(crate) fn visitor<'a>(site: &Site, headers: &'a HeaderMap) -> Option<&'a str> {
    let value = cookie(headers, site.cookies.visitor)?;
    let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(value).ok()?);
    (bytes.len() == SECRET_BYTES).then_some(value)
}

/// A new visitor secret.
pub(crate) fn new_visitor(rng: &mut StdRng) -> String {
    let mut bytes = Zeroizing::new([0; SECRET_BYTES]);
    rng.fill_bytes(&mut *bytes);
    URL_SAFE_NO_PAD.encode(*bytes)
}

/// Refuses what a browser says comes from another site. `origin` is the one the request was sent
/// to. Programs send none of these headers; for them the token alone decides.
pub(crate) fn check_origin(headers: &HeaderMap, origin: &str) -> Result<(), Failure> {
    for sent in headers.get_all(ORIGIN) {
        if sent.as_bytes() != origin.as_bytes() {
            return Err(Failure::cross_site());
        }
    }
    for sent in headers.get_all(SEC_FETCH_SITE) {
        if !matches!(sent.as_bytes(), b"same-origin" | b"none") {
            return Err(Failure::cross_site());
        }
    }
    if !headers.contains_key(ORIGIN) {
        for sent in headers.get_all(REFERER) {
            let rest = sent.as_bytes().strip_prefix(origin.as_bytes());
            if !rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/")) {
                return Err(Failure::cross_site());
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn a_token_is_good_for_one_secret_and_one_purpose() {
        let mut rng = StdRng::seed_from_u64(1);
        let (mine, theirs) = (new_visitor(&mut rng), new_visitor(&mut rng));
        let good = token(&mine, Purpose::SignIn);
        assert!(is_valid(&mine, Purpose::SignIn, &good));
        assert!(!is_valid(&theirs, Purpose::SignIn, &good));
        assert!(!is_valid(&mine, Purpose::SignOut, &good));
        for other in [
            "",
            "x",
            &good[1..],
            &format!("{good}A"),
            &good.to_lowercase(),
        ] {
            assert!(!is_valid(&mine, Purpose::SignIn, other), "{other}");
        }
    }

    #[test]
    fn headers_that_name_another_site_are_refused() {
        let origin = "http://localhost:8700";
        let check = |pairs: &[(HeaderName, &'static str)]| {
            let headers = pairs
                .iter()
                .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)))
                .collect();
            check_origin(&headers, origin).is_ok()
        };
        assert!(check(&[]));
        assert!(check(&[
            (ORIGIN, "http://localhost:8700"),
            (SEC_FETCH_SITE, "same-origin")
        ]));
        assert!(check(&[(SEC_FETCH_SITE, "none")]));
        assert!(check(&[(REFERER, "http://localhost:8700/login?next=%2F")]));
        for foreign in [
            "null",
            "http://localhost:8701",
            "https://localhost:8700",
            "http://localhost:87001",
            "http://localhost",
            "http://evil.example",
            "",
        ] {
            assert!(!check(&[(ORIGIN, foreign)]), "{foreign}");
        }
        assert!(!check(&[(ORIGIN, origin), (ORIGIN, "http://evil.example")]));
        for site in ["cross-site", "same-site", ""] {
            assert!(
                !check(&[(ORIGIN, origin), (SEC_FETCH_SITE, site)]),
                "{site}"
            );
        }
        for referer in [
            "http://evil.example/",
            "http://localhost:87001/",
            "http://localhost:8700@e/",
        ] {
            assert!(!check(&[(REFERER, referer)]), "{referer}");
        }
    }
}
