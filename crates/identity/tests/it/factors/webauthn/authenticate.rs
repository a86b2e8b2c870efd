//! Signing in with keys.

use jetway_identity::factors::webauthn::{
    RelyingParty, UserVerification, WebauthnRefused, start_second_factor,
};
use jetway_testkit::security_key::{Said, SecurityKey, VERIFIED};
use serde_json::json;
use time::Duration;
use url::Url;

use super::site::{NOON, Site, handle_of};

#[test]
fn a_known_person_proves_to_have_a_key() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let answer = key.get(&Said::to_get(&begun.options, 5));
    site.op.now = NOON + Duration::MINUTE;
    let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    let found = found.unwrap();
    assert_eq!(found.owner, passkey.owner);
    assert!(found.user_verified);
    assert_eq!(found.passkey.sign_count(), Ok(5));
    assert_eq!(found.passkey.last_used_at, Some(site.op.now));
    assert_eq!(found.passkey.id, passkey.id);
    assert_eq!(found.passkey.created_at, NOON);
}

#[test]
fn a_second_factor_may_be_a_touch_alone_also_of_a_key_that_was_verified_before() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    for verification in [UserVerification::Preferred, UserVerification::Discouraged] {
        let begun = site.begin_second_factor(&passkey, verification);
        let mut said = Said::to_get(&begun.options, 1);
        said.flags &= !VERIFIED;
        let found = site.end_second_factor(&begun, &key.get(&said), passkey.owner, Some(&passkey));
        assert!(!found.unwrap().user_verified, "one factor, not two");
    }
}

#[test]
fn a_passkey_signs_in_without_a_password_and_says_itself_whose_it_is() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_passwordless();
    let mut said = Said::to_get(&begun.options, 1);
    said.user_handle = Some(handle_of(passkey.owner));
    let found = site.end_passwordless(&begun, &key.get(&said), Some(&passkey));
    let found = found.unwrap();
    assert_eq!(found.owner, passkey.owner);
    assert!(found.user_verified);
}

#[test]
fn without_a_password_the_browser_learns_nothing_about_anybody() {
    let mut site = Site::new();
    let mut options = site.begin_passwordless().options;
    options["publicKey"]["challenge"].take();
    let expected = json!({"publicKey": {
        "challenge": null,
        "timeout": 300_000,
        "rpId": "id.acme.example",
        "allowCredentials": [],
        "userVerification": "required",
    }});
    assert_eq!(options, expected);
}

/// The console contract, section 5.7 of the requirements, names these members.
#[test]
fn a_command_line_gets_challenge_host_and_keys() {
    let mut site = Site::new();
    let passkey = site.registered(&SecurityKey::new(b"blue"));
    let (options, _) = start_second_factor(
        &mut site.op,
        &site.party,
        passkey.owner,
        std::slice::from_ref(&passkey),
        UserVerification::Discouraged,
    )
    .unwrap();
    assert_eq!(options.challenge().len(), 43);
    assert_eq!(options.rp_id(), "id.acme.example");
    let ids: Vec<_> = options
        .allow_credentials()
        .iter()
        .map(|it| &it.id)
        .collect();
    assert_eq!(ids, ["Ymx1ZQ"]);
    let json = serde_json::to_value(&options).unwrap();
    let expected = json!({"publicKey": {
        "challenge": options.challenge(),
        "timeout": 300_000,
        "rpId": "id.acme.example",
        "allowCredentials": [
            {"type": "public-key", "id": "Ymx1ZQ", "transports": ["nfc", "usb"]},
        ],
        "userVerification": "discouraged",
    }});
    assert_eq!(json, expected);
}

/// The console contract again: these members, and no others.
#[test]
fn the_shortest_answer_of_a_command_line_is_enough() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Discouraged);
    let mut said = Said::to_get(&begun.options, 1);
    said.client_data = json!({
        "type": "webauthn.get",
        "challenge": begun.options["publicKey"]["challenge"],
        "origin": "https://id.acme.example",
    });
    let mut answer = key.get(&said);
    answer
        .as_object_mut()
        .unwrap()
        .remove("clientExtensionResults");
    let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn a_key_that_does_not_count_works_again_and_again() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    for _ in 0..3 {
        let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
        let answer = key.get(&Said::to_get(&begun.options, 0));
        let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
        assert_eq!(found.unwrap().passkey.sign_count(), Ok(0));
    }
}

#[test]
fn a_counter_that_does_not_go_forward_is_refused_and_alarming() {
    for counter in [0, 4, 5] {
        let mut site = Site::new();
        let key = SecurityKey::new(b"blue");
        let passkey = site.registered(&key);
        let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
        let answer = key.get(&Said::to_get(&begun.options, 5));
        let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
        let passkey = found.unwrap().passkey;
        let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
        let answer = key.get(&Said::to_get(&begun.options, counter));
        let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
        let refused = refused.unwrap_err();
        let expected = WebauthnRefused::CounterWentBack {
            stored: 5,
            received: counter,
        };
        assert_eq!(refused, expected);
        assert!(refused.is_alarming());
        assert_eq!(refused.code(), "counter_went_back");
        assert!(refused.to_string().contains("tell your administrator"));
    }
}

#[test]
fn only_somebody_with_a_key_is_asked_for_it_and_only_for_their_own() {
    let mut site = Site::new();
    let passkey = site.registered(&SecurityKey::new(b"blue"));
    let other = site.somebody();
    let verification = UserVerification::Preferred;
    let (op, party) = (&mut site.op, &site.party);
    let none = start_second_factor(op, party, passkey.owner, &[], verification);
    assert_eq!(none.unwrap_err(), WebauthnRefused::NonePresent);
    let foreign = start_second_factor(op, party, other, &[passkey], verification);
    assert_eq!(foreign.unwrap_err(), WebauthnRefused::OtherUser);
}

#[test]
fn a_key_works_behind_another_port_only_when_that_is_the_public_address() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let mut said = Said::to_get(&begun.options, 1);
    said.client_data["origin"] = json!("https://id.acme.example:8443");
    let answer = key.get(&said);
    let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    assert_eq!(refused.unwrap_err().code(), "other_origin");
    let url = Url::parse("https://id.acme.example:8443").unwrap();
    site.party = RelyingParty::new(&url, "ACME").unwrap();
    let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    assert!(found.is_ok(), "{found:?}");
}

#[test]
fn a_damaged_record_is_refused_and_does_not_fail() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    let other = site.registered(&SecurityKey::new(b"red"));
    for credential in [String::new(), "{}".to_owned(), other.credential] {
        let mut damaged = passkey.clone();
        damaged.credential = credential;
        let begun = site.begin_second_factor(&damaged, UserVerification::Preferred);
        let answer = key.get(&Said::to_get(&begun.options, 1));
        let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&damaged));
        assert_eq!(refused, Err(WebauthnRefused::DamagedRecord));
    }
}

/// A key that went back in counting is not believed again, though it counts on.
#[test]
fn a_key_that_is_no_longer_trusted_is_refused() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let mut passkey = site.registered(&key);
    let begun = site.begin_second_factor(&passkey, UserVerification::Preferred);
    let answer = key.get(&Said::to_get(&begun.options, 1));
    passkey.distrusted_at = Some(site.op.now);
    let refused = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
    assert_eq!(refused, Err(WebauthnRefused::Distrusted));
}
