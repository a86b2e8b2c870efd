//! pysaml2 as a service provider: its signed requests and metadata here; our envelopes, logout and
//! encrypted responses there.

use jetway_saml::{
    Authenticity, AuthnRequest, ContentCipher, Inbound, InboundMessage, LogoutRequest,
    MessageParameter, NAMEID_EMAIL, ReceivedNameId, SignWhat, SignatureFault, SpMetadata,
    VerifyingKey, ecp_response, redirect_query,
};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use super::{metadata, pem, run};
use crate::{
    encryption::encrypted_for,
    fixture::{ACS, IDP, NOW, VICTIM, idp, response, stranger, text::base64},
};

const SP: &str = "https://pysaml2.example/sp";
const SLO: &str = "https://pysaml2.example/slo";

fn ask(xmlsec1: &std::path::Path) -> Value {
    let request = LogoutRequest {
        id: "_l1".to_owned(),
        issue_instant: NOW,
        destination: Some(SLO.to_owned()),
        issuer: IDP.to_owned(),
        not_on_or_after: None,
        reason: None,
        name_id: ReceivedNameId {
            format: Some(NAMEID_EMAIL.to_owned()),
            value: VICTIM.to_owned(),
        },
        session_indexes: vec!["_s1".to_owned()],
    };
    let logout = redirect_query(
        &request.to_xml().unwrap(),
        MessageParameter::Request,
        Some("état"),
        Some(&idp().signing),
    )
    .unwrap();
    let signed = response()
        .sign(&idp().signing, SignWhat::Assertion)
        .unwrap();
    let mut for_them = response();
    SP.clone_into(&mut for_them.assertion.audience);
    let sealed: Vec<_> = [
        ContentCipher::Aes256Gcm,
        ContentCipher::Aes128Gcm,
        ContentCipher::Aes256Cbc,
    ]
    .map(|cipher| encrypted_for(&for_them, SignWhat::Assertion, cipher).to_base64())
    .into();
    json!({
        "xmlsec1": xmlsec1,
        "idp": IDP,
        "acs": ACS,
        "slo": SLO,
        "name_id": VICTIM,
        "metadata": metadata(),
        "key": pem("PRIVATE KEY", &stranger().generated.pkcs8_der),
        "certificate": pem("CERTIFICATE", &stranger().generated.certificate_der),
        "envelope": ecp_response(&signed, ACS).unwrap(),
        "encrypted": sealed,
        "logout_request": logout,
    })
}

#[track_caller]
fn signed<T: InboundMessage>(inbound: Inbound<T>) -> T {
    let key = |rsa: &crate::fixture::Rsa| [rsa.verifying.clone()];
    assert_eq!(inbound.verify(&key(stranger())), Ok(Authenticity::Signed));
    assert_eq!(
        inbound.verify(&key(idp())),
        Err(SignatureFault::Value.into())
    );
    inbound.into_parts().0
}

#[test]
fn pysaml2_and_we_understand_each_other_as_service_and_identity_provider() {
    let python = require!(counterparts::saml_python());
    let xmlsec1 = require!(counterparts::xmlsec1());
    let answer = run(&python, "pysaml2_sp_requests.py", &ask(&xmlsec1));
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    let query = |name: &str| text(name).split_once('?').unwrap().1.to_owned();

    let request: AuthnRequest = signed(Inbound::from_post(&base64(text("posted")), None).unwrap());
    assert_eq!((request.issuer.as_str(), request.has_signature), (SP, true));
    let inbound = Inbound::<AuthnRequest>::from_redirect(&query("redirect")).unwrap();
    assert_eq!(inbound.relay_state(), Some("état 1/2"));
    assert_eq!(signed(inbound).issuer, SP);
    let enveloped = Inbound::<AuthnRequest>::from_soap(&text("soap")).unwrap();
    assert_eq!(enveloped.claims().issuer, SP);
    assert!(!enveloped.is_signed());

    let posted = base64(text("logout_posted"));
    let posted: LogoutRequest = signed(Inbound::from_post(&posted, None).unwrap());
    let redirected = Inbound::from_redirect(&query("logout_redirect")).unwrap();
    let redirected: LogoutRequest = signed(redirected);
    for logout in [posted, redirected] {
        assert_eq!(logout.name_id.value, VICTIM);
        assert_eq!(logout.session_indexes, ["_s1"]);
    }

    let envelope = &answer["envelope"];
    assert_eq!(envelope["header"], "Response", "{envelope}");
    assert_eq!(envelope["url"], ACS);
    assert_eq!(envelope["in_body"], "Response");
    assert_eq!(envelope["id"], response().id);

    for opened in answer["encrypted"].as_array().unwrap() {
        assert_eq!(opened, &json!({ "name_id": VICTIM }));
    }
    assert_eq!(answer["logout_request"], json!({ "name_id": VICTIM }));
}

/// Requirement I01.
#[test]
fn the_metadata_of_pysaml2_is_read() {
    let python = require!(counterparts::saml_python());
    let xmlsec1 = require!(counterparts::xmlsec1());
    let answer = run(&python, "pysaml2_sp_requests.py", &ask(&xmlsec1));
    let sp = SpMetadata::parse(answer["metadata"].as_str().unwrap(), NOW).unwrap();
    assert_eq!(sp.entity_id, SP);
    assert!(sp.authn_requests_signed && sp.want_assertions_signed);
    assert_eq!(sp.assertion_consumer_services.len(), 2);
    let acs = sp.default_assertion_consumer_service().unwrap();
    assert_eq!((acs.location.as_str(), acs.usable), (ACS, true));
    assert_eq!(sp.single_logout_services.len(), 2);
    let key = VerifyingKey::from_certificate_der(&sp.signing_certificates[0].der).unwrap();
    assert_eq!(key, stranger().verifying);
    assert_eq!(
        sp.encryption_certificates[0].der,
        stranger().generated.certificate_der
    );
    assert!(sp.requested_attributes.iter().any(|attribute| {
        attribute.required && attribute.friendly_name.as_deref() == Some("mail")
    }));
}
