//! Browsers that somebody has signed in with before, known by a cookie.
//!
//! The cookie is no session: it opens nothing. It tells a new browser from one that was used, for
//! policies and for the person, and it keeps guessers from locking the owner of an account out: what
//! fails elsewhere does not count against a browser that is known.

use rand::rngs::StdRng;
use secrecy::{ExposeSecret as _, SecretString};
use time::{Duration, OffsetDateTime};

use crate::factors::FactorOwner;
use crate::sessions::{TokenHash, new_token};
use crate::store::{StoreError, Write};

/// A browser that was not used for so long is new again.
pub(super) const FORGET: Duration = Duration::days(180);

/// Notes that the owner has signed in with the browser.
pub(crate) async fn note_device(
    write: &mut dyn Write,
    owner: FactorOwner,
    device: &TokenHash,
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    write.put_known_device(owner, device, now).await
}

/// The value of the cookie for a browser that has none yet.
pub fn new_device(rng: &mut StdRng) -> SecretString {
    new_token(rng).0
}

/// The browser that sends this cookie.
pub(crate) fn device_of(cookie: Option<&SecretString>) -> Option<TokenHash> {
    cookie.and_then(|cookie| TokenHash::of(cookie.expose_secret()))
}
