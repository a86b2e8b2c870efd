//! python3-saml as a service provider: its requests, logout and metadata here; our encrypted
//! responses and logout there.

use jetway_saml::{
    Authenticity, AuthnRequest, ContentCipher, Inbound, LogoutRequest, LogoutResponse,
    MessageParameter, NAMEID_EMAIL, ReceivedNameId, SignWhat, SignatureFault, SpMetadata, Status,
    VerifyingKey, redirect_query,
};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use super::{metadata, pem, run};
use crate::{
    encryption::encrypted,
    fixture::{ACS, IDP, NOW, VICTIM, idp, response, stranger, text::replaced},
};

const SLO: &str = "https://sp.test/slo";

fn logout_request() -> LogoutRequest {
    LogoutRequest {
        id: "_l1".to_owned(),
        issue_instant: NOW,
        destination: Some(SLO.to_owned()),
        issuer: IDP.to_owned(),
        not_on_or_after: Some(NOW + time::Duration::minutes(5)),
        reason: None,
        name_id: ReceivedNameId {
            format: Some(NAMEID_EMAIL.to_owned()),
            value: VICTIM.to_owned(),
        },
        session_indexes: vec!["_s1".to_owned()],
    }
}

fn logout_response() -> LogoutResponse {
    LogoutResponse {
        id: "_l2".to_owned(),
        in_response_to: Some("_asked".to_owned()),
        issue_instant: NOW,
        destination: Some(SLO.to_owned()),
        issuer: IDP.to_owned(),
        status: Status::success(),
    }
}

/// Ours, in each way of signing, plain and encrypted.
fn responses() -> Value {
    let mut sent = Vec::new();
    for what in [
        SignWhat::Assertion,
        SignWhat::Response,
        SignWhat::AssertionAndResponse,
    ] {
        let plain = response().sign(&idp().signing, what).unwrap();
        let sealed = encrypted(what, ContentCipher::Aes256Gcm);
        let gcm128 = encrypted(what, ContentCipher::Aes128Gcm);
        let cbc = encrypted(what, ContentCipher::Aes256Cbc);
        for (message, encrypted) in [(plain, false), (sealed, true), (gcm128, true), (cbc, true)] {
            sent.push(json!({
                "response": message.to_base64(),
                "encrypted": encrypted,
                "assertion_signed": what != SignWhat::Response,
                "message_signed": what != SignWhat::Assertion,
            }));
        }
    }
    Value::Array(sent)
}

fn ask(hash: &str) -> Value {
    let query = |xml: String, parameter, relay_state| {
        redirect_query(&xml, parameter, relay_state, Some(&idp().signing)).unwrap()
    };
    let request = query(
        logout_request().to_xml().unwrap(),
        MessageParameter::Request,
        Some("état 1/2"),
    );
    let response = query(
        logout_response().to_xml().unwrap(),
        MessageParameter::Response,
        None,
    );
    let at = request.find("&RelayState=").unwrap() + "&RelayState=".len();
    json!({
        "now": NOW.unix_timestamp() + 1,
        "hash": hash,
        "acs": ACS,
        "name_id": VICTIM,
        "metadata": metadata(),
        "key": pem("PRIVATE KEY", &stranger().generated.pkcs8_der),
        "certificate": pem("CERTIFICATE", &stranger().generated.certificate_der),
        "responses": responses(),
        "request_id": "_asked",
        "logout_request": request,
        "logout_response": response,
        "logout_forged": replaced(&request, &request[at..=at + 2], "x"),
    })
}

/// The query of an address, and what stands before it.
#[track_caller]
fn query_of<'a>(answer: &'a Value, name: &str) -> (&'a str, &'a str) {
    answer[name].as_str().unwrap().split_once('?').unwrap()
}

#[track_caller]
fn assert_signed<T: jetway_saml::InboundMessage>(inbound: &Inbound<T>) {
    let key = |rsa: &crate::fixture::Rsa| [rsa.verifying.clone()];
    assert_eq!(inbound.verify(&key(stranger())), Ok(Authenticity::Signed));
    assert_eq!(
        inbound.verify(&key(idp())),
        Err(SignatureFault::Value.into())
    );
}

#[test]
fn we_verify_the_requests_python3_saml_signs() {
    let python = require!(counterparts::saml_python());
    for hash in ["sha256", "sha384", "sha512"] {
        let answer = run(&python, "python3_saml_sp.py", &ask(hash));
        let (address, query) = query_of(&answer, "login");
        let inbound = Inbound::<AuthnRequest>::from_redirect(query).unwrap();
        assert_signed(&inbound);
        assert_eq!(
            inbound.relay_state(),
            Some("https://sp.test/after sign-in?a=b&c=é")
        );
        let request = inbound.claims();
        assert_eq!(request.issuer, "urn:amazon:webservices");
        assert_eq!(request.assertion_consumer_service_url.as_deref(), Some(ACS));
        assert_eq!((address, request.destination.as_deref()), (IDP, Some(IDP)));

        let posted = answer["posted"].as_str().unwrap();
        assert_signed(&Inbound::<AuthnRequest>::from_post(posted, None).unwrap());

        let (_, query) = query_of(&answer, "logout");
        let inbound = Inbound::<LogoutRequest>::from_redirect(query).unwrap();
        assert_signed(&inbound);
        assert_eq!(inbound.claims().name_id.value, VICTIM);
        assert_eq!(inbound.claims().session_indexes, ["_s1"]);
    }
}

#[test]
fn python3_saml_takes_our_encrypted_responses_and_logout() {
    let python = require!(counterparts::saml_python());
    let answer = run(&python, "python3_saml_sp.py", &ask("sha256"));
    let verdicts = answer["responses"].as_array().unwrap();
    assert_eq!(verdicts.len(), 12);
    for (number, verdict) in verdicts.iter().enumerate() {
        assert_eq!(verdict["valid"], true, "{number}: {}", verdict["error"]);
        assert_eq!(verdict["name_id"], VICTIM);
    }
    for name in ["logout_request", "logout_response"] {
        assert_eq!(answer[name]["errors"], json!([]), "{}", answer[name]);
    }
    assert_ne!(answer["logout_forged"]["errors"], json!([]));
    // Its answer to our request.
    let (_, query) = query_of(&answer["logout_request"], "url");
    let inbound = Inbound::<LogoutResponse>::from_redirect(query).unwrap();
    assert_signed(&inbound);
    assert_eq!(inbound.relay_state(), Some("état 1/2"));
    assert_eq!(inbound.claims().in_response_to.as_deref(), Some("_l1"));
    assert_eq!(inbound.claims().status, Status::success());
}

/// Requirement I01.
#[test]
fn the_metadata_of_python3_saml_is_read() {
    let python = require!(counterparts::saml_python());
    let answer = run(&python, "python3_saml_sp.py", &ask("sha256"));
    let sp = SpMetadata::parse(answer["metadata"].as_str().unwrap(), NOW).unwrap();
    assert_eq!(sp.entity_id, "urn:amazon:webservices");
    assert!(sp.authn_requests_signed);
    let acs = sp.default_assertion_consumer_service().unwrap();
    assert_eq!(acs.location, ACS);
    assert_eq!(sp.single_logout_services[0].location, SLO);
    let key = VerifyingKey::from_certificate_der(&sp.signing_certificates[0].der).unwrap();
    assert_eq!(key, stranger().verifying);
    assert_eq!(sp.warnings, []);
}
