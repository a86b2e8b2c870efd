//! Adding keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::webauthn::{
    MAX_PASSKEYS, NewPasskey, RelyingParty, RelyingPartyError, UserVerification, WebauthnRefused,
};
use jetway_testkit::security_key::{
    BACKED_UP, BACKUP_ELIGIBLE, MODEL, Said, SecurityKey, VERIFIED, es384, rs256,
};
use serde_json::{Value, json};
use url::Url;
use uuid::Uuid;

use super::site::{NOON, Site, handle_of};

#[test]
fn a_browser_is_asked_for_a_key_of_this_site_and_this_person_preferably_a_passkey() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let mut options = begun.options["publicKey"].clone();
    let challenge = options["challenge"].take();
    let challenge = URL_SAFE_NO_PAD.decode(challenge.as_str().unwrap()).unwrap();
    assert_eq!(challenge.len(), 32);
    let expected = json!({
        "rp": {"id": "id.acme.example", "name": "The ACME Corporation"},
        "user": {
            "id": URL_SAFE_NO_PAD.encode(user.to_string()),
            "name": "wile.coyote@acme.example",
            "displayName": "Wile E. Coyote",
        },
        "challenge": null,
        "pubKeyCredParams": [
            {"type": "public-key", "alg": -7},
            {"type": "public-key", "alg": -35},
            {"type": "public-key", "alg": -257},
        ],
        "timeout": 300_000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "residentKey": "preferred",
            "requireResidentKey": false,
            "userVerification": "preferred",
        },
        "attestation": "none",
        "extensions": {"credProps": true},
    });
    assert_eq!(options, expected);
}

#[test]
fn two_challenges_are_never_the_same() {
    let mut site = Site::new();
    let user = site.somebody();
    let mut challenge = || {
        let begun = site.begin_registration(user, &[]).unwrap();
        begun.options["publicKey"]["challenge"].clone()
    };
    assert_ne!(challenge(), challenge());
}

#[test]
fn a_key_is_recorded_with_its_name_model_and_transports() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let key = SecurityKey::new(b"blue");
    let answer = key.create(&Said::to_create(&begun.options));
    let new = NewPasskey {
        owner: user,
        name: "  the blue one ",
        existing: &[],
    };
    let passkey = site.end_registration(&begun, &answer, new).unwrap();
    assert_eq!(passkey.owner, user);
    assert_eq!(passkey.name, "the blue one");
    assert_eq!(passkey.credential_id, b"blue");
    assert_eq!(passkey.model, Some(Uuid::from_bytes(MODEL)));
    assert_eq!(
        passkey.transports,
        ["nfc", "usb"],
        "what nobody knows is left out"
    );
    assert_eq!(passkey.discoverable, Some(true));
    assert_eq!((passkey.created_at, passkey.last_used_at), (NOON, None));
    assert_eq!(passkey.sign_count(), Ok(0));
    assert!(!passkey.backed_up);
}

#[test]
fn a_passkey_that_is_copied_between_devices_is_recorded_as_such() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let mut said = Said::to_create(&begun.options);
    said.flags |= BACKUP_ELIGIBLE | BACKED_UP;
    let answer = SecurityKey::new(b"cloud").create(&said);
    let new = NewPasskey {
        owner: user,
        name: "phone",
        existing: &[],
    };
    let passkey = site.end_registration(&begun, &answer, new).unwrap();
    assert!(passkey.backed_up);
}

#[test]
fn every_algorithm_that_is_offered_works_for_registering_and_for_signing_in() {
    for algorithm in [es384(), rs256()] {
        let mut site = Site::new();
        let key = SecurityKey::with(b"other", algorithm);
        let number = key.algorithm_number();
        let passkey = site.registered(&key);
        let begun = site.begin_second_factor(&passkey, UserVerification::Required);
        let answer = key.get(&Said::to_get(&begun.options, 1));
        let found = site.end_second_factor(&begun, &answer, passkey.owner, Some(&passkey));
        assert!(found.is_ok(), "{number}: {found:?}");
    }
}

#[test]
fn a_key_that_only_waits_for_a_touch_is_taken_too() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let mut said = Said::to_create(&begun.options);
    said.flags &= !VERIFIED;
    let mut answer = SecurityKey::new(b"old").create(&said);
    answer["clientExtensionResults"] = json!({});
    answer["response"]["transports"] = json!([]);
    let new = NewPasskey {
        owner: user,
        name: "old key",
        existing: &[],
    };
    let passkey = site.end_registration(&begun, &answer, new).unwrap();
    assert_eq!(passkey.discoverable, None);
}

#[test]
fn a_key_may_attest_itself() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let key = SecurityKey::new(b"self");
    let mut said = Said::to_create(&begun.options);
    said.format = "packed";
    said.statement = Some(key.self_attestation(&said));
    let new = NewPasskey {
        owner: user,
        name: "self",
        existing: &[],
    };
    let registered = site.end_registration(&begun, &key.create(&said), new);
    assert!(registered.is_ok(), "{registered:?}");
}

#[test]
fn keys_that_are_there_are_not_offered_again() {
    let mut site = Site::new();
    let passkey = site.registered(&SecurityKey::new(b"blue"));
    let begun = site.begin_registration(passkey.owner, std::slice::from_ref(&passkey));
    let options = begun.unwrap().options;
    let expected = json!([{"type": "public-key", "id": "Ymx1ZQ", "transports": ["nfc", "usb"]}]);
    assert_eq!(options["publicKey"]["excludeCredentials"], expected);
}

#[test]
fn a_key_that_somebody_has_already_is_refused_whoever_it_is() {
    let mut site = Site::new();
    let key = SecurityKey::new(b"blue");
    let passkey = site.registered(&key);
    for user in [passkey.owner, site.somebody()] {
        let begun = site.begin_registration(user, &[]).unwrap();
        let answer = key.create(&Said::to_create(&begun.options));
        let new = NewPasskey {
            owner: user,
            name: "again",
            existing: std::slice::from_ref(&passkey),
        };
        let refused = site.end_registration(&begun, &answer, new);
        assert_eq!(refused, Err(WebauthnRefused::AlreadyRegistered));
    }
}

#[test]
fn nobody_has_more_than_twenty_keys() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let numbers = 0..u8::try_from(MAX_PASSKEYS).unwrap();
    let many: Vec<_> = numbers
        .map(|number| site.registered_to(user, &SecurityKey::new(&[number])))
        .collect();
    let refused = site.begin_registration(user, &many).map(|_| ());
    assert_eq!(refused, Err(WebauthnRefused::TooMany));
    assert!(site.begin_registration(user, &many[1..]).is_ok());
    // Begun before the twentieth was there.
    let answer = SecurityKey::new(b"last").create(&Said::to_create(&begun.options));
    let new = NewPasskey {
        owner: user,
        name: "last",
        existing: &many,
    };
    let refused = site.end_registration(&begun, &answer, new);
    assert_eq!(refused, Err(WebauthnRefused::TooMany));
}

#[test]
fn a_key_needs_a_name_that_can_be_read_and_can_get_another() {
    let mut site = Site::new();
    let user = site.somebody();
    let mut passkey = site.registered_to(user, &SecurityKey::new(b"blue"));
    let long = "x".repeat(65);
    for (name, problem) in [
        ("", "the name of the key must not be empty"),
        (" \t", "the name of the key must not be empty"),
        (
            "a\nb",
            "the name of the key contains a control character or one that XML cannot carry",
        ),
        (
            long.as_str(),
            "the name of the key has 65 characters; at most 64 are allowed",
        ),
    ] {
        let begun = site.begin_registration(user, &[]).unwrap();
        let answer = SecurityKey::new(b"red").create(&Said::to_create(&begun.options));
        let new = NewPasskey {
            owner: user,
            name,
            existing: &[],
        };
        let refused = site.end_registration(&begun, &answer, new).unwrap_err();
        assert_eq!(refused.to_string(), problem);
        assert_eq!(passkey.rename(name), Err(refused));
        assert_eq!(passkey.name, "blue key");
    }
    passkey.rename(" Schlüssel 漢字 ").unwrap();
    assert_eq!(passkey.name, "Schlüssel 漢字");
}

#[test]
fn a_site_is_known_by_host_scheme_and_port() {
    for (url, id, origin) in [
        (
            "https://id.acme.example/",
            "id.acme.example",
            "https://id.acme.example",
        ),
        (
            "https://id.acme.example:8443/x",
            "id.acme.example",
            "https://id.acme.example:8443",
        ),
        (
            "http://localhost:8080",
            "localhost",
            "http://localhost:8080",
        ),
    ] {
        let party = RelyingParty::new(&Url::parse(url).unwrap(), "ACME").unwrap();
        assert_eq!((party.id(), party.origin()), (id, origin), "{url}");
    }
}

#[test]
fn a_site_without_name_or_https_can_have_no_keys_and_hears_why() {
    for url in [
        "https://192.0.2.1",
        "http://127.0.0.1:8080",
        "https://[::1]/",
    ] {
        let refused = RelyingParty::new(&Url::parse(url).unwrap(), "ACME").unwrap_err();
        assert!(matches!(refused, RelyingPartyError::NotAName(_)), "{url}");
        assert!(refused.to_string().contains("host name"));
    }
    for url in [
        "http://id.acme.example",
        "http://localhost.example",
        "ftp://id.acme.example",
    ] {
        let refused = RelyingParty::new(&Url::parse(url).unwrap(), "ACME").unwrap_err();
        assert!(matches!(refused, RelyingPartyError::NotSecure(_)), "{url}");
        assert!(refused.to_string().contains("https"));
    }
}

#[test]
fn the_handle_of_a_key_is_the_id_of_the_person_and_no_longer_than_the_specification_allows() {
    let mut site = Site::new();
    let user = site.somebody();
    let begun = site.begin_registration(user, &[]).unwrap();
    let Value::String(handle) = &begun.options["publicKey"]["user"]["id"] else {
        panic!("no handle");
    };
    let handle = URL_SAFE_NO_PAD.decode(handle).unwrap();
    assert!(handle.len() <= 64);
    assert_eq!(handle, handle_of(user));
}
