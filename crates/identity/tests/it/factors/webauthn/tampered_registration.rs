//! Answers of `navigator.credentials.create()` that somebody meddled with, each in one way. What
//! [`said_otherwise`] is given is taken when it is not changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::FactorOwner;
use jetway_identity::factors::webauthn::{NewPasskey, UserVerification, WebauthnRefused};
use jetway_testkit::security_key::cbor;
use jetway_testkit::security_key::{
    ATTESTED, BACKED_UP, EXTENSIONS, PRESENT, Said, SecurityKey, ed_dsa, es384, rs256,
};
use serde_json::{Value, json};

use super::site::{Begun, Site};

struct Attempt {
    site: Site,
    key: SecurityKey,
    user: FactorOwner,
    begun: Begun,
    said: Said,
}

fn attempt() -> Attempt {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let said = Said::to_create(&begun.options);
    Attempt {
        site,
        key: SecurityKey::new(b"blue"),
        user,
        begun,
        said,
    }
}

impl Attempt {
    fn end(&mut self, answer: &Value) -> Result<(), WebauthnRefused> {
        let new = NewPasskey {
            owner: self.user,
            name: "blue key",
            existing: &[],
        };
        let ended = self.site.end_registration(&self.begun, answer, new);
        ended.map(|_| ())
    }
}

/// What becomes of an answer whose key or browser said something else.
#[track_caller]
fn said_otherwise(change: impl FnOnce(&mut Said, &SecurityKey)) -> WebauthnRefused {
    let mut attempt = attempt();
    let honest = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&honest), Ok(()));
    change(&mut attempt.said, &attempt.key);
    let answer = attempt.key.create(&attempt.said);
    attempt.end(&answer).unwrap_err()
}

fn unreadable(part: &'static str) -> WebauthnRefused {
    WebauthnRefused::Unreadable { part }
}

#[test]
fn another_origin_is_refused() {
    for origin in [
        "https://evil.example",
        "https://sub.id.acme.example",
        "http://id.acme.example",
    ] {
        let refused = said_otherwise(|said, _| said.client_data["origin"] = json!(origin));
        assert_eq!(refused.code(), "other_origin");
    }
}

#[test]
fn the_hash_of_another_host_is_refused() {
    let refused = said_otherwise(|said, _| said.rp_id = "evil.example".to_owned());
    assert_eq!(refused, WebauthnRefused::OtherRelyingParty);
}

#[test]
fn another_challenge_is_refused() {
    let other = URL_SAFE_NO_PAD.encode([0; 32]);
    let refused = said_otherwise(|said, _| said.client_data["challenge"] = json!(other));
    assert_eq!(refused, WebauthnRefused::OtherChallenge);
}

#[test]
fn an_answer_of_another_type_is_refused() {
    let refused = said_otherwise(|said, _| said.client_data["type"] = json!("webauthn.get"));
    assert_eq!(refused, WebauthnRefused::OtherType);
}

#[test]
fn an_answer_from_inside_another_site_is_refused() {
    let refused = said_otherwise(|said, _| said.client_data["crossOrigin"] = json!(true));
    assert_eq!(refused, WebauthnRefused::Embedded);
}

#[test]
fn a_key_that_was_not_touched_is_refused() {
    let refused = said_otherwise(|said, _| said.flags &= !PRESENT);
    assert_eq!(refused, WebauthnRefused::NotPresent);
}

#[test]
fn a_key_that_is_copied_and_cannot_be_is_refused() {
    let refused = said_otherwise(|said, _| said.flags |= BACKED_UP);
    assert_eq!(refused, WebauthnRefused::BackupChanged);
}

#[test]
fn an_algorithm_that_was_not_offered_is_refused() {
    let mut attempt = attempt();
    attempt.key = SecurityKey::with(b"ed25519", ed_dsa());
    let answer = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&answer), Err(WebauthnRefused::OtherAlgorithm));
}

#[test]
fn a_key_on_another_curve_than_its_algorithm_has_is_refused() {
    let keys = [
        (SecurityKey::with(b"384", es384()), -7),
        (SecurityKey::new(b"256"), -35),
        (SecurityKey::new(b"256"), -257),
        (SecurityKey::with(b"rsa", rs256()), -7),
    ];
    for (mut key, pretended) in keys {
        key.pretended = Some(pretended);
        let mut attempt = attempt();
        let answer = key.create(&attempt.said);
        assert_eq!(attempt.end(&answer), Err(WebauthnRefused::OtherAlgorithm));
    }
}

#[test]
fn a_point_that_is_not_on_the_curve_is_refused() {
    let mut attempt = attempt();
    let mut answer = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&answer), Ok(()));
    let object = answer["response"]["attestationObject"].as_str().unwrap();
    let mut object = URL_SAFE_NO_PAD.decode(object).unwrap();
    *object.last_mut().unwrap() ^= 1;
    answer["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
    assert_eq!(attempt.end(&answer), Err(unreadable("key")));
}

#[test]
fn attestation_that_nobody_asked_for_is_refused() {
    for format in [
        "fido-u2f",
        "tpm",
        "android-key",
        "android-safetynet",
        "apple",
        "",
        "NONE",
    ] {
        let refused = said_otherwise(|said, _| said.format = format);
        assert_eq!(refused, WebauthnRefused::Attestation, "{format}");
    }
    let refused = said_otherwise(|said, _| {
        said.statement = Some(cbor::map(&[(cbor::text("sig"), cbor::bytes(b"x"))]));
    });
    assert_eq!(
        refused,
        WebauthnRefused::Attestation,
        "none, and a statement"
    );
    let refused = said_otherwise(|said, _| {
        said.format = "packed";
        let certificates = cbor::list(&[cbor::bytes(b"x")]);
        said.statement = Some(cbor::map(&[(cbor::text("x5c"), certificates)]));
    });
    assert_eq!(refused, WebauthnRefused::Attestation);
}

#[test]
fn a_key_that_attests_itself_wrongly_is_refused() {
    let refused = said_otherwise(|said, key| {
        said.format = "packed";
        let mut other = said.clone();
        other.counter = 7;
        said.statement = Some(key.self_attestation(&other));
    });
    assert_eq!(refused, WebauthnRefused::Attestation);
}

#[test]
fn an_answer_without_a_credential_is_refused() {
    let refused = said_otherwise(|said, _| said.flags &= !ATTESTED);
    assert_eq!(refused, unreadable("attestationObject"));
}

/// Nothing here is signed, so the library takes what follows the end.
#[test]
fn trailing_data_is_refused() {
    for trailing in [vec![0], vec![0xa0], b"more".to_vec()] {
        let refused = said_otherwise(|said, _| said.trailing = trailing);
        assert_eq!(refused, unreadable("authenticatorData"));
    }
    let refused = said_otherwise(|said, _| {
        said.flags |= EXTENSIONS;
        said.trailing = vec![0xa0, 0xa0];
    });
    assert_eq!(refused, unreadable("authenticatorData"));
    let mut attempt = attempt();
    let mut answer = attempt.key.create(&attempt.said);
    let object = answer["response"]["attestationObject"].as_str().unwrap();
    let mut object = URL_SAFE_NO_PAD.decode(object).unwrap();
    object.push(0);
    answer["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(object));
    assert_eq!(attempt.end(&answer), Err(unreadable("attestationObject")));
}

#[test]
fn truncated_data_is_refused_at_whatever_length() {
    let mut attempt = attempt();
    let honest = attempt.key.create(&attempt.said);
    for member in ["attestationObject", "clientDataJSON"] {
        let bytes = honest["response"][member].as_str().unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(bytes).unwrap();
        for length in 0..bytes.len() {
            let mut answer = honest.clone();
            answer["response"][member] = json!(URL_SAFE_NO_PAD.encode(&bytes[..length]));
            assert!(attempt.end(&answer).is_err(), "{member} {length}");
        }
    }
    assert_eq!(attempt.end(&honest), Ok(()));
}

/// Deep nesting must not exhaust the stack, and a great announced length not the memory.
#[test]
fn hostile_cbor_is_refused_and_does_not_fail() {
    for object in [
        vec![0x81; 40_000],
        vec![0xa1; 40_000],
        vec![0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0xbb, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0x5b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        vec![0xff],
        vec![0xf6],
    ] {
        let mut attempt = attempt();
        let mut answer = attempt.key.create(&attempt.said);
        answer["response"]["attestationObject"] = json!(URL_SAFE_NO_PAD.encode(&object));
        assert_eq!(attempt.end(&answer), Err(unreadable("attestationObject")));
    }
    for nested in [vec![0x81; 20_000], vec![0xa1; 20_000], vec![0xbf; 20_000]] {
        let refused = said_otherwise(|said, _| {
            said.flags |= EXTENSIONS;
            said.trailing = nested;
        });
        assert_eq!(refused, unreadable("authenticatorData"));
    }
}

#[test]
fn an_id_beside_the_key_that_is_not_the_one_in_it_is_refused() {
    let mut attempt = attempt();
    let mut answer = attempt.key.create(&attempt.said);
    answer["id"] = json!("cmVk");
    answer["rawId"] = json!("cmVk");
    assert_eq!(attempt.end(&answer), Err(unreadable("rawId")));
}

#[test]
fn an_empty_or_too_long_credential_id_is_refused() {
    let mut attempt = attempt();
    attempt.key.credential_id = vec![1; 1024];
    let answer = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&answer), Err(unreadable("authenticatorData")));
    attempt.key.credential_id = vec![1; 1023];
    let answer = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&answer), Ok(()));
    attempt.key.credential_id = Vec::new();
    let answer = attempt.key.create(&attempt.said);
    assert_eq!(attempt.end(&answer), Err(unreadable("answer")));
}

#[test]
fn a_ceremony_of_somebody_else_or_for_something_else_is_refused() {
    let mut attempt = attempt();
    let answer = attempt.key.create(&attempt.said);
    let new = NewPasskey {
        owner: attempt.site.somebody(),
        name: "mine now",
        existing: &[],
    };
    let refused = attempt.site.end_registration(&attempt.begun, &answer, new);
    assert_eq!(refused.unwrap_err(), WebauthnRefused::OtherUser);

    let passkey = attempt.site.registered(&SecurityKey::new(b"red"));
    let begun = attempt
        .site
        .begin_second_factor(&passkey, UserVerification::Required);
    let answer = attempt.key.create(&Said::to_create(&begun.options));
    let new = NewPasskey {
        owner: passkey.owner,
        name: "mine now",
        existing: &[],
    };
    let refused = attempt.site.end_registration(&begun, &answer, new);
    assert_eq!(refused.unwrap_err(), WebauthnRefused::OtherCeremony);
}
