//! What the writer puts out, and what it refuses to write.

use jetway_saml::{IssueError, SignWhat};

use crate::fixture::{
    IDP, NOW, VICTIM, attribute, doubly_signed, genuine, idp, receive, response,
    text::{content, element},
};

/// Requirement J01.
#[test]
fn the_assertion_carries_everything_it_was_given() {
    let mut response = response();
    response.in_response_to = Some("_q1".to_owned());
    response.assertion.in_response_to = Some("_q1".to_owned());
    response.assertion.session_not_on_or_after = Some(NOW + time::Duration::hours(1));
    let signed = response.sign(&idp().signing, SignWhat::Assertion).unwrap();
    let received = receive(signed.as_xml()).unwrap();
    assert_eq!(received.id, response.id);
    assert_eq!(received.destination.as_ref(), Some(&response.destination));
    assert_eq!(received.in_response_to, response.in_response_to);
    let (sent, got) = (&response.assertion, &received.assertion);
    assert_eq!(got.id, sent.id);
    assert_eq!(got.issue_instant, sent.issue_instant);
    assert_eq!(got.issuer, sent.issuer);
    assert_eq!(got.name_id.format.as_ref(), Some(&sent.name_id.format));
    assert_eq!(got.name_id.value, sent.name_id.value);
    assert_eq!(got.recipient, sent.recipient);
    assert_eq!(got.in_response_to, sent.in_response_to);
    assert_eq!(
        got.confirmation_not_on_or_after,
        sent.confirmation_not_on_or_after
    );
    assert_eq!(got.conditions_not_before, Some(sent.not_before));
    assert_eq!(got.conditions_not_on_or_after, Some(sent.not_on_or_after));
    assert_eq!(got.audiences, [[sent.audience.clone()]]);
    assert_eq!(got.authn_instant, sent.authn_instant);
    assert_eq!(got.session_index.as_ref(), Some(&sent.session_index));
    assert_eq!(got.session_not_on_or_after, sent.session_not_on_or_after);
    assert_eq!(
        got.authn_context_class.as_ref(),
        Some(&sent.authn_context_class)
    );
    assert_eq!(got.attributes, sent.attributes);
}

#[test]
fn the_signature_follows_the_issuer_and_shows_the_certificate() {
    for xml in [genuine(), doubly_signed()] {
        let assertion = element(&xml, "saml:Assertion");
        assert!(assertion.contains(&format!("{IDP}</saml:Issuer><ds:Signature ")));
        let certificate = crate::fixture::text::base64(&idp().generated.certificate_der);
        assert_eq!(content(assertion, "ds:X509Certificate"), certificate);
        assert!(assertion.contains("xmldsig-more#rsa-sha256"));
    }
    assert_eq!(genuine().matches("<ds:Signature ").count(), 1);
    assert_eq!(doubly_signed().matches("<ds:Signature ").count(), 2);
}

/// Requirement J01.
#[test]
fn values_with_markup_cannot_add_elements() {
    let name = "\"><saml:AttributeValue>evil</saml:AttributeValue>&amp;'";
    let mut response = response();
    response.assertion.name_id.value = name.to_owned();
    response.assertion.attributes = vec![attribute(name, &[name, "]]>", "<!--", "&#x41;"])];
    let signed = response
        .sign(&idp().signing, SignWhat::AssertionAndResponse)
        .unwrap();
    let received = receive(signed.as_xml()).unwrap();
    assert_eq!(received.assertion.name_id.value, name);
    assert_eq!(received.assertion.attributes, response.assertion.attributes);
}

#[test]
fn characters_that_xml_cannot_carry_are_refused() {
    for (character, code) in [
        ('\0', 0),
        ('\u{8}', 8),
        ('\u{1F}', 0x1F),
        ('\u{FFFE}', 0xFFFE),
        ('\u{FFFF}', 0xFFFF),
    ] {
        let mut response = response();
        response.assertion.attributes = vec![attribute("a", &[&format!("x{character}y")])];
        let place = "saml:AttributeValue";
        assert_eq!(
            response
                .sign(&idp().signing, SignWhat::Assertion)
                .unwrap_err(),
            IssueError::IllegalCharacter { place, code }
        );
        response.assertion.attributes = vec![attribute(&format!("x{character}"), &[])];
        let place = "Name";
        assert_eq!(
            response
                .sign(&idp().signing, SignWhat::Assertion)
                .unwrap_err(),
            IssueError::IllegalCharacter { place, code }
        );
    }
}

#[test]
fn identifiers_that_are_no_xml_names_are_refused() {
    for id in ["", "1a", "a b", "a:b", "a\"", "é"] {
        let mut response = response();
        response.assertion.id = id.to_owned();
        assert!(matches!(
            response.sign(&idp().signing, SignWhat::Assertion),
            Err(IssueError::InvalidId {
                place: "Assertion/@ID"
            })
        ));
    }
    let mut response = response();
    response.id = response.assertion.id.clone();
    assert!(response.sign(&idp().signing, SignWhat::Assertion).is_err());
}

#[test]
fn an_empty_name_is_not_issued() {
    let mut response = response();
    response.assertion.name_id.value = " ".to_owned();
    assert_eq!(
        response.sign(&idp().signing, SignWhat::Assertion),
        Err(IssueError::Empty { place: "NameID" })
    );
}

#[test]
fn without_attributes_no_statement_is_written() {
    let mut response = response();
    response.assertion.attributes.clear();
    let signed = response.sign(&idp().signing, SignWhat::Assertion).unwrap();
    assert!(!signed.as_xml().contains("AttributeStatement"));
    assert!(receive(signed.as_xml()).is_ok());
}

#[test]
fn times_are_written_in_utc() {
    let mut response = response();
    let offset = time::UtcOffset::from_hms(5, 30, 0).unwrap();
    response.assertion.authn_instant = NOW.to_offset(offset);
    let signed = response.sign(&idp().signing, SignWhat::Assertion).unwrap();
    assert!(
        signed
            .as_xml()
            .contains("AuthnInstant=\"2026-11-22T04:12:40Z\"")
    );
    let received = receive(signed.as_xml()).unwrap();
    assert_eq!(received.assertion.name_id.value, VICTIM);
}
