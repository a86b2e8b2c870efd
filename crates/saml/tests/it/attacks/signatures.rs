//! Removed, replaced, truncated and doctored signatures.

use jetway_saml::{SignWhat, SignatureFault, VerifyError};

use crate::fixture::{
    ATTACKER, NOW, VICTIM, assert_refused, assert_unverified, doubly_signed, forge, genuine, idp,
    receive, receive_with, response,
    sign::{Key, Recipe},
    stranger,
    text::{after, base64, before, content, element, replaced, without},
};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;

fn bad(fault: SignatureFault) -> VerifyError {
    VerifyError::BadSignature(fault)
}

#[test]
fn a_response_without_any_signature_is_refused() {
    let stripped = without(&genuine(), "ds:Signature");
    assert_eq!(
        assert_unverified(&stripped),
        VerifyError::AssertionNotSigned
    );
}

#[test]
fn a_response_signed_only_as_a_whole_is_refused() {
    let both = doubly_signed();
    let assertion = element(&both, "saml:Assertion");
    let bare = replaced(&both, assertion, &without(assertion, "ds:Signature"));
    let canonical = without(&bare, "ds:Signature");
    let signature = Recipe::default().signature(&canonical, "_r0123456789abcdef0123456789abcdef");
    let xml = before(&canonical, "<samlp:Status>", &signature);
    assert_eq!(assert_unverified(&xml), VerifyError::AssertionNotSigned);
}

#[test]
fn a_response_signed_by_another_key_is_refused() {
    let xml = response()
        .sign(&stranger().signing, SignWhat::Assertion)
        .unwrap();
    assert_eq!(assert_unverified(xml.as_xml()), bad(SignatureFault::Value));
}

#[test]
fn a_response_without_trusted_keys_is_refused() {
    assert!(receive_with(&genuine(), &[]).is_err());
}

#[test]
fn a_signature_by_another_key_that_shows_the_trusted_certificate_is_refused() {
    let xml = response()
        .sign(&stranger().signing, SignWhat::Assertion)
        .unwrap();
    let shown = replaced(
        xml.as_xml(),
        content(xml.as_xml(), "ds:X509Certificate"),
        content(&genuine(), "ds:X509Certificate"),
    );
    assert_eq!(assert_unverified(&shown), bad(SignatureFault::Value));
}

#[test]
fn the_certificate_in_key_info_is_never_believed() {
    // Attacker's key and attacker's certificate, consistent with each other.
    let recipe = Recipe {
        key: Key::Rsa(stranger(), &RSA_PKCS1_SHA256),
        key_info: format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>",
            base64(&stranger().generated.certificate_der)
        ),
        ..Recipe::default()
    };
    let xml = forge::resigned(&forge::unsigned_assertion(), &recipe);
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Value));
}

#[test]
fn a_foreign_certificate_in_key_info_does_not_disturb_a_genuine_signature() {
    let xml = replaced(
        &genuine(),
        content(&genuine(), "ds:X509Certificate"),
        &base64(&stranger().generated.certificate_der),
    );
    assert!(receive(&xml).is_ok());
}

#[test]
fn a_response_with_a_wrong_second_signature_is_refused() {
    // The assertion is genuine; the response around it is signed by somebody else.
    let both = doubly_signed();
    let other = response()
        .sign(&stranger().signing, SignWhat::AssertionAndResponse)
        .unwrap();
    let xml = replaced(
        &both,
        element(&both, "ds:Signature"),
        element(other.as_xml(), "ds:Signature"),
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Value));
}

#[test]
fn a_changed_destination_under_a_signed_response_is_refused() {
    let xml = replaced(
        &doubly_signed(),
        "Destination=\"https://signin",
        "Destination=\"https://evil",
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_changed_name_is_refused() {
    let xml = genuine().replace(VICTIM, ATTACKER);
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_changed_role_is_refused() {
    let xml = replaced(&genuine(), "role/AcmeAdminRO", "role/Administrator");
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_changed_recipient_is_refused() {
    let xml = replaced(
        &genuine(),
        "Recipient=\"https://signin",
        "Recipient=\"https://evil",
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_prolonged_validity_is_refused() {
    let xml = genuine().replace("2026-11-22T04:17:40Z", "2036-11-22T04:17:40Z");
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn an_added_attribute_value_is_refused() {
    let xml = after(
        &genuine(),
        "</saml:AttributeValue>",
        "<saml:AttributeValue>more</saml:AttributeValue>",
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn added_white_space_in_the_signed_element_is_refused() {
    let xml = before(&genuine(), "<saml:Subject>", "\n");
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_digest_recomputed_for_changed_content_is_refused() {
    // The digest fits the forged content, but SignedInfo is no longer what was signed.
    let evil = forge::unsigned_assertion().replace(VICTIM, ATTACKER);
    let forged = forge::resigned(&evil, &Recipe::default());
    let xml = replaced(
        &forged,
        content(&forged, "ds:SignatureValue"),
        content(&genuine(), "ds:SignatureValue"),
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Value));
}

#[test]
fn a_comment_in_the_digest_value_is_refused() {
    // CVE-2025-29774/29775: which part of a divided text is compared?
    let genuine = genuine();
    let digest = content(&genuine, "ds:DigestValue");
    assert_refused(&replaced(
        &genuine,
        digest,
        &format!("AAAA<!--x-->{digest}"),
    ));
    assert_refused(&replaced(&genuine, digest, &format!("{digest}<!---->")));
}

#[test]
fn a_second_digest_value_is_refused() {
    let genuine = genuine();
    let value = element(&genuine, "ds:DigestValue");
    let xml = before(&genuine, value, "<ds:DigestValue>AAAA</ds:DigestValue>");
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Structure));
}

#[test]
fn a_second_signed_info_is_refused() {
    let genuine = genuine();
    let info = element(&genuine, "ds:SignedInfo");
    for xml in [before(&genuine, info, info), after(&genuine, info, info)] {
        assert_eq!(assert_unverified(&xml), bad(SignatureFault::Structure));
    }
}

#[test]
fn a_second_signature_value_is_refused() {
    let genuine = genuine();
    let value = element(&genuine, "ds:SignatureValue");
    assert_unverified(&after(&genuine, value, value));
}

#[test]
fn a_second_key_info_is_refused() {
    let genuine = genuine();
    let info = element(&genuine, "ds:KeyInfo");
    assert_unverified(&after(&genuine, info, info));
}

#[test]
fn an_empty_signature_value_is_refused() {
    let genuine = genuine();
    let xml = replaced(&genuine, content(&genuine, "ds:SignatureValue"), "");
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Encoding));
}

#[test]
fn a_truncated_signature_value_is_refused() {
    let genuine = genuine();
    let value = content(&genuine, "ds:SignatureValue");
    let xml = replaced(&genuine, value, &value[..value.len() / 2 / 4 * 4]);
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Value));
}

#[test]
fn a_signature_without_signed_info_is_refused() {
    assert_unverified(&without(&genuine(), "ds:SignedInfo"));
}

#[test]
fn an_empty_signature_is_refused() {
    let genuine = genuine();
    assert_unverified(&replaced(&genuine, content(&genuine, "ds:Signature"), ""));
}

#[test]
fn a_signature_in_another_namespace_does_not_count() {
    let xml = genuine().replace(
        "http://www.w3.org/2000/09/xmldsig#\"",
        "http://example.com/xmldsig#\"",
    );
    assert_refused(&xml);
}

#[test]
fn a_signature_over_nothing_is_refused() {
    // "Void canonicalization": the digest of the empty string, genuinely signed.
    let genuine = forge::unsigned_assertion();
    let signature = Recipe::default().signature("", "_a0123456789abcdef0123456789abcdef");
    let xml = forge::enclosed(&after(&genuine, "</saml:Issuer>", &signature));
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn a_signature_of_another_response_of_the_same_provider_is_refused() {
    let mut other = response();
    other.assertion.name_id.value = ATTACKER.to_owned();
    other.assertion.issue_instant = NOW - time::Duration::hours(1);
    let other = other.sign(&idp().signing, SignWhat::Assertion).unwrap();
    let xml = replaced(
        &genuine(),
        element(&genuine(), "ds:Signature"),
        element(other.as_xml(), "ds:Signature"),
    );
    assert_eq!(assert_unverified(&xml), bad(SignatureFault::Digest));
}

#[test]
fn text_between_the_parts_of_a_signature_is_refused() {
    assert_unverified(&before(&genuine(), "<ds:SignatureValue>", "x"));
}
