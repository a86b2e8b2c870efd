//! What holds for every input.

use jetway_scim::{
    AWS, AttributePath, Filter, Literal, Operator, Patch, PatchPath, RFC, ResourceKind,
    read_resource,
};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{group, patched, user};

fn path() -> impl Strategy<Value = AttributePath> {
    let schema = prop::option::of(Just(
        "urn:ietf:params:scim:schemas:core:2.0:User".to_owned(),
    ));
    (
        schema,
        "[a-zA-Z][a-zA-Z0-9_-]{0,6}",
        prop::option::of("[a-z$]?[a-z]{1,5}"),
    )
        .prop_filter_map("a whole path", |(schema, name, sub)| {
            let path = AttributePath { schema, name, sub };
            (!path.name.eq_ignore_ascii_case("not")).then_some(path)
        })
}

fn comparison() -> impl Strategy<Value = Filter> {
    let text = ".{0,8}".prop_map(Literal::Text);
    let any_literal = prop_oneof![
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Bool),
        any::<i64>().prop_map(|number| Literal::Number(number.into())),
        text.clone(),
    ];
    prop_oneof![
        path().prop_map(Filter::Present),
        (
            path(),
            prop_oneof![Just(Operator::Eq), Just(Operator::Ne)],
            any_literal
        )
            .prop_map(|(path, operator, literal)| Filter::Compare(path, operator, literal)),
        (
            path(),
            prop_oneof![Just(Operator::Co), Just(Operator::Ge)],
            text
        )
            .prop_map(|(path, operator, literal)| Filter::Compare(path, operator, literal)),
    ]
}

fn filter() -> impl Strategy<Value = Filter> {
    let in_brackets = (path(), comparison()).prop_map(|(mut path, inner)| {
        path.sub = None;
        Filter::ValuePath(path, Box::new(inner))
    });
    prop_oneof![comparison(), in_brackets].prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Filter::Or),
            inner.prop_map(|inner| Filter::Not(Box::new(inner))),
        ]
    })
}

fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        Just("userName".to_owned()),
        Just("emails[".to_owned()),
        Just("type eq \"work\"".to_owned()),
        Just("]".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just(" and ".to_owned()),
        Just(" not ".to_owned()),
        Just("\"\\".to_owned()),
        Just("urn:".to_owned()),
        "\\PC{0,4}",
    ];
    prop::collection::vec(word, 0..10).prop_map(|words| words.concat())
}

fn operation() -> impl Strategy<Value = Value> {
    let op = prop_oneof![Just("add"), Just("replace"), Just("remove")];
    let path = prop_oneof![
        Just("members".to_owned()),
        Just("displayName".to_owned()),
        Just("members[value eq \"u-1\"]".to_owned()),
        words(),
    ];
    let value = prop_oneof![
        Just(json!([{ "value": "u-9" }])),
        Just(json!({ "displayName": "x" })),
        Just(json!("x")),
        Just(json!(null)),
    ];
    (op, path, value)
        .prop_map(|(op, path, value)| json!({ "op": op, "path": path, "value": value }))
}

proptest! {
    #[test]
    fn a_printed_filter_reads_as_itself(filter in filter()) {
        let text = filter.to_string();
        if text.len() <= jetway_scim::MAX_FILTER_BYTES {
            prop_assert_eq!(Filter::parse(&text), Ok(filter), "{}", text);
        }
    }

    #[test]
    fn no_text_stops_the_parsers(text in words()) {
        if let Ok(filter) = Filter::parse(&text) {
            filter.matches(&user());
        }
        if let Ok(path) = PatchPath::parse(&text) {
            prop_assert_eq!(PatchPath::parse(&path.to_string()), Ok(path));
        }
    }

    #[test]
    fn no_body_stops_the_readers(operations in prop::collection::vec(operation(), 1..4), text in words()) {
        for profile in [&AWS, &RFC] {
            let _ = patched(ResourceKind::Group, &group(3), &json!(operations), profile);
            let _ = Patch::parse(ResourceKind::User, text.as_bytes(), profile);
            let _ = read_resource(ResourceKind::User, text.as_bytes(), profile);
        }
    }

    /// A request that is sent again after a lost answer changes nothing more.
    #[test]
    fn adding_and_removing_members_again_changes_nothing(
        added in prop::collection::vec(0..9u8, 1..6),
        removed in prop::collection::vec(0..9u8, 1..6),
    ) {
        let members = |of: &[u8]| -> Vec<Value> {
            of.iter().map(|at| json!({ "value": format!("u-{at}") })).collect()
        };
        for body in [
            json!([{ "op": "add", "path": "members", "value": members(&added) }]),
            json!([{ "op": "remove", "path": "members", "value": members(&removed) }]),
            json!([{ "op": "replace", "path": "displayName", "value": "x" }]),
        ] {
            let once = patched(ResourceKind::Group, &group(4), &body, &RFC).expect("a group");
            let twice = patched(ResourceKind::Group, &once, &body, &RFC).expect("a group");
            prop_assert_eq!(once, twice);
        }
    }

    /// What was read once reads as itself, so that a PUT of what GET answered changes nothing.
    #[test]
    fn what_was_read_reads_as_itself(title in "[a-z]{1,9}", active in any::<bool>()) {
        let mut body = user();
        body["title"] = title.into();
        body["active"] = active.into();
        for profile in [&AWS, &RFC] {
            let once = read_resource(ResourceKind::User, body.to_string().as_bytes(), profile).expect("a user");
            let text = Value::Object(once.clone()).to_string();
            prop_assert_eq!(&read_resource(ResourceKind::User, text.as_bytes(), profile).expect("a user"), &once);
        }
    }
}
