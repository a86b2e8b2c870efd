//! Answers of `navigator.credentials.get()` whose bytes are not as they were signed, or not in the form
//! that they must have. What the helpers are given is taken when it is not changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::webauthn::WebauthnRefused;
use jetway_testkit::security_key::{ATTESTED, EXTENSIONS, Said, SecurityKey};
use serde_json::json;

use super::attempt::{attempt, change_bytes, changed_on_the_way, said_otherwise, unreadable};
use super::site::Site;

#[test]
fn client_data_that_is_not_what_the_specification_says_is_refused() {
    for member in ["type", "challenge", "origin"] {
        let refused = said_otherwise(|said| {
            said.client_data.as_object_mut().unwrap().remove(member);
        });
        assert_eq!(refused, unreadable("clientDataJSON"), "{member}");
        let refused = said_otherwise(|said| said.client_data[member] = json!(1));
        assert_eq!(refused, unreadable("clientDataJSON"), "{member}");
    }
    let refused = said_otherwise(|said| said.client_data = json!([]));
    assert_eq!(refused, unreadable("clientDataJSON"));
}

#[test]
fn client_data_with_two_origins_is_refused() {
    let refused = changed_on_the_way(|answer| {
        change_bytes(answer, "clientDataJSON", |bytes| {
            bytes.pop();
            bytes.extend_from_slice(br#","origin":"https://id.acme.example"}"#);
        });
    });
    assert_eq!(refused, unreadable("clientDataJSON"));
}

#[test]
fn a_changed_signature_is_refused_whichever_byte_it_is() {
    let mut attempt = attempt();
    let honest = attempt.key.get(&attempt.said);
    let length = URL_SAFE_NO_PAD
        .decode(honest["response"]["signature"].as_str().unwrap())
        .unwrap()
        .len();
    for index in 0..length {
        let mut answer = honest.clone();
        change_bytes(&mut answer, "signature", |bytes| bytes[index] ^= 1);
        let refused = attempt.end(&answer);
        assert_eq!(refused, Err(WebauthnRefused::BadSignature), "{index}");
    }
    assert_eq!(attempt.end(&honest), Ok(()));
}

#[test]
fn changed_authenticator_data_is_refused_whichever_byte_it_is() {
    let mut attempt = attempt();
    let honest = attempt.key.get(&attempt.said);
    for index in 0..37 {
        for bit in 0..8 {
            let mut answer = honest.clone();
            change_bytes(&mut answer, "authenticatorData", |bytes| {
                bytes[index] ^= 1 << bit;
            });
            assert!(attempt.end(&answer).is_err(), "byte {index}, bit {bit}");
        }
    }
    let mut counted = honest.clone();
    change_bytes(&mut counted, "authenticatorData", |bytes| bytes[36] += 1);
    assert_eq!(attempt.end(&counted), Err(WebauthnRefused::BadSignature));
    assert_eq!(attempt.end(&honest), Ok(()));
}

#[test]
fn changed_client_data_is_refused_also_where_it_means_the_same() {
    let refused = changed_on_the_way(|answer| {
        change_bytes(answer, "clientDataJSON", |bytes| bytes.push(b' '));
    });
    assert_eq!(refused, WebauthnRefused::BadSignature);
}

#[test]
fn truncated_data_is_refused_at_whatever_length() {
    for member in ["authenticatorData", "clientDataJSON", "signature"] {
        let mut attempt = attempt();
        let honest = attempt.key.get(&attempt.said);
        let text = honest["response"][member].as_str().unwrap();
        for length in 0..URL_SAFE_NO_PAD.decode(text).unwrap().len() {
            let mut answer = honest.clone();
            change_bytes(&mut answer, member, |bytes| bytes.truncate(length));
            assert!(attempt.end(&answer).is_err(), "{member} {length}");
        }
    }
}

#[test]
fn trailing_data_is_refused_even_when_it_is_signed() {
    for trailing in [vec![0], b"more".to_vec(), vec![0xa0]] {
        let refused = said_otherwise(|said| said.trailing = trailing);
        assert_eq!(refused, unreadable("authenticatorData"));
    }
    let refused = said_otherwise(|said| {
        said.flags |= EXTENSIONS;
        said.trailing = vec![0xa0, 0];
    });
    assert_eq!(refused, unreadable("authenticatorData"));
}

#[test]
fn extensions_that_are_announced_and_missing_or_no_map_are_refused() {
    for extensions in [vec![], vec![0x01], vec![0xa1], vec![0x9f; 5000]] {
        let refused = said_otherwise(|said| {
            said.flags |= EXTENSIONS;
            said.trailing = extensions;
        });
        assert_eq!(refused, unreadable("authenticatorData"));
    }
}

#[test]
fn a_new_credential_in_an_answer_to_sign_in_is_refused() {
    let other = SecurityKey::new(b"other")
        .create(&Said::to_create(&Site::new().begin_passwordless().options));
    let object = other["response"]["attestationObject"].as_str().unwrap();
    let object = URL_SAFE_NO_PAD.decode(object).unwrap();
    // The attested credential is the end of the object, after 37 bytes of the same data.
    let start = object
        .windows(16)
        .position(|it| it == b"model-of-the-key")
        .unwrap();
    let refused = said_otherwise(|said| {
        said.flags |= ATTESTED;
        said.trailing = object[start..].to_vec();
    });
    assert_eq!(refused, unreadable("authenticatorData"));
}

#[test]
fn json_that_is_no_credential_is_refused() {
    for (member, value) in [
        ("id", json!("cmVk")),
        ("rawId", json!("cmVk")),
        ("rawId", json!("Ymx1ZQ==")),
        ("id", json!(null)),
        ("type", json!("password")),
        ("response", json!(null)),
        ("response", json!({})),
    ] {
        let refused = changed_on_the_way(|answer| answer[member] = value.clone());
        assert_eq!(refused, unreadable("answer"), "{member} {value}");
    }
    for (member, value) in [
        ("signature", json!("")),
        ("signature", json!("***")),
        ("clientDataJSON", json!(null)),
        ("authenticatorData", json!([1, 2, 3])),
        ("userHandle", json!("A".repeat(200))),
        ("signature", json!("A".repeat(100_000))),
    ] {
        let refused = changed_on_the_way(|answer| answer["response"][member] = value);
        assert_eq!(refused, unreadable("answer"), "{member}");
    }
}
