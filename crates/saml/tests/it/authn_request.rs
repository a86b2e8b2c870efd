//! Requests of service providers.

use jetway_saml::{
    AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, AuthnContextComparison, AuthnRequest,
    AuthnRequestError, BINDING_HTTP_POST, NAMEID_EMAIL, NameIdPolicy, ParseError,
    RequestedAuthnContext,
};

use crate::fixture::{
    ACS, IDP, NOW,
    text::{after, before, element, replaced, without},
};

fn request() -> AuthnRequest {
    AuthnRequest {
        id: "_q0123".to_owned(),
        issue_instant: NOW,
        destination: Some(IDP.to_owned()),
        issuer: "urn:example:sp?a=1&b=2".to_owned(),
        assertion_consumer_service_url: Some(ACS.to_owned()),
        assertion_consumer_service_index: None,
        protocol_binding: Some(BINDING_HTTP_POST.to_owned()),
        force_authn: true,
        is_passive: false,
        name_id_policy: Some(NameIdPolicy {
            format: Some(NAMEID_EMAIL.to_owned()),
            allow_create: true,
        }),
        authn_context: Some(RequestedAuthnContext {
            comparison: AuthnContextComparison::Better,
            classes: vec![AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT.to_owned()],
        }),
        has_signature: false,
    }
}

fn xml() -> String {
    request().to_xml().unwrap()
}

fn refused(xml: &str) -> AuthnRequestError {
    AuthnRequest::parse(xml).unwrap_err()
}

#[test]
fn a_request_survives_writing_and_reading() {
    assert_eq!(AuthnRequest::parse(&xml()), Ok(request()));
    let least = AuthnRequest {
        destination: None,
        assertion_consumer_service_url: None,
        assertion_consumer_service_index: Some(3),
        protocol_binding: None,
        force_authn: false,
        is_passive: true,
        name_id_policy: None,
        authn_context: None,
        ..request()
    };
    assert_eq!(AuthnRequest::parse(&least.to_xml().unwrap()), Ok(least));
}

#[test]
fn what_an_identity_provider_need_not_understand_is_tolerated() {
    let xml = after(
        &xml(),
        "</saml:Issuer>",
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"></ds:Signature><samlp:Extensions><x:y xmlns:x=\"urn:x\"/></samlp:Extensions>",
    );
    let xml = before(&xml, "</samlp:AuthnRequest>", "\n<samlp:Scoping/>\n");
    assert!(AuthnRequest::parse(&xml).unwrap().has_signature);
}

#[test]
fn malformed_requests_are_refused() {
    assert!(matches!(refused(""), AuthnRequestError::Xml(_)));
    assert!(matches!(
        refused(&format!("<!DOCTYPE x>{}", xml())),
        AuthnRequestError::Xml(_)
    ));
    assert!(matches!(
        refused(&before(&xml(), "<saml:Issuer", "<!---->")),
        AuthnRequestError::Xml(_)
    ));
    assert_eq!(
        refused(&xml().replace("AuthnRequest", "LogoutRequest")),
        AuthnRequestError::NotAnAuthnRequest
    );
    let element_name = "AuthnRequest";
    assert_eq!(
        refused(&replaced(&xml(), "Version=\"2.0\"", "Version=\"1.1\"")),
        ParseError::Version {
            element: element_name
        }
        .into()
    );
    assert_eq!(
        refused(&without(&xml(), "saml:Issuer")),
        ParseError::Missing { what: "Issuer" }.into()
    );
    let issuer = element(&xml(), "saml:Issuer").to_owned();
    assert!(matches!(
        refused(&before(&xml(), &issuer, &issuer)),
        AuthnRequestError::Content(ParseError::Duplicate { .. })
    ));
    let xml = xml();
    for (old, new) in [
        (" ID=\"_q0123\"", ""),
        ("2026-11-22T04:12:40Z", "now"),
        ("ForceAuthn=\"true\"", "ForceAuthn=\"yes\""),
        (
            "Destination=",
            "AssertionConsumerServiceIndex=\"70000\" Destination=",
        ),
        ("</saml:Issuer>", "</saml:Issuer><x:y xmlns:x=\"urn:x\"/>"),
        ("</saml:Issuer>", "</saml:Issuer>text"),
    ] {
        assert!(
            matches!(
                refused(&replaced(&xml, old, new)),
                AuthnRequestError::Content(_)
            ),
            "{new}"
        );
    }
}

#[test]
fn a_request_about_a_given_subject_is_refused() {
    let subject = "<saml:Subject xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"><saml:NameID>x</saml:NameID></saml:Subject>";
    assert_eq!(
        refused(&after(&xml(), "</saml:Issuer>", subject)),
        AuthnRequestError::Subject
    );
}
