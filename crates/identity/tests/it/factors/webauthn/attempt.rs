//! An attempt to sign in that tests meddle with.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::webauthn::{PasskeyRecord, WebauthnRefused};
use jetway_testkit::security_key::{Said, SecurityKey};
use serde_json::{Value, json};

use super::site::{Begun, Site, handle_of};

/// A ceremony without a password, which is the strictest one, and all that belongs to it.
pub(super) struct Attempt {
    pub(super) site: Site,
    pub(super) key: SecurityKey,
    pub(super) passkey: PasskeyRecord,
    pub(super) begun: Begun,
    pub(super) said: Said,
}

pub(super) fn attempt() -> Attempt {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_passwordless();
    let mut said = Said::to_get(&begun.options, 1);
    said.user_handle = Some(handle_of(passkey.owner));
    Attempt {
        site,
        key,
        passkey,
        begun,
        said,
    }
}

impl Attempt {
    pub(super) fn end(&mut self, answer: &Value) -> Result<(), WebauthnRefused> {
        let passkey = Some(&self.passkey);
        let ended = self.site.end_passwordless(&self.begun, answer, passkey);
        ended.map(|_| ())
    }
}

/// What becomes of an answer whose key or browser said something else, rightly signed.
#[track_caller]
pub(super) fn said_otherwise(change: impl FnOnce(&mut Said)) -> WebauthnRefused {
    let mut attempt = attempt();
    let honest = attempt.key.get(&attempt.said);
    assert_eq!(attempt.end(&honest), Ok(()));
    change(&mut attempt.said);
    let answer = attempt.key.get(&attempt.said);
    attempt.end(&answer).unwrap_err()
}

/// What becomes of an answer that was changed after it was signed.
#[track_caller]
pub(super) fn changed_on_the_way(change: impl FnOnce(&mut Value)) -> WebauthnRefused {
    let mut attempt = attempt();
    let mut answer = attempt.key.get(&attempt.said);
    assert_eq!(attempt.end(&answer), Ok(()));
    change(&mut answer);
    attempt.end(&answer).unwrap_err()
}

/// Changes the bytes of a member of the response.
pub(super) fn change_bytes(answer: &mut Value, member: &str, change: impl FnOnce(&mut Vec<u8>)) {
    let text = answer["response"][member].as_str().unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(text).unwrap();
    change(&mut bytes);
    answer["response"][member] = json!(URL_SAFE_NO_PAD.encode(bytes));
}

pub(super) fn unreadable(part: &'static str) -> WebauthnRefused {
    WebauthnRefused::Unreadable { part }
}
