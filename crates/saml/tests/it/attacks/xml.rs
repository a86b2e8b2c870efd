//! Attacks on the XML layer: entities, encodings, sizes, and tricks with names and text.

use std::fmt::Write as _;

use jetway_saml::{ParseError, Unverified, XmlFault};

use crate::fixture::{
    ATTACKER, VICTIM, assert_refused, assert_unparsable, forge, genuine, receive,
    text::{after, base64, before, content, element, replaced},
};

fn xml_fault(xml: &str) -> XmlFault {
    match assert_unparsable(xml) {
        ParseError::Xml(fault) => fault,
        other => panic!("{other}"),
    }
}

#[test]
fn a_comment_in_the_name_is_refused() {
    // CVE-2017-11427 and others: `victim<!---->.evil` read as `victim` by some, dropped by c14n.
    let (user, domain) = VICTIM.split_once('@').unwrap();
    let xml = genuine().replace(VICTIM, &format!("{user}<!--x-->@{domain}"));
    assert_eq!(xml_fault(&xml), XmlFault::Comment);
}

#[test]
fn a_comment_anywhere_in_the_message_is_refused() {
    for mark in [
        "<samlp:Response",
        "<samlp:Status>",
        "<saml:Subject>",
        "<ds:SignedInfo>",
    ] {
        assert_eq!(
            xml_fault(&before(&genuine(), mark, "<!---->")),
            XmlFault::Comment
        );
    }
}

#[test]
fn cdata_in_the_name_is_refused() {
    let xml = genuine().replace(VICTIM, &format!("<![CDATA[{VICTIM}]]>"));
    assert_eq!(xml_fault(&xml), XmlFault::CData);
    let divided = genuine().replace(VICTIM, &format!("<![CDATA[]]>{VICTIM}"));
    assert_eq!(xml_fault(&divided), XmlFault::CData);
}

#[test]
fn a_processing_instruction_in_the_name_is_refused() {
    let (user, domain) = VICTIM.split_once('@').unwrap();
    let xml = genuine().replace(VICTIM, &format!("{user}<?x y?>@{domain}"));
    assert_eq!(xml_fault(&xml), XmlFault::ProcessingInstruction);
}

#[test]
fn an_element_in_the_name_is_refused() {
    let xml = forge::signed_after(|assertion| {
        replaced(assertion, VICTIM, &format!("<saml:x>{VICTIM}</saml:x>"))
    });
    assert_eq!(
        assert_unparsable(&xml),
        ParseError::Unexpected { place: "NameID" }
    );
}

#[test]
fn a_document_type_declaration_is_refused() {
    assert_eq!(
        xml_fault(&format!("<!DOCTYPE Response>{}", genuine())),
        XmlFault::Doctype
    );
}

#[test]
fn an_internal_entity_is_refused() {
    let xml = format!(
        "<!DOCTYPE r [<!ENTITY who \"{ATTACKER}\">]>{}",
        genuine().replace(VICTIM, "&who;")
    );
    assert_refused(&xml);
}

#[test]
fn an_external_entity_is_refused() {
    for target in ["file:///etc/passwd", "http://127.0.0.1:9/x"] {
        let xml = format!(
            "<!DOCTYPE r [<!ENTITY who SYSTEM \"{target}\">]>{}",
            genuine().replace(VICTIM, "&who;")
        );
        assert_refused(&xml);
    }
}

#[test]
fn an_external_subset_and_parameter_entities_are_refused() {
    for subset in [
        "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\">",
        "<!DOCTYPE r [<!ENTITY % x SYSTEM \"http://127.0.0.1:9/x\"> %x;]>",
        "<!DOCTYPE r [<!ATTLIST saml:NameID Format CDATA \"urn:x\">]>",
        "<!DOCTYPE r [<!ATTLIST saml:Assertion ID ID #IMPLIED>]>",
    ] {
        assert_eq!(
            xml_fault(&format!("{subset}{}", genuine())),
            XmlFault::Doctype
        );
    }
}

#[test]
fn billion_laughs_is_refused() {
    let mut subset = String::from("<!DOCTYPE r [<!ENTITY l0 \"lol\">");
    for level in 1..10 {
        let inner = format!("&l{};", level - 1).repeat(10);
        write!(subset, "<!ENTITY l{level} \"{inner}\">").unwrap();
    }
    let xml = format!("{subset}]>{}", genuine().replace(VICTIM, "&l9;"));
    assert_refused(&xml);
}

#[test]
fn an_undeclared_entity_is_refused() {
    assert!(matches!(
        xml_fault(&genuine().replace(VICTIM, "&who;")),
        XmlFault::Malformed(_)
    ));
}

#[test]
fn references_to_impossible_characters_are_refused() {
    for reference in [
        "&#0;",
        "&#x1;",
        "&#xD800;",
        "&#xFFFE;",
        "&#x110000;",
        "&#-1;",
        "&#+65;",
        "&#x;",
        "&",
    ] {
        let xml = genuine().replace(VICTIM, &format!("{VICTIM}{reference}"));
        assert!(
            matches!(xml_fault(&xml), XmlFault::Malformed(_)),
            "{reference}"
        );
    }
}

#[test]
fn raw_control_characters_are_refused() {
    for character in ['\0', '\u{1}', '\u{8}', '\u{1F}', '\u{FFFF}'] {
        assert_unparsable(&genuine().replace(VICTIM, &format!("{VICTIM}{character}")));
    }
}

#[test]
fn an_id_twice_is_refused() {
    let xml = forge::signed_after(|assertion| {
        let advice = "<saml:Advice><x:y xmlns:x=\"urn:x\" ID=\"_a0123456789abcdef0123456789abcdef\"></x:y></saml:Advice>";
        before(assertion, "<saml:AuthnStatement", advice)
    });
    assert!(matches!(xml_fault(&xml), XmlFault::DuplicateId(_)));
}

#[test]
fn ids_that_differ_only_in_case_are_refused() {
    for name in ["ID", "Id", "id", "iD"] {
        let xml = forge::signed_after(|assertion| {
            let advice = format!(
                "<saml:Advice><x:y xmlns:x=\"urn:x\" {name}=\"_A0123456789ABCDEF0123456789abcdef\"></x:y></saml:Advice>"
            );
            before(assertion, "<saml:AuthnStatement", &advice)
        });
        assert!(
            matches!(xml_fault(&xml), XmlFault::DuplicateId(_)),
            "{name}"
        );
    }
}

#[test]
fn response_and_assertion_with_the_same_id_are_refused() {
    let xml = genuine().replace("_r0123456789", "_a0123456789");
    assert!(matches!(xml_fault(&xml), XmlFault::DuplicateId(_)));
}

#[test]
fn an_id_attribute_in_a_namespace_is_refused() {
    // "The Fragile Lock": a lookup by local name finds the wrong one of two.
    for declared in [
        "xmlns:x=\"urn:x\" x:ID=\"_z\"",
        "xml:id=\"_z\"",
        "xmlns:x=\"urn:x\" x:id=\"_z\"",
    ] {
        let xml = replaced(
            &genuine(),
            "<saml:Assertion ",
            &format!("<saml:Assertion {declared} "),
        );
        assert_eq!(xml_fault(&xml), XmlFault::NamespacedId, "{declared}");
    }
}

#[test]
fn ids_with_white_space_are_refused() {
    let xml = replaced(&genuine(), " ID=\"_a0123", " ID=\" _a0123");
    assert!(matches!(xml_fault(&xml), XmlFault::InvalidId(_)));
}

#[test]
fn relative_namespace_names_are_refused() {
    for declaration in [
        "xmlns:x=\"relative\"",
        "xmlns:x=\"../up\"",
        "xmlns:x=\"//host/x\"",
        "xmlns:x=\"1:2\"",
    ] {
        let xml = replaced(
            &genuine(),
            "<saml:Subject>",
            &format!("<saml:Subject {declaration}>"),
        );
        assert!(
            matches!(xml_fault(&xml), XmlFault::RelativeNamespace(_)),
            "{declaration}"
        );
    }
}

#[test]
fn names_that_the_parser_would_misread_are_refused() {
    for tag in [
        // Taken for a declaration of the default namespace, and so dropped from the attributes.
        "<saml:Subject saml:xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">",
        "<saml:Subject saml:xmlns =\"urn:x\">",
        "<saml:Subject xmlns=\"urn:x\" xmlns=\"urn:y\">",
        "<saml:Subject :a=\"x\">",
        "<saml:Subject xmlns:x=\"\">",
        "<saml:Subject a=\"1\" a=\"2\">",
        "<saml:Subject xmlns:a=\"urn:a\" xmlns:b=\"urn:a\" a:z=\"1\" b:z=\"2\">",
        "<saml:Subject a:b:c=\"x\">",
        "<saml:Subject unknown:a=\"x\">",
        "<saml:Subject a=\"<\">",
        "<saml:Subject a=x>",
        "<saml:Subject a=\"1\"b=\"2\">",
    ] {
        assert_unparsable(&replaced(&genuine(), "<saml:Subject>", tag));
    }
    assert_unparsable(&forge::signed_after(|assertion| {
        before(assertion, "<saml:AuthnStatement", "<:Advice></:Advice>")
    }));
}

#[test]
fn text_that_is_not_well_formed_is_refused() {
    let genuine = genuine();
    for xml in [
        String::new(),
        "   ".to_owned(),
        "not xml".to_owned(),
        genuine[..genuine.len() - 1].to_owned(),
        format!("{genuine}<x/>"),
        format!("{genuine}x"),
        replaced(&genuine, "</saml:Subject>", "</saml:subject>"),
        replaced(&genuine, "</saml:NameID>", "]]></saml:NameID>"),
        format!(" <?xml version=\"1.0\"?>{genuine}"),
        format!("<?xml version=\"1.0\"?><?xml version=\"1.0\"?>{genuine}"),
    ] {
        assert_unparsable(&xml);
    }
}

#[test]
fn other_xml_versions_and_encodings_are_refused() {
    for declaration in [
        "<?xml version=\"1.1\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?>",
        "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        "<?xml version=\"1.0\" encoding=\"UTF-7\"?>",
        "<?xml encoding=\"UTF-8\"?>",
        "<?xml version=\"1.0\"",
    ] {
        assert_eq!(
            xml_fault(&format!("{declaration}{}", genuine())),
            XmlFault::Declaration,
            "{declaration}"
        );
    }
}

#[test]
fn utf_16_and_other_bytes_are_refused() {
    let parse = |bytes: &[u8]| {
        Unverified::from_base64(&base64(bytes))
            .map(|_| ())
            .unwrap_err()
    };
    let little: Vec<u8> = std::iter::once(0xFEFF)
        .chain(genuine().encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(parse(&little), ParseError::NotUtf8);
    let big: Vec<u8> = genuine()
        .encode_utf16()
        .flat_map(u16::to_be_bytes)
        .collect();
    assert!(matches!(
        parse(&big),
        ParseError::Xml(_) | ParseError::NotUtf8
    ));
    let latin1 = genuine()
        .replace(VICTIM, "r\u{FC}nner")
        .replace('\u{FC}', "\u{1}");
    let latin1: Vec<u8> = latin1
        .bytes()
        .map(|b| if b == 1 { 0xFC } else { b })
        .collect();
    assert_eq!(parse(&latin1), ParseError::NotUtf8);
    let overlong: Vec<u8> = [&[0xC0, 0xBC], genuine().as_bytes()].concat();
    assert_eq!(parse(&overlong), ParseError::NotUtf8);
    let seven = "+ADw-samlp:Response+AD4-";
    assert!(matches!(parse(seven.as_bytes()), ParseError::Xml(_)));
}

#[test]
fn broken_base64_is_refused() {
    let good = base64(genuine());
    for bad in [
        &good[..good.len() - 1],
        &good[..good.len() - 3],
        &good[1..],
        &format!("{good}="),
        &format!("{good}===="),
        &good.replace('P', "%50"),
        &good.replacen('P', "-", 1),
        "",
        "====",
        "<samlp:Response/>",
    ] {
        assert!(Unverified::from_base64(bad).is_err());
    }
}

#[test]
fn truncated_base64_is_refused() {
    let good = base64(genuine());
    for length in (0..good.len())
        .step_by(4)
        .chain(good.len() - 20..good.len())
    {
        assert!(
            Unverified::from_base64(&good[..length]).is_err(),
            "{length}"
        );
    }
}

#[test]
fn more_base64_than_sts_takes_is_refused_before_decoding() {
    let error = Unverified::from_base64(&"A".repeat(100_001)).unwrap_err();
    assert_eq!(
        error,
        ParseError::TooLong {
            length: 100_001,
            limit: 100_000
        }
    );
    let error = Unverified::from_base64(&"A".repeat(20_000_000)).unwrap_err();
    assert!(matches!(error, ParseError::TooLong { .. }));
}

#[test]
fn more_xml_than_256_kib_is_refused() {
    let filler = " ".repeat(256 * 1024);
    let xml = before(&genuine(), "</samlp:Response>", &filler);
    assert!(matches!(xml_fault(&xml), XmlFault::TooLarge { .. }));
}

#[test]
fn deep_nesting_is_refused() {
    for depth in [24, 1_000, 30_000] {
        let nested = format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        let xml = before(&genuine(), "<samlp:Status>", &nested);
        assert_eq!(xml_fault(&xml), XmlFault::TooDeep { limit: 24 });
    }
}

#[test]
fn many_attributes_are_refused() {
    let numbered =
        |attribute: fn(usize) -> String| (0..33).map(attribute).collect::<Vec<_>>().concat();
    let many = numbered(|n| format!(" a{n}=\"\""));
    let xml = replaced(
        &genuine(),
        "<saml:Subject>",
        &format!("<saml:Subject{many}>"),
    );
    assert_eq!(xml_fault(&xml), XmlFault::TooManyAttributes { limit: 32 });
    let declarations = numbered(|n| format!(" xmlns:a{n}=\"urn:a\""));
    let xml = replaced(
        &genuine(),
        "<saml:Subject>",
        &format!("<saml:Subject{declarations}>"),
    );
    assert_eq!(xml_fault(&xml), XmlFault::TooManyAttributes { limit: 32 });
}

#[test]
fn many_namespaces_in_scope_are_refused() {
    let level = |level: usize| {
        let declared = (0..30).map(|n| format!(" xmlns:p{level}x{n}=\"urn:a\""));
        format!("<a{}>", declared.collect::<Vec<_>>().concat())
    };
    let nested = format!("{}{}{}</a></a></a>", level(0), level(1), level(2));
    let xml = before(&genuine(), "<samlp:Status>", &nested);
    assert_eq!(xml_fault(&xml), XmlFault::TooManyNamespaces { limit: 64 });
}

#[test]
fn many_elements_are_refused() {
    let xml = before(&genuine(), "<samlp:Status>", &"<a/>".repeat(10_001));
    assert_eq!(xml_fault(&xml), XmlFault::TooManyNodes { limit: 10_000 });
}

#[test]
fn a_canonical_form_that_explodes_is_refused() {
    // One long namespace name, redeclared in canonical form by each of many siblings.
    let uri = format!("urn:{}", "x".repeat(100_000));
    let siblings = "<x:y/>".repeat(5_000);
    let xml = replaced(
        &genuine(),
        "<samlp:Response ",
        &format!("<samlp:Response xmlns:x=\"{uri}\" "),
    );
    let advice = format!("<saml:Advice>{siblings}</saml:Advice>");
    let xml = before(&xml, "<saml:AuthnStatement", &advice);
    assert_refused(&xml);
}

#[test]
fn xinclude_is_not_followed() {
    let include = "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\" parse=\"text\"/>";
    for place in [VICTIM, content(&genuine(), "saml:AttributeValue")] {
        assert_unparsable(&genuine().replace(place, include));
    }
    assert_unparsable(&before(&genuine(), "<samlp:Status>", include));
}

#[test]
fn a_schema_location_is_ignored() {
    let location = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"urn:oasis:names:tc:SAML:2.0:protocol http://127.0.0.1:9/x.xsd\"";
    let xml = replaced(
        &genuine(),
        "<samlp:Response ",
        &format!("<samlp:Response {location} "),
    );
    assert_eq!(receive(&xml).unwrap().assertion.name_id.value, VICTIM);
}

#[test]
fn a_byte_order_mark_in_the_middle_is_refused() {
    assert_unparsable(&after(
        &genuine(),
        element(&genuine(), "samlp:Status"),
        "\u{FEFF}",
    ));
}

#[test]
fn letter_case_of_element_names_counts() {
    for (old, new) in [
        ("saml:Assertion", "saml:assertion"),
        ("saml:NameID", "saml:NameId"),
    ] {
        assert_unparsable(&genuine().replace(old, new));
    }
}
