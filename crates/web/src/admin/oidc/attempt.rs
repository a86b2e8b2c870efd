//! A sign-in that is under way at the provider. What has to be remembered of it is in a cookie of
//! the browser, sealed: so the answer is worth nothing in another browser, every node can take it,
//! and nothing piles up for attempts that were given up.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{HeaderMap, HeaderValue};
use jetway_identity::Op;
use rand::Rng;
use rand::rngs::StdRng;
use serde::{Deserialize, Serialize};
use time::Duration;

use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site};

/// How long somebody may take at the provider.
const LIFETIME: Duration = Duration::minutes(10);
/// What the cookie is bound to.
const CONTEXT: &str = "openid connect sign-in";

/// One attempt.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Attempt {
    /// Comes back in the answer (OAuth 2.0 §10.12).
    pub(super) state: String,
    /// Comes back in the ID token (OpenID Connect Core §3.1.2.1).
    pub(super) nonce: String,
    /// Proves at the token endpoint who asked (RFC 7636).
    pub(super) verifier: String,
    /// Whom was asked.
    pub(super) issuer: String,
    /// Where to go on to.
    pub(super) next: Option<String>,
    /// Seconds since 1970.
    begun_at: i64,
}

impl Attempt {
    pub(super) fn begin(op: &mut Op, issuer: &str, next: Option<String>) -> Self {
        Self {
            state: random(&mut op.rng),
            nonce: random(&mut op.rng),
            verifier: random(&mut op.rng),
            issuer: issuer.to_owned(),
            next,
            begun_at: op.now.unix_timestamp(),
        }
    }

    /// The cookie that remembers it.
    pub(super) fn cookie(&self, site: &Site, op: &mut Op) -> Result<HeaderValue, Failure> {
        let text = serde_json::to_vec(self).map_err(Failure::internal)?;
        let sealed = site.keys.sealing().seal(&mut op.rng, CONTEXT, &text);
        let value = URL_SAFE_NO_PAD.encode(sealed);
        site.cookies
            .set(site.cookies.provider, &value)
            .ok_or_else(|| Failure::internal("a cookie cannot be written"))
    }

    /// The attempt that this browser began, while it lasts.
    pub(super) fn of(site: &Site, op: &Op, headers: &HeaderMap) -> Option<Self> {
        let value = cookie(headers, site.cookies.provider)?;
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let text = site.keys.sealing().open(CONTEXT, &sealed).ok()?;
        let attempt: Self = serde_json::from_slice(&text).ok()?;
        let age = op.now.unix_timestamp() - attempt.begun_at;
        (0..LIFETIME.whole_seconds())
            .contains(&age)
            .then_some(attempt)
    }
}

/// 256 random bits in 43 characters: as RFC 7636 §4.1 wants a verifier.
fn random(rng: &mut StdRng) -> String {
    let mut bytes = [0; 32];
    rng.fill_bytes(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
