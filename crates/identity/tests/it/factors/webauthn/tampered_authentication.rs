//! Answers of `navigator.credentials.get()` that say what they must not, each in one way, although they
//! are rightly signed. What [`said_otherwise`] is given is taken when it is not changed.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::webauthn::{UserVerification, WebauthnRefused};
use jetway_testkit::security_key::{
    BACKED_UP, BACKUP_ELIGIBLE, PRESENT, Said, SecurityKey, VERIFIED,
};
use serde_json::json;

use super::attempt::{Attempt, attempt, said_otherwise, unreadable};
use super::site::{Site, handle_of};

#[test]
fn another_origin_is_refused_however_alike() {
    for origin in [
        "https://id.acme.example.evil.example",
        "https://evil.example",
        "https://sub.id.acme.example",
        "https://acme.example",
        "http://id.acme.example",
        "https://id.acme.example:444",
        "https://id.acme.example/",
        "https://id.acme.example/login",
        "https://ID.acme.example",
        "https://user@id.acme.example",
        "android:apk-key-hash:id.acme.example",
        "null",
        "",
    ] {
        let refused = said_otherwise(|said| said.client_data["origin"] = json!(origin));
        let received = origin.to_owned();
        assert_eq!(refused, WebauthnRefused::OtherOrigin { received });
    }
}

#[test]
fn the_hash_of_another_host_is_refused() {
    let refused = said_otherwise(|said| said.rp_id = "acme.example".to_owned());
    assert_eq!(refused, WebauthnRefused::OtherRelyingParty);
}

#[test]
fn the_challenge_of_another_ceremony_is_refused() {
    let challenge = Site::new().begin_passwordless().options["publicKey"]["challenge"].clone();
    let other = json!(URL_SAFE_NO_PAD.encode([0; 32]));
    for challenge in [challenge, other] {
        let refused = said_otherwise(|said| said.client_data["challenge"] = challenge);
        assert_eq!(refused, WebauthnRefused::OtherChallenge);
    }
}

#[test]
fn an_empty_short_or_padded_challenge_is_refused() {
    let refused = said_otherwise(|said| said.client_data["challenge"] = json!(""));
    assert_eq!(refused, WebauthnRefused::OtherChallenge);
    let refused = said_otherwise(|said| {
        let text = said.client_data["challenge"].as_str().unwrap();
        said.client_data["challenge"] = json!(format!("{text}="));
    });
    assert_eq!(refused, unreadable("clientDataJSON"));
    let refused = said_otherwise(|said| {
        let text = said.client_data["challenge"].as_str().unwrap();
        said.client_data["challenge"] = json!(&text[..40]);
    });
    assert_eq!(refused, WebauthnRefused::OtherChallenge);
}

#[test]
fn an_answer_of_another_type_is_refused() {
    for kind in [
        "webauthn.create",
        "payment.get",
        "navigator.id.getAssertion",
        "",
    ] {
        let refused = said_otherwise(|said| said.client_data["type"] = json!(kind));
        assert_eq!(refused, WebauthnRefused::OtherType, "{kind}");
    }
}

#[test]
fn an_answer_from_inside_another_site_is_refused() {
    let refused = said_otherwise(|said| said.client_data["crossOrigin"] = json!(true));
    assert_eq!(refused, WebauthnRefused::Embedded);
    let evil = json!("https://evil.example");
    let refused = said_otherwise(|said| said.client_data["topOrigin"] = evil);
    assert_eq!(refused, WebauthnRefused::Embedded);
}

#[test]
fn a_key_that_was_not_touched_is_refused() {
    let refused = said_otherwise(|said| said.flags &= !PRESENT);
    assert_eq!(refused, WebauthnRefused::NotPresent);
}

#[test]
fn a_key_that_did_not_check_who_uses_it_is_refused_where_that_is_required() {
    let refused = said_otherwise(|said| said.flags &= !VERIFIED);
    assert_eq!(refused, WebauthnRefused::NotVerified);

    let Attempt {
        mut site,
        key,
        passkey,
        ..
    } = attempt();
    let begun = site.begin_second_factor(&passkey, UserVerification::Required);
    let mut said = Said::to_get(&begun.options, 1);
    said.flags &= !VERIFIED;
    let refused = site.end_second_factor(&begun, &key.get(&said), passkey.owner, Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::NotVerified));
}

#[test]
fn a_key_that_can_leave_its_device_all_of_a_sudden_is_refused() {
    for flags in [BACKUP_ELIGIBLE, BACKUP_ELIGIBLE | BACKED_UP, BACKED_UP] {
        let refused = said_otherwise(|said| said.flags |= flags);
        assert_eq!(refused, WebauthnRefused::BackupChanged);
    }
}

#[test]
fn a_credential_that_is_not_registered_is_refused() {
    let mut attempt = attempt();
    let stranger = SecurityKey::new(b"stranger");
    let answer = stranger.get(&attempt.said);
    let unknown = attempt.site.end_passwordless(&attempt.begun, &answer, None);
    assert_eq!(unknown, Err(WebauthnRefused::UnknownCredential));
    let with_record_of_another = attempt.end(&answer);
    assert_eq!(
        with_record_of_another,
        Err(WebauthnRefused::UnknownCredential)
    );
}

#[test]
fn another_key_that_claims_to_be_the_registered_one_is_refused() {
    let mut attempt = attempt();
    let copy = SecurityKey::new(&attempt.key.credential_id);
    let answer = copy.get(&attempt.said);
    assert_eq!(attempt.end(&answer), Err(WebauthnRefused::BadSignature));
}

#[test]
fn a_credential_of_somebody_else_is_refused_as_second_factor() {
    let Attempt {
        mut site,
        key,
        passkey,
        ..
    } = attempt();
    let mine = site.registered(&SecurityKey::new(b"mine"));
    let begun = site.begin_second_factor(&mine, UserVerification::Preferred);
    let answer = key.get(&Said::to_get(&begun.options, 1));
    let refused = site.end_second_factor(&begun, &answer, mine.owner, Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::OtherUser));
}

#[test]
fn a_ceremony_of_somebody_else_is_refused_as_second_factor() {
    let Attempt {
        mut site, passkey, ..
    } = attempt();
    let key = SecurityKey::new(b"mine");
    let mine = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let answer = key.get(&Said::to_get(&begun.options, 1));
    let refused = site.end_second_factor(&begun, &answer, mine.owner, Some(&mine));
    assert_eq!(refused, Err(WebauthnRefused::OtherUser));
}

#[test]
fn a_missing_or_empty_user_handle_is_refused_without_a_password() {
    let refused = said_otherwise(|said| said.user_handle = None);
    assert_eq!(refused, unreadable("userHandle"));
    let refused = said_otherwise(|said| said.user_handle = Some(Vec::new()));
    assert_eq!(refused, unreadable("answer"));
}

#[test]
fn the_user_handle_of_somebody_else_is_refused_with_and_without_a_password() {
    let mut other = handle_of(Site::new().somebody());
    other[0] = if other[0] == b'0' { b'1' } else { b'0' };
    let refused = said_otherwise(|said| said.user_handle = Some(other.clone()));
    assert_eq!(refused, WebauthnRefused::OtherUser);

    let Attempt {
        mut site,
        key,
        passkey,
        ..
    } = attempt();
    for handle in [other, vec![0; 64]] {
        let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
        let mut said = Said::to_get(&begun.options, 1);
        said.user_handle = Some(handle);
        let answer = key.get(&said);
        let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
        assert_eq!(refused, Err(WebauthnRefused::OtherUser));
    }
}

#[test]
fn an_answer_for_one_purpose_is_refused_for_another() {
    let Attempt {
        mut site,
        key,
        passkey,
        begun,
        said,
    } = attempt();
    let answer = key.get(&said);
    let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::OtherCeremony));
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let mut said = Said::to_get(&begun.options, 1);
    said.user_handle = Some(handle_of(passkey.owner));
    let refused = site.end_passwordless(&begun, &key.get(&said), Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::OtherCeremony));
    let begun = site.begin_registration(passkey.owner, &[]).unwrap();
    let mut said = Said::to_get(&begun.options, 1);
    said.user_handle = Some(handle_of(passkey.owner));
    let refused = site.end_passwordless(&begun, &key.get(&said), Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::OtherCeremony));
}

#[test]
fn no_refusal_but_a_counter_is_alarming_and_each_says_what_to_do() {
    let refused = said_otherwise(|said| said.rp_id = "acme.example".to_owned());
    assert!(!refused.is_alarming());
    let refused = said_otherwise(|said| said.client_data["origin"] = json!("https://evil.example"));
    assert!(!refused.is_alarming());
    let text = refused.to_string();
    assert!(
        text.contains("address bar") && !text.contains("evil"),
        "{text}"
    );
}
