//! What holds for every input.

use jetway_iam::{
    DocumentKind, PolicyDocument, PolicySet, Request, RequestContext, Wildcard, context_keys,
    evaluate,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::named;

const KINDS: [DocumentKind; 5] = [
    DocumentKind::Identity,
    DocumentKind::Managed,
    DocumentKind::Trust,
    DocumentKind::Session,
    DocumentKind::Resource,
];

/// The definition of a wildcard match, with nothing clever in it.
fn naive(pattern: &[u16], text: &[u16]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((&0x2A, rest)) => (0..=text.len()).any(|skip| naive(rest, &text[skip..])),
        Some((&0x3F, rest)) => !text.is_empty() && naive(rest, &text[1..]),
        Some((unit, rest)) => text.first() == Some(unit) && naive(rest, &text[1..]),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let word = prop_oneof![
        Just("Allow".to_owned()),
        Just("Deny".to_owned()),
        Just("*".to_owned()),
        Just("2012-10-17".to_owned()),
        Just("s3:Get*".to_owned()),
        Just("arn:aws:s3:::b/${aws:username, 'x'}/*".to_owned()),
        Just("sts:AssumeRole".to_owned()),
        "\\PC{0,12}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<f64>().prop_map(|number| json!(number)),
        word.clone().prop_map(Value::String),
    ];
    let name = prop_oneof![
        Just("Version".to_owned()),
        Just("Statement".to_owned()),
        Just("Effect".to_owned()),
        Just("Action".to_owned()),
        Just("Resource".to_owned()),
        Just("Principal".to_owned()),
        Just("AWS".to_owned()),
        Just("Condition".to_owned()),
        Just("StringLike".to_owned()),
        Just("DateLessThan".to_owned()),
        Just("ForAnyValue:IpAddressIfExists".to_owned()),
        word,
    ];
    leaf.prop_recursive(6, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((name.clone(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A document of the right shape around arbitrary texts.
fn any_document() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[a-z:*?${}', ]{0,16}",
        "\\PC{0,12}",
        "arn:aws:[a-z0-9:*?/]{0,20}"
    ];
    let operator = prop::sample::select(vec![
        "StringEquals",
        "StringNotLike",
        "StringEqualsIgnoreCase",
        "NumericLessThan",
        "DateNotEquals",
        "Bool",
        "IpAddress",
        "ArnNotLike",
        "BinaryEquals",
        "Null",
        "ForAllValues:StringLikeIfExists",
    ]);
    (text.clone(), operator, text.clone(), text).prop_map(|(resource, operator, key, value)| {
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*",
             "Condition": {operator: {key.clone(): value.clone()}}},
            {"Effect": "Deny", "Action": "s3:*", "NotResource": ["arn:aws:s3:::".to_owned() + &resource],
             "Condition": {operator: {key: [value, "x"]}}},
        ]})
        .to_string()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn wildcards_match_as_their_definition_says(
        pattern in "[abü🛫*?]{0,9}",
        text in "[abü🛫]{0,12}",
    ) {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let expected = naive(&units(&pattern), &units(&text));
        prop_assert_eq!(Wildcard::new(&pattern).matches(&text), expected);
    }

    #[test]
    fn ascii_wildcards_match_as_their_definition_says(
        pattern in "[ab*?]{0,12}",
        text in "[ab]{0,16}",
    ) {
        let units = |text: &str| text.encode_utf16().collect::<Vec<_>>();
        let expected = naive(&units(&pattern), &units(&text));
        prop_assert_eq!(Wildcard::new(&pattern).matches(&text), expected);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,64}") {
        for kind in KINDS {
            let _ = PolicyDocument::parse(&text, kind);
        }
    }

    #[test]
    fn no_json_makes_the_parser_panic(json in any_json()) {
        for kind in KINDS {
            let _ = PolicyDocument::parse(&json.to_string(), kind);
            let statement = json!({"Version": "2012-10-17", "Statement": json});
            let _ = PolicyDocument::parse(&statement.to_string(), kind);
        }
    }

    #[test]
    fn no_accepted_document_makes_the_evaluation_panic(
        document in any_document(),
        key in "[a-z:]{0,4}",
        value in "\\PC{0,12}",
    ) {
        let Ok(document) = PolicyDocument::parse(&document, DocumentKind::Session) else {
            return Ok(());
        };
        let mut context = RequestContext::new();
        context.set(key, value.clone());
        for name in context_keys(&document) {
            context.set(name, value.clone());
        }
        let set = PolicySet { identity: vec![named(&document)], ..PolicySet::default() };
        let resource = format!("arn:aws:s3:::{value}");
        for request in [("s3:GetObject", resource.as_str()), (value.as_str(), "*")] {
            let (action, resource) = request;
            evaluate(&set, &Request { action, resource, context: &context });
        }
    }
}
