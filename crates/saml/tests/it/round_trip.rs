//! Whatever values go in come out again, and only those.

use std::sync::LazyLock;

use jetway_saml::{Attribute, IssueError, SignWhat, Unverified};
use proptest::prelude::*;

use crate::fixture::{
    assert_refused, doubly_signed, forge::Wrapping, genuine, idp, receive, response, text::element,
};

/// Text with everything XML treats specially, and now and then what it cannot carry.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        4 => prop::sample::select(vec!['<', '>', '&', '"', '\'', '\t', '\n', '\r', ' ', ']', '-', '!', '?', '/', ';', '#']),
        6 => prop::char::range('a', 'z'),
        2 => any::<char>(),
        1 => prop::sample::select(vec!['\u{85}', '\u{A0}', '\u{2028}', '\u{FFFD}', '\u{10FFFF}', 'é', '😀']),
    ];
    prop::collection::vec(character, 0..20).prop_map(String::from_iter)
}

fn attributes() -> impl Strategy<Value = Vec<Attribute>> {
    let attribute = (text(), prop::collection::vec(text(), 0..4))
        .prop_map(|(name, values)| Attribute { name, values });
    prop::collection::vec(attribute, 0..5)
}

fn is_xml(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, '\t' | '\n' | '\r') || (c >= ' ' && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn values_survive_signing_and_verification(
        name in text(),
        recipient in text(),
        attributes in attributes(),
        both in any::<bool>(),
    ) {
        let mut response = response();
        response.assertion.name_id.value = name;
        response.assertion.recipient = recipient;
        response.assertion.attributes = attributes;
        let what = if both { SignWhat::AssertionAndResponse } else { SignWhat::Assertion };
        let sent = &response.assertion;
        match response.sign(&idp().signing, what) {
            Ok(signed) => {
                let received = receive(signed.as_xml()).map_err(|r| TestCaseError::fail(format!("{r:?}: {}", signed.as_xml())))?;
                prop_assert_eq!(&received.assertion.name_id.value, &sent.name_id.value);
                prop_assert_eq!(&received.assertion.recipient, &sent.recipient);
                prop_assert_eq!(&received.assertion.attributes, &sent.attributes);
            }
            Err(IssueError::IllegalCharacter { .. }) => {
                let clean = is_xml(&sent.name_id.value)
                    && is_xml(&sent.recipient)
                    && sent.attributes.iter().all(|a| is_xml(&a.name) && a.values.iter().all(|v| is_xml(v)));
                prop_assert!(!clean);
            }
            Err(IssueError::Empty { .. }) => {}
            Err(other) => prop_assert!(false, "{other}"),
        }
    }

    #[test]
    fn a_changed_byte_never_changes_who_is_meant(position in any::<prop::sample::Index>(), replacement in any::<u8>()) {
        let mut bytes = genuine().into_bytes();
        let at = position.index(bytes.len());
        bytes[at] = replacement;
        if let Ok(xml) = String::from_utf8(bytes)
            && let Ok(received) = receive(&xml)
        {
            let original = receive(&genuine()).unwrap();
            prop_assert_eq!(&received.assertion, &original.assertion);
        }
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>(), splice in any::<prop::sample::Index>()) {
        prop_assert!(Unverified::from_base64(&text).is_err());
        let mut xml = genuine();
        let at = splice.index(xml.len());
        if xml.is_char_boundary(at) {
            xml.insert_str(at, &text);
            if let Ok(received) = receive(&xml) {
                let original = receive(&genuine()).unwrap();
                prop_assert_eq!(&received.assertion, &original.assertion);
            }
        }
    }
}

/// What an attacker might move around: pieces of a genuine and of a forged response.
fn pieces() -> Vec<String> {
    let names = [
        "saml:Assertion",
        "ds:Signature",
        "ds:SignedInfo",
        "ds:Reference",
        "ds:SignatureValue",
        "ds:KeyInfo",
        "saml:Issuer",
        "saml:Subject",
        "saml:NameID",
        "saml:SubjectConfirmationData",
        "saml:Conditions",
        "saml:AuthnStatement",
        "saml:AttributeStatement",
        "saml:AttributeValue",
        "samlp:Status",
    ];
    let w = Wrapping::new();
    let mut pieces: Vec<_> = [doubly_signed(), w.with(&w.evil_with(&w.signature))]
        .iter()
        .flat_map(|xml| names.map(|name| element(xml, name).to_owned()))
        .collect();
    pieces.extend([w.evil, w.bare, w.assertion, genuine(), doubly_signed()]);
    pieces.extend(
        [
            "<ds:Object>",
            "</ds:Object>",
            "<saml:Advice>",
            "</saml:Advice>",
            "<samlp:Extensions>",
        ]
        .map(str::to_owned),
    );
    pieces
}

fn moves() -> impl Strategy<Value = Vec<(prop::sample::Index, prop::sample::Index, u8)>> {
    let step = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..3_u8,
    );
    prop::collection::vec(step, 1..4)
}

/// Inserts, replaces or removes pieces at the borders of elements.
fn rearranged(
    mut xml: String,
    moves: &[(prop::sample::Index, prop::sample::Index, u8)],
    pieces: &[String],
) -> String {
    for (place, piece, what) in moves {
        let piece = piece.get(pieces);
        let borders: Vec<_> = xml.match_indices('<').map(|(at, _)| at).collect();
        let at = *place.get(&borders);
        match what {
            0 => xml.insert_str(at, piece),
            1 => xml = xml.replacen(piece.as_str(), "", 1),
            _ => {
                let end = xml[at..].find('>').map_or(xml.len(), |end| at + end + 1);
                xml.replace_range(at..end, piece);
            }
        }
        if xml.is_empty() {
            xml.push('<');
        }
    }
    xml
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn rearranged_elements_never_show_another_identity(moves in moves(), both in any::<bool>()) {
        static PIECES: LazyLock<Vec<String>> = LazyLock::new(pieces);
        let start = if both { doubly_signed() } else { genuine() };
        let xml = rearranged(start, &moves, &PIECES);
        if let Ok(received) = receive(&xml) {
            let original = receive(&genuine()).unwrap();
            prop_assert_eq!(&received.assertion, &original.assertion, "{}", xml);
        }
    }
}

#[test]
fn a_response_cut_anywhere_is_refused() {
    let xml = genuine();
    for length in 0..xml.len() {
        assert_refused(&xml[..length]);
    }
}
