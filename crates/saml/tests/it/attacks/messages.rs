//! Messages that are well signed but break a rule of SAML or of AWS. Most are signed by the
//! identity provider's own key, so that nothing but the rule can refuse them.

use jetway_saml::ParseError;

use crate::fixture::{
    VICTIM, assert_unparsable, doubly_signed,
    forge::signed_after,
    genuine, receive,
    text::{after, before, content, element, replaced, without},
};

/// The identity provider signed an assertion in which `old` became `new`.
#[track_caller]
fn issued_with(old: &str, new: &str) -> ParseError {
    assert_unparsable(&signed_after(|assertion| replaced(assertion, old, new)))
}

/// The identity provider signed an assertion that lacks `name`.
#[track_caller]
fn issued_without(name: &str) -> ParseError {
    assert_unparsable(&signed_after(|assertion| without(assertion, name)))
}

#[test]
fn the_genuine_response_these_attacks_start_from_is_accepted() {
    let xml = signed_after(str::to_owned);
    assert_eq!(receive(&xml).unwrap().assertion.name_id.value, VICTIM);
}

#[test]
fn another_saml_version_is_refused() {
    let element = "Assertion";
    assert_eq!(
        issued_with("Version=\"2.0\"", "Version=\"1.1\""),
        ParseError::Version { element }
    );
    assert_eq!(
        issued_with(" Version=\"2.0\"", ""),
        ParseError::Version { element }
    );
    let xml = replaced(&genuine(), "Version=\"2.0\"", "Version=\"3.0\"");
    assert_eq!(
        assert_unparsable(&xml),
        ParseError::Version {
            element: "Response"
        }
    );
}

#[test]
fn a_saml_1_response_is_refused() {
    let xml = genuine().replace(
        "urn:oasis:names:tc:SAML:2.0:protocol\"",
        "urn:oasis:names:tc:SAML:1.0:protocol\"",
    );
    assert_eq!(assert_unparsable(&xml), ParseError::NotAResponse);
}

#[test]
fn a_status_other_than_success_is_refused() {
    let code = "urn:oasis:names:tc:SAML:2.0:status:Responder";
    let xml = replaced(
        &genuine(),
        "urn:oasis:names:tc:SAML:2.0:status:Success",
        code,
    );
    assert_eq!(
        assert_unparsable(&xml),
        ParseError::Status {
            code: code.to_owned()
        }
    );
    assert_eq!(
        assert_unparsable(&without(&genuine(), "samlp:Status")),
        ParseError::Missing { what: "Status" }
    );
    let nested = format!(
        "<samlp:StatusCode Value=\"{code}\">{}</samlp:StatusCode>",
        element(&genuine(), "samlp:StatusCode")
    );
    let xml = replaced(&genuine(), element(&genuine(), "samlp:StatusCode"), &nested);
    assert_eq!(
        assert_unparsable(&xml),
        ParseError::Status {
            code: code.to_owned()
        }
    );
}

#[test]
fn extensions_in_the_response_are_refused() {
    let xml = before(
        &genuine(),
        "<samlp:Status>",
        "<samlp:Extensions></samlp:Extensions>",
    );
    assert_eq!(assert_unparsable(&xml), ParseError::Extensions);
}

#[test]
fn unknown_elements_in_the_response_are_refused() {
    let no_status = ParseError::Missing { what: "Status" };
    let unexpected = ParseError::Unexpected { place: "Response" };
    for (place, error) in [
        ("<saml:Issuer", &no_status),
        ("<samlp:Status>", &no_status),
        ("<saml:Assertion", &unexpected),
        ("</samlp:Response>", &unexpected),
    ] {
        let xml = before(&genuine(), place, "<x:y xmlns:x=\"urn:x\"></x:y>");
        assert_eq!(assert_unparsable(&xml), *error, "{place}");
    }
}

#[test]
fn text_between_elements_is_refused() {
    assert_unparsable(&before(&genuine(), "<samlp:Status>", "text"));
    assert_unparsable(&signed_after(|a| before(a, "<saml:Subject>", "text")));
}

#[test]
fn a_response_without_assertion_is_refused() {
    assert_eq!(
        assert_unparsable(&without(&genuine(), "saml:Assertion")),
        ParseError::NoAssertion
    );
}

#[test]
fn an_encrypted_assertion_is_refused_with_its_own_error() {
    let encrypted = "<saml:EncryptedAssertion xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\">\
                     <xenc:EncryptedData xmlns:xenc=\"http://www.w3.org/2001/04/xmlenc#\">junk</xenc:EncryptedData>\
                     </saml:EncryptedAssertion>";
    let element = "the assertion";
    let xml = replaced(
        &genuine(),
        crate::fixture::text::element(&genuine(), "saml:Assertion"),
        encrypted,
    );
    assert_eq!(assert_unparsable(&xml), ParseError::Encrypted { element });
    // Nor is it skipped beside a plain one.
    let xml = before(&genuine(), "</samlp:Response>", encrypted);
    assert_eq!(assert_unparsable(&xml), ParseError::Encrypted { element });
}

#[test]
fn encrypted_names_and_attributes_are_refused() {
    assert_eq!(
        assert_unparsable(&signed_after(|a| replaced(
            a,
            element(a, "saml:NameID"),
            "<saml:EncryptedID></saml:EncryptedID>"
        ))),
        ParseError::Encrypted {
            element: "the subject"
        }
    );
    assert_eq!(
        assert_unparsable(&signed_after(|a| replaced(
            a,
            element(a, "saml:Attribute"),
            "<saml:EncryptedAttribute></saml:EncryptedAttribute>"
        ))),
        ParseError::Encrypted {
            element: "an attribute"
        }
    );
}

#[test]
fn an_empty_name_is_refused() {
    for name in ["", " ", "\n", "\u{A0}"] {
        assert_eq!(
            assert_unparsable(&signed_after(|a| replaced(
                a,
                &format!(">{VICTIM}</saml:NameID>"),
                &format!(">{name}</saml:NameID>")
            ))),
            ParseError::InvalidValue { what: "NameID" }
        );
    }
}

#[test]
fn a_name_without_format_is_refused() {
    let format = " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"";
    assert_eq!(
        issued_with(format, ""),
        ParseError::Missing {
            what: "NameID/@Format"
        }
    );
}

#[test]
fn a_missing_subject_name_or_confirmation_is_refused() {
    assert_eq!(
        issued_without("saml:Subject"),
        ParseError::Missing { what: "Subject" }
    );
    assert_eq!(
        issued_without("saml:NameID"),
        ParseError::Missing { what: "NameID" }
    );
    assert_eq!(
        issued_without("saml:SubjectConfirmation"),
        ParseError::Missing {
            what: "SubjectConfirmation"
        }
    );
    assert_eq!(
        issued_without("saml:SubjectConfirmationData"),
        ParseError::Missing {
            what: "SubjectConfirmationData"
        }
    );
}

#[test]
fn single_things_that_occur_twice_are_refused() {
    for name in [
        "saml:Issuer",
        "saml:Subject",
        "saml:NameID",
        "saml:SubjectConfirmation",
        "saml:SubjectConfirmationData",
        "saml:Conditions",
        "saml:AuthnStatement",
        "saml:AuthnContext",
    ] {
        assert_unparsable(&signed_after(|a| {
            let twice = element(a, name).repeat(2);
            replaced(a, element(a, name), &twice)
        }));
    }
}

#[test]
fn elements_in_another_order_are_refused() {
    assert_unparsable(&signed_after(|a| {
        let conditions = element(a, "saml:Conditions").to_owned();
        before(
            &without(a, "saml:Conditions"),
            "<saml:Subject>",
            &conditions,
        )
    }));
}

#[test]
fn a_confirmation_that_is_not_bearer_is_refused() {
    assert_eq!(
        issued_with("cm:bearer", "cm:sender-vouches"),
        ParseError::InvalidValue {
            what: "SubjectConfirmation/@Method"
        }
    );
}

#[test]
fn a_missing_recipient_is_refused() {
    let what = "SubjectConfirmationData/@Recipient";
    let recipient = " Recipient=\"https://signin.aws.amazon.com/saml\"";
    assert_eq!(issued_with(recipient, ""), ParseError::Missing { what });
    assert_eq!(
        issued_with(recipient, " Recipient=\"\""),
        ParseError::Missing { what }
    );
}

#[test]
fn a_confirmation_without_end_is_refused() {
    let what = "SubjectConfirmationData/@NotOnOrAfter";
    let start = "<saml:SubjectConfirmationData NotOnOrAfter=\"2026-11-22T04:17:40Z\"";
    assert_eq!(
        issued_with(start, "<saml:SubjectConfirmationData"),
        ParseError::Missing { what }
    );
}

#[test]
fn missing_conditions_are_refused() {
    assert_eq!(
        issued_without("saml:Conditions"),
        ParseError::Missing { what: "Conditions" }
    );
}

#[test]
fn an_unknown_condition_is_refused() {
    let place = "Conditions";
    let unknown = "<x:Until xmlns:x=\"urn:x\"></x:Until></saml:Conditions>";
    assert_eq!(
        issued_with("</saml:Conditions>", unknown),
        ParseError::Unexpected { place }
    );
    let unknown = "<saml:Condition></saml:Condition></saml:Conditions>";
    assert_eq!(
        issued_with("</saml:Conditions>", unknown),
        ParseError::Unexpected { place }
    );
}

#[test]
fn an_empty_audience_restriction_is_refused() {
    assert_eq!(
        issued_without("saml:Audience"),
        ParseError::Missing { what: "Audience" }
    );
}

#[test]
fn times_in_any_other_form_are_refused() {
    for time in [
        "",
        "yesterday",
        "2026-11-22",
        "2026-11-22T04:12:40",
        "2026-11-22T04:12:40+01:00",
        "1795493560",
    ] {
        let xml = signed_after(|a| {
            let old = element(a, "saml:Conditions")
                .split('"')
                .nth(1)
                .unwrap()
                .to_owned();
            replaced(
                a,
                &format!("NotBefore=\"{old}\""),
                &format!("NotBefore=\"{time}\""),
            )
        });
        assert_eq!(
            assert_unparsable(&xml),
            ParseError::InvalidValue {
                what: "Conditions/@NotBefore"
            },
            "{time}"
        );
    }
}

#[test]
fn a_missing_issue_instant_is_refused() {
    let what = "Assertion/@IssueInstant";
    let instant = " IssueInstant=\"2026-11-22T04:12:40Z\"";
    assert_eq!(issued_with(instant, ""), ParseError::Missing { what });
}

#[test]
fn a_missing_authentication_statement_is_refused() {
    assert_eq!(
        issued_without("saml:AuthnStatement"),
        ParseError::Missing {
            what: "AuthnStatement"
        }
    );
}

#[test]
fn a_missing_or_empty_issuer_is_refused() {
    assert_eq!(
        issued_without("saml:Issuer"),
        ParseError::Missing { what: "Issuer" }
    );
    assert_eq!(
        assert_unparsable(&signed_after(|a| replaced(
            a,
            content(a, "saml:Issuer"),
            " "
        ))),
        ParseError::InvalidValue { what: "Issuer" }
    );
}

#[test]
fn a_missing_or_malformed_id_is_refused() {
    let what = "Assertion/@ID";
    let id = " ID=\"_a0123456789abcdef0123456789abcdef\"";
    assert_eq!(
        assert_unparsable(&replaced(&genuine(), id, "")),
        ParseError::Missing { what }
    );
    for bad in ["1a", "a:b", "a#b", "a)b"] {
        let xml = replaced(&genuine(), id, &format!(" ID=\"{bad}\""));
        assert_eq!(
            assert_unparsable(&xml),
            ParseError::InvalidValue { what },
            "{bad}"
        );
    }
}

#[test]
fn markup_in_an_attribute_value_is_refused() {
    let place = "AttributeValue";
    assert_eq!(
        issued_with("role/AcmeAdminRO,", "role/<saml:b>AcmeAdminRO</saml:b>,"),
        ParseError::Unexpected { place }
    );
}

#[test]
fn an_attribute_without_name_is_refused() {
    let name = " Name=\"https://aws.amazon.com/SAML/Attributes/Role\"";
    assert_eq!(
        issued_with(name, ""),
        ParseError::Missing {
            what: "Attribute/@Name"
        }
    );
}

#[test]
fn an_unknown_statement_is_refused() {
    let place = "Assertion";
    let statement = "<saml:Statement></saml:Statement></saml:Assertion>";
    assert_eq!(
        issued_with("</saml:Assertion>", statement),
        ParseError::Unexpected { place }
    );
}

#[test]
fn two_responses_in_one_document_are_refused() {
    assert_unparsable(&format!("{}{}", genuine(), doubly_signed()));
    assert_unparsable(&after(&genuine(), "</saml:Issuer>", &doubly_signed()));
}
