//! Reading one's own assertion without judging it.

use jetway_saml::{
    ATTRIBUTE_ROLE, NAMEID_EMAIL, ParseError, RolePair,
    inspect::{InspectedSignatures, inspect_base64, inspect_xml},
};

use crate::fixture::{
    ACS, IDP, NOW, VICTIM, genuine, response,
    text::{base64, element, replaced, without},
};

/// Requirement J14.
#[test]
fn roles_destination_and_end_are_read() {
    let inspected = inspect_base64(&base64(genuine())).unwrap();
    assert_eq!(inspected.destination.as_deref(), Some(ACS));
    assert_eq!(inspected.recipient.as_deref(), Some(ACS));
    assert_eq!(
        inspected.not_on_or_after,
        Some(NOW + time::Duration::minutes(5))
    );
    assert_eq!(inspected.attributes, response().assertion.attributes);
    let roles: Vec<_> = inspected
        .values(ATTRIBUTE_ROLE)
        .map(|value| RolePair::parse(value).unwrap().role_arn)
        .collect();
    assert_eq!(
        roles,
        [
            "arn:aws:iam::012345678987:role/AcmeAdminRO",
            "arn:aws:iam::012345678987:role/AcmeAdmin"
        ]
    );
}

#[test]
fn prefixes_signatures_and_comments_do_not_matter() {
    let plain = inspect_base64(&base64(genuine())).unwrap();
    let unsigned = without(&genuine(), "ds:Signature");
    for xml in [
        unsigned.clone(),
        genuine()
            .replace("saml:", "s2:")
            .replace("xmlns:saml=", "xmlns:s2="),
        genuine().replace(VICTIM, &VICTIM.replace('@', "<!-- at -->@")),
        genuine().replace(VICTIM, &format!("<![CDATA[{VICTIM}]]>")),
        format!("<?xml version=\"1.0\"?>\n<!-- x -->{}", genuine()),
    ] {
        let mut inspected = inspect_base64(&base64(xml)).unwrap();
        inspected.signed = plain.signed.clone();
        assert_eq!(inspected, plain);
    }
}

#[test]
fn what_a_diagnosis_needs_is_read() {
    let inspected = inspect_xml(&genuine()).unwrap();
    assert_eq!(inspected, inspect_base64(&base64(genuine())).unwrap());
    assert_eq!(inspected.issuer.as_deref(), Some(IDP));
    assert_eq!(inspected.audiences, [response().assertion.audience]);
    let name_id = inspected.name_id.unwrap();
    assert_eq!(name_id.value, VICTIM);
    assert_eq!(name_id.format.as_deref(), Some(NAMEID_EMAIL));
    assert_eq!(inspected.times.issue_instant, Some(NOW));
    let soon = Some(NOW + time::Duration::minutes(5));
    assert_eq!(inspected.times.confirmation_end, soon);
    assert_eq!(inspected.times.conditions_end, soon);
    let counts = inspected.counts;
    assert_eq!((counts.assertions, counts.conditions), (1, 1));
    assert_eq!((counts.confirmations, counts.authn_statements), (1, 1));
}

#[test]
fn signatures_are_seen_where_they_stand() {
    assert!(inspect_xml(&genuine()).unwrap().signed.assertion);
    let unsigned = inspect_xml(&without(&genuine(), "ds:Signature")).unwrap();
    assert_eq!(unsigned.signed, InspectedSignatures::default());
}

#[test]
fn line_breaks_and_missing_padding_are_tolerated() {
    let text = base64(format!("{} ", genuine()));
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect();
    let broken = lines.join("\r\n");
    assert!(inspect_base64(&broken).is_ok());
    assert!(inspect_base64(text.trim_end_matches('=')).is_ok());
}

#[test]
fn an_encrypted_assertion_is_named_as_the_reason() {
    let xml = replaced(
        &genuine(),
        element(&genuine(), "saml:Assertion"),
        "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>",
    );
    let error = inspect_base64(&base64(xml)).unwrap_err();
    assert!(error.to_string().contains("encrypted"), "{error}");
}

#[test]
fn what_is_no_response_is_refused() {
    assert_eq!(inspect_base64("!"), Err(ParseError::NotBase64));
    assert_eq!(
        inspect_base64(&base64("<html></html>")),
        Err(ParseError::NotAResponse)
    );
    let empty = without(&genuine(), "saml:Assertion");
    assert_eq!(inspect_base64(&base64(empty)), Err(ParseError::NoAssertion));
    assert!(inspect_base64(&base64(format!("<!DOCTYPE x>{}", genuine()))).is_err());
    assert!(inspect_base64(&"A".repeat(200_000)).is_err());
}
