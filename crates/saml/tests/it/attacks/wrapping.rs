//! XML signature wrapping (Somorovsky et al., "On Breaking SAML", 2012) and its relatives. In all
//! of them a genuine signature is kept intact somewhere and another identity is shown elsewhere.

use jetway_saml::{ParseError, SignatureFault, VerifyError};

use crate::fixture::{
    ATTACKER, VICTIM, assert_refused, assert_unparsable, assert_unverified, doubly_signed, forge,
    forge::Wrapping,
    text::{before, content, element, replaced, without},
};

/// The response signature moved into a forged response around the original one.
fn wrapped_response(detached: bool) -> String {
    let original = doubly_signed();
    let signature = element(&original, "ds:Signature").to_owned();
    let bare = without(&original, "ds:Signature");
    let evil = without(&bare, "ds:Signature")
        .replace(VICTIM, ATTACKER)
        .replace("_r0", "_f0")
        .replace("_a0", "_e0");
    let carrier = if detached {
        format!("{bare}{signature}")
    } else {
        replaced(
            &signature,
            "</ds:Signature>",
            &format!("<ds:Object>{bare}</ds:Object></ds:Signature>"),
        )
    };
    before(&evil, "<samlp:Status>", &carrier)
}

#[test]
fn xsw1_the_original_response_inside_the_signature_of_a_forged_one_is_refused() {
    assert_unparsable(&wrapped_response(false));
}

#[test]
fn xsw2_the_original_response_beside_its_detached_signature_is_refused() {
    assert_unparsable(&wrapped_response(true));
}

#[test]
fn xsw3_a_forged_assertion_before_the_original_is_refused() {
    let w = Wrapping::new();
    let error = assert_unparsable(&w.with(&format!("{}{}", w.evil, w.assertion)));
    assert_eq!(error, ParseError::SeveralAssertions);
}

#[test]
fn xsw3_a_forged_assertion_after_the_original_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&format!("{}{}", w.assertion, w.evil)));
}

#[test]
fn xsw4_the_original_assertion_inside_a_forged_one_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&before(&w.evil, "</saml:Assertion>", &w.assertion)));
}

#[test]
fn xsw5_a_forged_assertion_with_the_signature_of_a_following_one_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&format!("{}{}", w.evil_with(&w.signature), w.bare)));
}

#[test]
fn xsw6_the_original_assertion_inside_the_signature_of_a_forged_one_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&w.evil_with(&w.signature_with(&w.bare))));
}

#[test]
fn xsw7_a_forged_assertion_in_extensions_is_refused() {
    let w = Wrapping::new();
    let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", w.evil);
    assert_unparsable(&before(&w.response, "<samlp:Status>", &extensions));
}

#[test]
fn xsw8_the_original_assertion_in_an_object_of_the_signature_is_refused() {
    let w = Wrapping::new();
    let object = format!("<ds:Object>{}</ds:Object>", w.bare);
    assert_unparsable(&w.with(&w.evil_with(&w.signature_with(&object))));
}

#[test]
fn a_forged_assertion_with_the_id_of_the_original_is_refused() {
    let w = Wrapping::new();
    let twin = w.bare.replace(VICTIM, ATTACKER);
    assert_unparsable(&w.with(&format!("{twin}{}", w.assertion)));
}

#[test]
fn a_forged_assertion_with_the_signature_of_the_original_is_refused() {
    let w = Wrapping::new();
    let error = assert_unverified(&w.with(&w.evil_with(&w.signature)));
    assert_eq!(error, VerifyError::BadSignature(SignatureFault::Reference));
}

#[test]
fn an_assertion_hidden_in_advice_is_refused() {
    let xml = forge::signed_after(|assertion| {
        let hidden = assertion.replace("_a0", "_e0").replace(VICTIM, ATTACKER);
        before(
            assertion,
            "<saml:AuthnStatement",
            &format!("<saml:Advice>{hidden}</saml:Advice>"),
        )
    });
    assert_eq!(assert_unparsable(&xml), ParseError::SeveralAssertions);
}

#[test]
fn the_original_assertion_in_subject_confirmation_data_is_refused() {
    let w = Wrapping::new();
    let evil = before(&w.evil, "</saml:SubjectConfirmationData>", &w.assertion);
    assert_unparsable(&w.with(&evil));
}

#[test]
fn an_assertion_in_a_foreign_wrapper_is_refused() {
    let w = Wrapping::new();
    let wrapper = format!("<x:Any xmlns:x=\"urn:x\">{}</x:Any>", w.assertion);
    assert_unparsable(&w.with(&wrapper));
    assert_unparsable(&w.with(&format!("{wrapper}{}", w.evil)));
}

#[test]
fn a_bare_assertion_without_a_response_is_refused() {
    assert_eq!(
        assert_unparsable(&Wrapping::new().assertion),
        ParseError::NotAResponse
    );
}

#[test]
fn a_response_in_a_soap_envelope_is_refused() {
    let w = Wrapping::new();
    let soap = "http://schemas.xmlsoap.org/soap/envelope/";
    let xml = format!(
        "<s:Envelope xmlns:s=\"{soap}\"><s:Body>{}</s:Body></s:Envelope>",
        w.response
    );
    assert_eq!(assert_unparsable(&xml), ParseError::NotAResponse);
}

#[test]
fn a_signature_hoisted_from_the_assertion_to_the_response_is_refused() {
    let w = Wrapping::new();
    let hoisted = before(&w.with(&w.bare), "<samlp:Status>", &w.signature);
    assert_eq!(assert_unverified(&hoisted), VerifyError::AssertionNotSigned);
}

#[test]
fn a_signature_at_the_end_of_the_assertion_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&before(&w.bare, "</saml:Assertion>", &w.signature)));
}

#[test]
fn a_signature_inside_the_subject_is_refused() {
    let w = Wrapping::new();
    assert_unparsable(&w.with(&before(&w.bare, "</saml:Subject>", &w.signature)));
}

#[test]
fn a_second_signature_in_the_assertion_is_refused() {
    let w = Wrapping::new();
    let twice = before(&w.assertion, "<saml:Subject>", &w.signature);
    assert_unparsable(&w.with(&twice));
}

#[test]
fn a_second_signature_somewhere_in_the_assertion_is_refused_even_when_signed() {
    let stray = Wrapping::new().signature;
    let xml = forge::signed_after(|assertion| {
        let advice = format!("<saml:Advice>{stray}</saml:Advice>");
        before(assertion, "<saml:AuthnStatement", &advice)
    });
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::Misplaced)
    );
}

#[test]
fn a_signature_over_something_else_is_refused() {
    // The signed element is an unrelated one with an ID; the assertion only carries the signature.
    let w = Wrapping::new();
    let other = "<x:Harmless xmlns:x=\"urn:x\" ID=\"_h1\"></x:Harmless>";
    let signature = crate::fixture::sign::Recipe::default().signature(other, "_h1");
    assert_refused(&w.with(&w.evil_with(&signature)));
    let status = format!("<samlp:StatusDetail>{other}</samlp:StatusDetail></samlp:Status>");
    let xml = replaced(
        &w.with(&w.evil_with(&signature)),
        "</samlp:Status>",
        &status,
    );
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::Reference)
    );
}

#[test]
fn saml_attributes_smuggled_into_key_info_are_refused() {
    let w = Wrapping::new();
    let smuggled = format!(
        "<saml:AttributeStatement>{}</saml:AttributeStatement></ds:KeyInfo>",
        element(&w.evil, "saml:Attribute")
    );
    let xml = w.with(&replaced(&w.assertion, "</ds:KeyInfo>", &smuggled));
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::Structure)
    );
}

#[test]
fn saml_attributes_smuggled_into_an_object_are_refused() {
    let w = Wrapping::new();
    let object = format!(
        "<ds:Object>{}</ds:Object>",
        element(&w.evil, "saml:AttributeStatement")
    );
    let signature = w.signature_with(&object);
    let xml = replaced(&w.response, &w.signature, &signature);
    assert_eq!(
        assert_unverified(&xml),
        VerifyError::BadSignature(SignatureFault::Structure)
    );
}

#[test]
fn saml_attributes_smuggled_into_the_status_are_refused() {
    let w = Wrapping::new();
    let detail = format!(
        "<samlp:StatusDetail>{}</samlp:StatusDetail></samlp:Status>",
        element(&w.evil, "saml:AttributeStatement")
    );
    assert_unparsable(&replaced(&w.response, "</samlp:Status>", &detail));
}

#[test]
fn an_empty_object_in_the_signature_is_refused() {
    let w = Wrapping::new();
    let xml = replaced(
        &w.response,
        &w.signature,
        &w.signature_with("<ds:Object></ds:Object>"),
    );
    assert_unverified(&xml);
}

#[test]
fn the_content_of_the_response_under_another_root_is_refused() {
    let content = forge::response_content();
    assert!(content.contains(content_of_name(&content)));
    let xml = format!(
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
         ID=\"_x\" IssueInstant=\"2026-11-22T04:12:40Z\" Version=\"2.0\">{content}</samlp:LogoutResponse>"
    );
    assert_eq!(assert_unparsable(&xml), ParseError::NotAResponse);
}

fn content_of_name(xml: &str) -> &str {
    content(xml, "saml:NameID")
}
