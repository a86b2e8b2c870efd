//! Enhanced clients: an authentication request in a SOAP envelope, and what goes back.

use jetway_saml::{
    Authenticity, AuthnRequest, Inbound, InboundError, SignWhat, SignatureFault, SoapError,
    SoapFaultCode, ecp_response, soap_fault, soap_response,
};

use crate::fixture::{
    ACS, IDP, NOW, idp, receive, response,
    text::{after, content, element, replaced},
};

const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

fn request() -> AuthnRequest {
    AuthnRequest {
        id: "_q1".to_owned(),
        issue_instant: NOW,
        destination: None,
        issuer: "https://sp.test/".to_owned(),
        assertion_consumer_service_url: Some(ACS.to_owned()),
        assertion_consumer_service_index: None,
        protocol_binding: Some("urn:oasis:names:tc:SAML:2.0:bindings:PAOS".to_owned()),
        force_authn: false,
        is_passive: false,
        name_id_policy: None,
        authn_context: None,
        has_signature: false,
    }
}

fn envelope(header: &str, body: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?>\n<S:Envelope xmlns:S=\"{SOAP}\" xmlns:x=\"urn:x\">{header}\n\
         <S:Body>\n{body}\n</S:Body></S:Envelope>"
    )
}

fn read(envelope: &str) -> Result<Inbound<AuthnRequest>, InboundError> {
    Inbound::from_soap(envelope)
}

#[test]
fn the_request_in_the_body_is_read_and_its_signature_verified() {
    let plain = envelope("", &request().to_xml().unwrap());
    let inbound = read(&plain).unwrap();
    assert_eq!(inbound.claims(), &request());
    assert!(!inbound.is_signed());
    let signed = request().sign(&idp().signing).unwrap();
    let keys = [idp().verifying.clone()];
    let inbound = read(&envelope("", signed.as_xml())).unwrap();
    assert_eq!(inbound.verify(&keys), Ok(Authenticity::Signed));
    let changed = replaced(signed.as_xml(), ACS, "https://evil.test/");
    assert!(
        read(&envelope("", &changed))
            .unwrap()
            .verify(&keys)
            .is_err()
    );
}

#[test]
fn namespaces_declared_on_the_envelope_do_not_break_the_signature() {
    let samlp = " xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"";
    let signed = request().sign(&idp().signing).unwrap();
    let inner = replaced(signed.as_xml(), samlp, "");
    let outer = replaced(
        &envelope("", &inner),
        " xmlns:x=",
        &format!("{samlp} xmlns:x="),
    );
    let keys = [idp().verifying.clone()];
    assert_eq!(
        read(&outer).unwrap().verify(&keys),
        Ok(Authenticity::Signed)
    );
}

#[test]
fn a_signed_request_elsewhere_in_the_envelope_does_not_speak_for_the_one_in_the_body() {
    let signed = request().sign(&idp().signing).unwrap();
    let header = format!("<S:Header>{}</S:Header>", signed.as_xml());
    let forged = AuthnRequest {
        id: "_evil".to_owned(),
        assertion_consumer_service_url: Some("https://evil.test/".to_owned()),
        ..request()
    };
    let unsigned = read(&envelope(&header, &forged.to_xml().unwrap())).unwrap();
    assert!(!unsigned.is_signed());
    let signature = element(signed.as_xml(), "ds:Signature");
    let header = replaced(&header, signature, "");
    let forged = after(&forged.to_xml().unwrap(), "</saml:Issuer>", signature);
    assert_eq!(
        read(&envelope(&header, &forged))
            .unwrap()
            .verify(&[idp().verifying.clone()]),
        Err(SignatureFault::Reference.into())
    );
}

#[test]
fn headers_meant_for_the_client_are_passed_over() {
    let header = format!(
        "<S:Header><paos:Request xmlns:paos=\"urn:liberty:paos:2003-08\" S:mustUnderstand=\"1\" \
         S:actor=\"http://schemas.xmlsoap.org/soap/actor/next\" responseConsumerURL=\"{ACS}\" \
         service=\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\"/>\
         <x:Hint/><x:Other S:mustUnderstand=\"0\"/>\
         <x:Proxy S:mustUnderstand=\"1\" S:actor=\"urn:somebody\"/></S:Header>"
    );
    assert!(read(&envelope(&header, &request().to_xml().unwrap())).is_ok());
}

#[test]
fn a_header_that_must_be_understood_and_is_not_is_refused() {
    for value in ["1", "true"] {
        let header = format!("<S:Header><x:Secret S:mustUnderstand=\"{value}\"/></S:Header>");
        assert_eq!(
            read(&envelope(&header, &request().to_xml().unwrap())).unwrap_err(),
            SoapError::MustUnderstand {
                name: "Secret".to_owned()
            }
            .into()
        );
    }
}

#[test]
fn what_is_no_envelope_with_one_message_is_refused() {
    let xml = request().to_xml().unwrap();
    let other = |text: &str| read(text).unwrap_err();
    assert_eq!(other(&xml), SoapError::NotAnEnvelope.into());
    let soap12 = envelope("", &xml).replace(SOAP, "http://www.w3.org/2003/05/soap-envelope");
    assert_eq!(other(&soap12), SoapError::NotAnEnvelope.into());
    assert_eq!(other(&envelope("", "")), SoapError::Body.into());
    assert_eq!(
        other(&envelope(
            "",
            &format!("{xml}{}", xml.replace("_q1", "_q2"))
        )),
        SoapError::Body.into()
    );
    assert_eq!(
        other(&envelope("<S:Body/>", &xml)),
        SoapError::Structure.into()
    );
    assert!(matches!(other("<a"), InboundError::Xml(_)));
}

#[test]
fn the_answer_carries_the_response_byte_for_byte() {
    let signed = response()
        .sign(&idp().signing, SignWhat::AssertionAndResponse)
        .unwrap();
    let envelope = ecp_response(&signed, &format!("{ACS}?a=1&b=2")).unwrap();
    assert_eq!(content(&envelope, "S:Body"), signed.as_xml());
    assert!(receive(content(&envelope, "S:Body")).is_ok());
    assert_eq!(
        element(&envelope, "ecp:Response"),
        format!(
            "<ecp:Response xmlns:ecp=\"urn:oasis:names:tc:SAML:2.0:profiles:SSO:ecp\" \
             AssertionConsumerServiceURL=\"{ACS}?a=1&amp;b=2\" \
             S:actor=\"http://schemas.xmlsoap.org/soap/actor/next\" S:mustUnderstand=\"1\">\
             </ecp:Response>"
        )
    );
    assert!(ecp_response(&signed, "").is_err());
    let bare = soap_response(&signed).unwrap();
    assert_eq!(content(&bare, "S:Body"), signed.as_xml());
    assert!(!bare.contains("Header"));
}

#[test]
fn a_fault_says_who_is_to_blame() {
    for (code, name) in [
        (SoapFaultCode::VersionMismatch, "VersionMismatch"),
        (SoapFaultCode::MustUnderstand, "MustUnderstand"),
        (SoapFaultCode::Client, "Client"),
        (SoapFaultCode::Server, "Server"),
    ] {
        let fault = soap_fault(code, &format!("{IDP} says <no>")).unwrap();
        assert_eq!(content(&fault, "faultcode"), format!("S:{name}"));
        assert_eq!(
            content(&fault, "faultstring"),
            format!("{IDP} says &lt;no&gt;")
        );
    }
}
