//! Single logout, both messages, both ways.

use jetway_saml::{
    Authenticity, Inbound, InboundError, LogoutError, LogoutRequest, LogoutResponse,
    MessageParameter, NAMEID_PERSISTENT, ParseError, ReceivedNameId, SignatureFault, Status,
    StatusCode, StatusSubcode, redirect_query,
};
use time::Duration;

use crate::fixture::{
    IDP, NOW, VICTIM, idp, stranger,
    text::{base64, before, element, replaced, without},
};

fn request() -> LogoutRequest {
    LogoutRequest {
        id: "_l1".to_owned(),
        issue_instant: NOW,
        destination: Some(IDP.to_owned()),
        issuer: "https://sp.test/".to_owned(),
        not_on_or_after: Some(NOW + Duration::minutes(5)),
        reason: Some("urn:oasis:names:tc:SAML:2.0:logout:user".to_owned()),
        name_id: ReceivedNameId {
            format: Some(NAMEID_PERSISTENT.to_owned()),
            value: VICTIM.to_owned(),
        },
        session_indexes: vec!["_s1".to_owned(), "_s2".to_owned()],
    }
}

fn response() -> LogoutResponse {
    LogoutResponse {
        id: "_l2".to_owned(),
        in_response_to: Some("_l1".to_owned()),
        issue_instant: NOW,
        destination: Some("https://sp.test/slo".to_owned()),
        issuer: IDP.to_owned(),
        status: Status::success(),
    }
}

fn read(xml: &str) -> Result<LogoutRequest, InboundError> {
    Ok(Inbound::from_xml(xml)?.into_parts().0)
}

#[test]
fn a_request_survives_both_bindings_with_its_signature() {
    let signed = request().sign(&idp().signing).unwrap();
    let query = redirect_query(
        &request().to_xml().unwrap(),
        MessageParameter::Request,
        Some("there"),
        Some(&idp().signing),
    )
    .unwrap();
    for inbound in [
        Inbound::<LogoutRequest>::from_post(&signed.to_base64(), Some("there")).unwrap(),
        Inbound::from_redirect(&query).unwrap(),
    ] {
        assert_eq!(
            inbound.verify(&[idp().verifying.clone()]),
            Ok(Authenticity::Signed)
        );
        assert_eq!(
            inbound.verify(&[stranger().verifying.clone()]),
            Err(SignatureFault::Value.into())
        );
        assert_eq!(inbound.into_parts(), (request(), Some("there".to_owned())));
    }
}

#[test]
fn a_response_survives_both_bindings_with_its_status() {
    let partial = Status::failure(StatusCode::Responder, StatusSubcode::PartialLogout);
    for status in [Status::success(), partial.with_message("one is down")] {
        let sent = LogoutResponse {
            status,
            ..response()
        };
        let posted = sent.sign(&idp().signing).unwrap().to_base64();
        let query = redirect_query(
            &sent.to_xml().unwrap(),
            MessageParameter::Response,
            None,
            Some(&idp().signing),
        )
        .unwrap();
        assert!(query.starts_with("SAMLResponse="));
        for inbound in [
            Inbound::<LogoutResponse>::from_post(&posted, None).unwrap(),
            Inbound::from_redirect(&query).unwrap(),
        ] {
            assert_eq!(
                inbound.verify(&[idp().verifying.clone()]),
                Ok(Authenticity::Signed)
            );
            assert_eq!(inbound.claims(), &sent);
        }
    }
}

#[test]
fn a_request_for_all_sessions_names_none() {
    let least = LogoutRequest {
        destination: None,
        not_on_or_after: None,
        reason: None,
        name_id: ReceivedNameId {
            format: None,
            value: VICTIM.to_owned(),
        },
        session_indexes: vec![],
        ..request()
    };
    assert_eq!(read(&least.to_xml().unwrap()), Ok(least));
}

#[test]
fn an_unknown_second_level_code_does_not_hide_the_first() {
    let xml = LogoutResponse {
        status: Status::failure(StatusCode::Requester, StatusSubcode::RequestDenied),
        ..response()
    }
    .to_xml()
    .unwrap();
    let odd = replaced(
        &xml,
        "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
        "urn:example:odd",
    );
    let (odd, _) = Inbound::<LogoutResponse>::from_xml(&odd)
        .unwrap()
        .into_parts();
    assert_eq!(
        (odd.status.code, odd.status.subcode),
        (StatusCode::Requester, None)
    );
}

#[test]
fn a_changed_request_is_refused() {
    let signed = request().sign(&idp().signing).unwrap();
    let changed = replaced(signed.as_xml(), VICTIM, "somebody.else@example.com");
    let inbound = Inbound::<LogoutRequest>::from_post(&base64(changed), None).unwrap();
    assert_eq!(
        inbound.verify(&[idp().verifying.clone()]),
        Err(SignatureFault::Digest.into())
    );
}

#[test]
fn what_is_missing_repeated_or_foreign_is_refused() {
    let xml = request().to_xml().unwrap();
    let content = |xml: &str| match read(xml) {
        Err(InboundError::Logout(LogoutError::Content(error))) => error,
        other => panic!("{xml}: {other:?}"),
    };
    for name in ["Issuer", "NameID"] {
        assert_eq!(
            content(&without(&xml, &format!("saml:{name}"))),
            ParseError::Missing { what: name }
        );
    }
    let name = element(&xml, "saml:NameID").to_owned();
    assert_eq!(
        content(&before(&xml, &name, &name)),
        ParseError::Unexpected {
            place: "LogoutRequest"
        }
    );
    assert_eq!(
        content(&replaced(&xml, &format!(">{VICTIM}<"), "> <")),
        ParseError::InvalidValue { what: "NameID" }
    );
    assert_eq!(
        content(&replaced(&xml, "Version=\"2.0\"", "Version=\"1.1\"")),
        ParseError::Version {
            element: "LogoutRequest"
        }
    );
    let encrypted = "<saml:EncryptedID xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>";
    assert_eq!(
        read(&replaced(&xml, &name, encrypted)),
        Err(LogoutError::EncryptedName.into())
    );
    let expected = "LogoutRequest";
    assert_eq!(
        read(&response().to_xml().unwrap()),
        Err(LogoutError::Other { expected }.into())
    );
    let expected = "LogoutResponse";
    assert_eq!(
        Inbound::<LogoutResponse>::from_xml(&xml).unwrap_err(),
        LogoutError::Other { expected }.into()
    );
}
