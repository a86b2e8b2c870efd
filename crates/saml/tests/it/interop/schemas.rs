//! Every kind of document we write, against the schemas of the standards.

use jetway_saml::{
    AuthnContextComparison, AuthnRequest, ContentCipher, IdpMetadata, LogoutRequest,
    LogoutResponse, NAMEID_EMAIL, NAMEID_PERSISTENT, NameIdPolicy, ReceivedNameId,
    RequestedAuthnContext, SignWhat, SoapFaultCode, Status, StatusCode, StatusResponse,
    StatusSubcode, ecp_response, soap_fault, soap_response,
};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use super::run;
use crate::{
    encryption::encrypted,
    fixture::{
        ACS, IDP, NOW, VICTIM, idp, response, stranger,
        text::{element, replaced},
    },
};

fn responses() -> Vec<(&'static str, String)> {
    let mut full = response();
    full.in_response_to = Some("_q1".to_owned());
    full.assertion.in_response_to = Some("_q1".to_owned());
    full.assertion.session_not_on_or_after = Some(NOW + time::Duration::hours(1));
    let mut bare = response();
    bare.assertion.attributes.clear();
    let mut documents = Vec::new();
    for what in [
        SignWhat::Assertion,
        SignWhat::Response,
        SignWhat::AssertionAndResponse,
    ] {
        for response in [&full, &bare] {
            documents.push(response.sign(&idp().signing, what).unwrap());
        }
        documents.push(encrypted(what, ContentCipher::Aes256Gcm));
        documents.push(encrypted(what, ContentCipher::Aes256Cbc));
    }
    let refusal = StatusResponse {
        id: "_r1".to_owned(),
        in_response_to: Some("_q1".to_owned()),
        issue_instant: NOW,
        destination: ACS.to_owned(),
        issuer: IDP.to_owned(),
        status: Status::failure(StatusCode::Responder, StatusSubcode::NoPassive)
            .with_message("nobody is signed in"),
    };
    documents.push(refusal.sign(&idp().signing).unwrap());
    documents
        .into_iter()
        .map(|message| ("protocol", message.as_xml().to_owned()))
        .collect()
}

fn requests() -> Vec<(&'static str, String)> {
    let authn = AuthnRequest {
        id: "_q1".to_owned(),
        issue_instant: NOW,
        destination: Some(IDP.to_owned()),
        issuer: "https://sp.test/".to_owned(),
        assertion_consumer_service_url: Some(ACS.to_owned()),
        assertion_consumer_service_index: None,
        protocol_binding: None,
        force_authn: true,
        is_passive: true,
        name_id_policy: Some(NameIdPolicy {
            format: Some(NAMEID_EMAIL.to_owned()),
            allow_create: true,
        }),
        authn_context: Some(RequestedAuthnContext {
            comparison: AuthnContextComparison::Minimum,
            classes: vec!["urn:x".to_owned()],
        }),
        has_signature: false,
    };
    let out = LogoutRequest {
        id: "_l1".to_owned(),
        issue_instant: NOW,
        destination: Some(IDP.to_owned()),
        issuer: IDP.to_owned(),
        not_on_or_after: Some(NOW),
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:admin".to_owned()),
        name_id: ReceivedNameId {
            format: Some(NAMEID_PERSISTENT.to_owned()),
            value: VICTIM.to_owned(),
        },
        session_indexes: vec!["_s1".to_owned(), "_s2".to_owned()],
    };
    let gone = LogoutResponse {
        id: "_l2".to_owned(),
        in_response_to: Some("_l1".to_owned()),
        issue_instant: NOW,
        destination: None,
        issuer: IDP.to_owned(),
        status: Status::success(),
    };
    let key = &idp().signing;
    let signed = [
        authn.sign(key).unwrap(),
        out.sign(key).unwrap(),
        gone.sign(key).unwrap(),
    ];
    let unsigned = [
        authn.to_xml().unwrap(),
        out.to_xml().unwrap(),
        gone.to_xml().unwrap(),
    ];
    let signed = signed.map(|message| message.as_xml().to_owned());
    signed
        .into_iter()
        .chain(unsigned)
        .map(|xml| ("protocol", xml))
        .collect()
}

fn metadata() -> String {
    IdpMetadata {
        entity_id: IDP.to_owned(),
        certificates: vec![
            idp().generated.certificate_der.clone(),
            stranger().generated.certificate_der.clone(),
        ],
        sso_redirect: Some(IDP.to_owned()),
        sso_post: Some(IDP.to_owned()),
        sso_soap: Some(IDP.to_owned()),
        slo_redirect: Some(IDP.to_owned()),
        slo_post: Some(IDP.to_owned()),
        want_authn_requests_signed: true,
        name_id_formats: vec![NAMEID_EMAIL.to_owned(), NAMEID_PERSISTENT.to_owned()],
    }
    .to_xml()
    .unwrap()
}

fn envelopes() -> Vec<(&'static str, String)> {
    let signed = response()
        .sign(&idp().signing, SignWhat::Assertion)
        .unwrap();
    let ecp = ecp_response(&signed, ACS).unwrap();
    // The block on its own, with the declaration it inherits.
    let soap = "xmlns:S=\"http://schemas.xmlsoap.org/soap/envelope/\"";
    let block = element(&ecp, "ecp:Response");
    let block = replaced(block, "<ecp:Response ", &format!("<ecp:Response {soap} "));
    vec![
        ("soap", ecp),
        ("ecp", block),
        ("soap", soap_response(&signed).unwrap()),
        ("soap", soap_fault(SoapFaultCode::Client, "no").unwrap()),
    ]
}

#[test]
fn everything_we_write_is_valid_by_the_schemas() {
    let python = require!(counterparts::saml_python());
    let mut documents = responses();
    documents.extend(requests());
    documents.push(("metadata", metadata()));
    documents.extend(envelopes());
    // The tools are able to refuse.
    let good = documents.len();
    let invalid = replaced(&documents[0].1, "Version=\"2.0\"", "");
    documents.push(("protocol", invalid));
    documents.push(("metadata", replaced(&metadata(), "entityID", "entityId")));
    documents.push(("soap", "<a/>".to_owned()));
    documents.push(("ecp", "<a/>".to_owned()));
    let answers = run(&python, "schemas.py", &json!(documents));
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), documents.len());
    for (answer, (schema, xml)) in answers.iter().zip(&documents).take(good) {
        assert_eq!(answer, &json!([]), "{schema}:\n{xml}");
    }
    for answer in &answers[good..] {
        assert_ne!(answer.as_array().map(Vec::len), Some(0));
        assert_ne!(answer, &Value::Null);
    }
}
