//! Multivalued keys and empty values, as live AWS enforces them.

use crate::support::holds;

/// Rows of operators; the outcomes are for the key missing, `[team]`, `[env]`, `[team, env]`.
const TAG_KEYS: [(&str, [bool; 4]); 8] = [
    ("StringEquals", [false, false, false, false]),
    ("StringNotEquals", [true, false, false, false]),
    ("StringEqualsIfExists", [true, false, false, false]),
    ("StringNotEqualsIfExists", [true, false, false, false]),
    ("ForAnyValue:StringEquals", [false, true, false, true]),
    ("ForAllValues:StringEquals", [true, true, false, false]),
    ("ForAnyValue:StringNotEquals", [false, false, true, true]),
    ("ForAllValues:StringNotEquals", [true, false, true, false]),
];

const CONTEXTS: [&str; 4] = [
    "{}",
    r#"{"aws:TagKeys":["team"]}"#,
    r#"{"aws:TagKeys":["env"]}"#,
    r#"{"aws:TagKeys":["team","env"]}"#,
];

#[test]
fn a_list_under_each_operator_is_decided_as_aws_decides_it() {
    for (operator, expected) in TAG_KEYS {
        let found =
            CONTEXTS.map(|keys| holds(&format!(r#""{operator}":{{"aws:TagKeys":"team"}}"#), keys));
        assert_eq!(
            found, expected,
            "{operator}: missing, [team], [env], [team, env]"
        );
    }
}

/// Conditions on `aws:RequestTag/team`; the outcomes are for an empty value, `capture`, and no tag.
const REQUEST_TAG: [(&str, &str, [bool; 3]); 5] = [
    ("Null", "true", [false, false, true]),
    ("Null", "false", [true, true, false]),
    ("StringEquals", "", [true, false, false]),
    ("ForAllValues:StringEquals", "capture", [false, true, true]),
    ("ForAnyValue:StringEquals", "", [true, false, false]),
];

#[test]
fn an_empty_tag_value_counts_as_present_and_as_the_empty_text() {
    let contexts = [
        r#"{"aws:RequestTag/team":""}"#,
        r#"{"aws:RequestTag/team":"capture"}"#,
        "{}",
    ];
    for (operator, value, expected) in REQUEST_TAG {
        let condition = format!(r#""{operator}":{{"aws:RequestTag/team":"{value}"}}"#);
        let found = contexts.map(|keys| holds(&condition, keys));
        assert_eq!(
            found, expected,
            "{operator} {value:?}: empty, capture, missing"
        );
    }
}

#[test]
fn a_list_never_resolves_as_a_variable_not_even_with_a_default() {
    for variable in ["${aws:TagKeys}", "${aws:TagKeys, 'fallback'}"] {
        for tag in ["team", "fallback", "[team]", ""] {
            for list in [
                r#""aws:TagKeys":["team"],"#,
                r#""aws:TagKeys":["a","b"],"#,
                "",
            ] {
                let keys = format!(r#"{{{list}"aws:RequestTag/team":"{tag}"}}"#);
                let condition =
                    |operator| format!(r#""{operator}":{{"aws:RequestTag/team":"{variable}"}}"#);
                assert!(
                    !holds(&condition("StringEquals"), &keys),
                    "{variable} {keys}"
                );
                assert!(
                    holds(&condition("StringNotEquals"), &keys),
                    "{variable} {keys}"
                );
            }
        }
    }
}

#[test]
fn keys_that_aws_defines_as_lists_are_lists_even_when_set_to_one_value() {
    for key in [
        "aws:TagKeys",
        "sts:TransitiveTagKeys",
        "SAML:eduPersonAffiliation",
    ] {
        let keys = format!(r#"{{"{key}":"team"}}"#);
        assert!(
            !holds(&format!(r#""StringEquals":{{"{key}":"team"}}"#), &keys),
            "{key}"
        );
        assert!(
            !holds(&format!(r#""StringNotEquals":{{"{key}":"other"}}"#), &keys),
            "{key}"
        );
        assert!(holds(
            &format!(r#""ForAnyValue:StringEquals":{{"{key}":"team"}}"#),
            &keys
        ));
    }
    assert!(!jetway_iam::is_multivalued_key("saml:eduPersonOrgDN"));
}

#[test]
fn null_asks_a_list_only_whether_it_is_there() {
    let keys = r#"{"aws:TagKeys":["a","b"]}"#;
    assert!(holds(r#""Null":{"aws:TagKeys":"false"}"#, keys));
    assert!(!holds(r#""Null":{"aws:TagKeys":"true"}"#, keys));
    assert!(holds(
        r#""Null":{"aws:TagKeys":"true"}"#,
        r#"{"aws:TagKeys":[]}"#
    ));
}

#[test]
fn a_set_operator_with_if_exists_holds_without_the_key() {
    let any = r#""ForAnyValue:StringEqualsIfExists":{"aws:TagKeys":"team"}"#;
    assert!(holds(any, "{}"));
    assert!(!holds(any, r#"{"aws:TagKeys":["env"]}"#));
}
