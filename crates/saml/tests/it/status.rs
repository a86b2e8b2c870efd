//! Responses without an assertion.

use jetway_saml::{
    IssueError, ParseError, ProtocolPrefix, SignWhat, Status, StatusCode, StatusResponse,
    StatusSubcode,
};

use crate::fixture::{
    ACS, IDP, NOW, Refusal, assert_refused, idp, receive, response,
    text::{base64, content, without},
};

fn refusal(status: Status) -> StatusResponse {
    StatusResponse {
        id: "_r1".to_owned(),
        in_response_to: Some("_q1".to_owned()),
        issue_instant: NOW,
        destination: ACS.to_owned(),
        issuer: IDP.to_owned(),
        status,
    }
}

#[test]
fn a_refusal_says_why_in_two_codes_and_in_words() {
    use StatusCode::{Requester, Responder, VersionMismatch};
    for (code, subcode, top, below) in [
        (
            Responder,
            StatusSubcode::NoPassive,
            "Responder",
            "NoPassive",
        ),
        (
            Requester,
            StatusSubcode::RequestDenied,
            "Requester",
            "RequestDenied",
        ),
        (
            Responder,
            StatusSubcode::AuthnFailed,
            "Responder",
            "AuthnFailed",
        ),
        (
            Requester,
            StatusSubcode::NoAuthnContext,
            "Requester",
            "NoAuthnContext",
        ),
        (
            Requester,
            StatusSubcode::InvalidNameIdPolicy,
            "Requester",
            "InvalidNameIDPolicy",
        ),
        (
            Requester,
            StatusSubcode::RequestUnsupported,
            "Requester",
            "RequestUnsupported",
        ),
        (
            VersionMismatch,
            StatusSubcode::RequestVersionTooHigh,
            "VersionMismatch",
            "RequestVersionTooHigh",
        ),
    ] {
        let status = Status::failure(code, subcode).with_message("not <now>");
        let signed = refusal(status).sign(&idp().signing).unwrap();
        let urn = "urn:oasis:names:tc:SAML:2.0:status:";
        assert_eq!(
            content(signed.as_xml(), "samlp:Status"),
            format!(
                "<samlp:StatusCode Value=\"{urn}{top}\"><samlp:StatusCode Value=\"{urn}{below}\">\
                 </samlp:StatusCode></samlp:StatusCode>\
                 <samlp:StatusMessage>not &lt;now&gt;</samlp:StatusMessage>"
            )
        );
        assert!(signed.as_xml().contains("InResponseTo=\"_q1\""));
        assert!(signed.as_xml().contains("<ds:Signature "));
        assert_eq!(
            assert_refused(signed.as_xml()),
            Refusal::Parse(ParseError::NoAssertion)
        );
    }
}

#[test]
fn a_refusal_under_another_prefix_is_the_same_refusal() {
    let status = Status::failure(StatusCode::Responder, StatusSubcode::NoPassive);
    let refusal = refusal(status.with_message("nobody is signed in"));
    let usual = refusal.sign(&idp().signing).unwrap();
    let other = refusal
        .sign_with_prefix(&idp().signing, ProtocolPrefix::Saml2p)
        .unwrap();
    let unsigned = |xml: &str| without(xml, "ds:Signature");
    let renamed = unsigned(usual.as_xml()).replace("samlp", "saml2p");
    assert_eq!(unsigned(other.as_xml()), renamed);
    assert!(other.as_xml().contains("<ds:Signature "));
}

#[test]
fn success_without_an_assertion_is_never_claimed() {
    assert_eq!(
        refusal(Status::success()).sign(&idp().signing),
        Err(IssueError::SuccessWithoutAssertion)
    );
}

#[test]
fn a_refusal_needs_what_every_response_needs() {
    let status = Status::failure(StatusCode::Requester, StatusSubcode::RequestDenied);
    let mut bad = refusal(status);
    bad.id = "1".to_owned();
    assert!(matches!(
        bad.sign(&idp().signing),
        Err(IssueError::InvalidId { .. })
    ));
    bad.id = "_1".to_owned();
    bad.issuer = String::new();
    assert!(matches!(
        bad.sign(&idp().signing),
        Err(IssueError::Empty { .. })
    ));
}

#[test]
fn a_signature_on_the_response_alone_covers_the_assertion_but_is_not_enough_for_aws() {
    let signed = response().sign(&idp().signing, SignWhat::Response).unwrap();
    assert_eq!(signed.as_xml().matches("<ds:Signature ").count(), 1);
    let head = signed.as_xml().split("<samlp:Status>").next().unwrap();
    assert!(head.contains("<ds:Signature "));
    assert!(receive(signed.as_xml()).is_err());
    assert_eq!(signed.to_base64(), base64(signed.as_xml()));
}
