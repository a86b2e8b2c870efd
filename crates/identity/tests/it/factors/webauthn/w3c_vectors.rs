//! The test vectors of the specification itself (WebAuthn Level 3 §16): what somebody else wrote as
//! browser and key, read here. `w3c_vectors.json` has their values and what we make of each.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jetway_identity::factors::FactorOwner;
use jetway_identity::factors::webauthn::{
    AuthenticationAnswer, Ceremony, ClaimedCeremony, NewPasskey, PasskeyRecord, RegistrationAnswer,
    RelyingParty, WebauthnRefused, finish_registration, finish_second_factor,
};
use jetway_testkit::security_key::cbor;
use serde::Deserialize;
use serde_cbor_2::Value as Cbor;
use serde_json::{Value, json};
use url::Url;

use super::site::Site;

/// Each value in hexadecimal digits.
#[derive(Deserialize)]
struct Vector {
    name: String,
    /// `taken`, or the code of the refusal.
    outcome: String,
    credential_id: String,
    registration: Registration,
    authentication: Authentication,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registration {
    challenge: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    attestation_object: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Authentication {
    challenge: String,
    #[serde(rename = "clientDataJSON")]
    client_data: String,
    authenticator_data: String,
    signature: String,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("w3c_vectors.json")).unwrap()
}

fn base64(digits: &str) -> String {
    URL_SAFE_NO_PAD.encode(hex::decode(digits).unwrap())
}

/// A site at the address of the vectors, with somebody.
fn site() -> (Site, FactorOwner) {
    let mut site = Site::new();
    let url = Url::parse("https://example.org").unwrap();
    site.party = RelyingParty::new(&url, "Example").unwrap();
    let user = site.somebody();
    (site, user)
}

/// A ceremony in its sealed form with the challenge of a vector: ours are random.
fn ceremony(site: &mut Site, purpose: &str, user: FactorOwner, challenge: &str) -> ClaimedCeremony {
    let verification = (purpose == "second_factor").then_some("preferred");
    let started_at = site.op.now.unix_timestamp() * 1000;
    let stored = json!({
        "purpose": purpose,
        "owner": user.to_string(),
        "verification": verification,
        "challenge": base64(challenge),
        "started_at": started_at,
    });
    let stored = stored.to_string();
    let sealed = site.sealing.seal(
        &mut site.op.rng,
        "webauthn-ceremony/1/tie",
        stored.as_bytes(),
    );
    let sealed = URL_SAFE_NO_PAD.encode(sealed);
    let open = Ceremony::open(&site.sealing, (&sealed, "tie"), site.op.now).unwrap();
    open.claim(true).unwrap()
}

fn register(
    site: &mut Site,
    user: FactorOwner,
    vector: &Vector,
    attestation_object: &str,
) -> Result<PasskeyRecord, WebauthnRefused> {
    let given = &vector.registration;
    let ceremony = ceremony(site, "register", user, &given.challenge);
    let id = base64(&vector.credential_id);
    let answer = json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": {
            "clientDataJSON": base64(&given.client_data),
            "attestationObject": attestation_object,
        },
    });
    let answer = RegistrationAnswer::from_json(answer.to_string().as_bytes()).unwrap();
    let new = NewPasskey {
        owner: user,
        name: &vector.name,
        existing: &[],
    };
    finish_registration(&mut site.op, &site.party, &ceremony, &answer, new)
}

fn authenticate(
    site: &mut Site,
    passkey: &PasskeyRecord,
    vector: &Vector,
) -> Result<(), WebauthnRefused> {
    let given = &vector.authentication;
    let ceremony = ceremony(site, "second_factor", passkey.owner, &given.challenge);
    let id = base64(&vector.credential_id);
    let answer = json!({
        "id": id,
        "rawId": id,
        "type": "public-key",
        "response": {
            "clientDataJSON": base64(&given.client_data),
            "authenticatorData": base64(&given.authenticator_data),
            "signature": base64(&given.signature),
            "userHandle": Value::Null,
        },
    });
    let answer = AuthenticationAnswer::from_json(answer.to_string().as_bytes()).unwrap();
    let (user, passkey) = (passkey.owner, Some(passkey));
    let ended = finish_second_factor(&site.op, &site.party, &ceremony, &answer, user, passkey);
    ended.map(|_| ())
}

/// What a browser makes of an attestation object when no attestation was asked for
/// (WebAuthn §5.1.3).
fn without_attestation(attestation_object: &str) -> String {
    let bytes = hex::decode(attestation_object).unwrap();
    let object: BTreeMap<String, Cbor> = serde_cbor_2::from_slice(&bytes).unwrap();
    let data = match &object["authData"] {
        Cbor::Bytes(data) => Some(data),
        _ => None,
    };
    URL_SAFE_NO_PAD.encode(cbor::map(&[
        (cbor::text("fmt"), cbor::text("none")),
        (cbor::text("attStmt"), cbor::map(&[])),
        (cbor::text("authData"), cbor::bytes(data.unwrap())),
    ]))
}

#[test]
fn each_vector_is_taken_or_refused_for_its_own_reason() {
    for vector in vectors() {
        let (mut site, user) = site();
        let object = base64(&vector.registration.attestation_object);
        let outcome = register(&mut site, user, &vector, &object);
        let outcome = outcome.map_or_else(|refused| refused.code(), |_| "taken");
        assert_eq!(outcome, vector.outcome, "{}", vector.name);
    }
}

#[test]
fn keys_of_the_vectors_sign_in_when_their_browser_leaves_attestation_out() {
    let mut signed_in = Vec::new();
    for vector in vectors() {
        let (mut site, user) = site();
        let object = without_attestation(&vector.registration.attestation_object);
        let Ok(passkey) = register(&mut site, user, &vector, &object) else {
            continue;
        };
        assert_eq!(
            authenticate(&mut site, &passkey, &vector),
            Ok(()),
            "{}",
            vector.name
        );
        signed_in.push(vector.name);
    }
    // Not those in other sites, and not the one that signs with EdDSA.
    let expected = [
        "none-es256",
        "packed-self-es256",
        "none-es256-long-credential-id",
        "packed-es256",
        "packed-es384",
        "tpm-es256",
        "fido-u2f-es256",
    ];
    assert_eq!(signed_in, expected);
}

#[test]
fn a_key_of_one_vector_does_not_sign_in_with_the_signature_of_another() {
    let vectors = vectors();
    let (mut site, user) = site();
    let object = without_attestation(&vectors[0].registration.attestation_object);
    let passkey = register(&mut site, user, &vectors[0], &object).unwrap();
    let mut mixed = self::vectors().remove(0);
    mixed
        .authentication
        .signature
        .clone_from(&vectors[1].authentication.signature);
    let refused = authenticate(&mut site, &passkey, &mixed);
    assert_eq!(refused, Err(WebauthnRefused::BadSignature));
}
