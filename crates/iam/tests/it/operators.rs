//! Condition operators.

use crate::support::holds;

/// Whether `operator` holds for one value of the request against values of the policy.
fn compare(operator: &str, policy: &[&str], value: &str) -> bool {
    let policy = serde_json::to_string(policy).expect("texts are JSON");
    let value = serde_json::to_string(value).expect("texts are JSON");
    holds(
        &format!(r#""{operator}":{{"k":{policy}}}"#),
        &format!(r#"{{"k":{value}}}"#),
    )
}

#[test]
fn a_missing_key_fails_positive_operators_and_passes_negated_ones() {
    for (operator, value, expected) in [
        ("StringEquals", "x", false),
        ("StringNotEquals", "x", true),
        ("StringEqualsIgnoreCase", "x", false),
        ("StringNotEqualsIgnoreCase", "x", true),
        ("StringLike", "*", false),
        ("StringNotLike", "x", true),
        ("NumericEquals", "1", false),
        ("NumericNotEquals", "1", true),
        ("NumericLessThan", "1", false),
        ("NumericLessThanEquals", "1", false),
        ("NumericGreaterThan", "1", false),
        ("NumericGreaterThanEquals", "1", false),
        ("DateEquals", "2026-01-01T00:00:00Z", false),
        ("DateNotEquals", "2026-01-01T00:00:00Z", true),
        ("DateLessThan", "2026-01-01T00:00:00Z", false),
        ("DateLessThanEquals", "2026-01-01T00:00:00Z", false),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", false),
        ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", false),
        ("Bool", "false", false),
        ("BinaryEquals", "QUJD", false),
        ("IpAddress", "0.0.0.0/0", false),
        ("NotIpAddress", "0.0.0.0/0", true),
        ("ArnEquals", "arn:aws:iam::123456789012:role/x", false),
        ("ArnLike", "arn:aws:iam::123456789012:role/x", false),
        ("ArnNotEquals", "arn:aws:iam::123456789012:role/x", true),
        ("ArnNotLike", "arn:aws:iam::123456789012:role/x", true),
    ] {
        assert_eq!(
            holds(&format!(r#""{operator}":{{"k":"{value}"}}"#), "{}"),
            expected,
            "{operator}"
        );
        let if_exists = format!(r#""{operator}IfExists":{{"k":"{value}"}}"#);
        assert!(holds(&if_exists, "{}"), "{operator}IfExists");
        let all = format!(r#""ForAllValues:{operator}":{{"k":"{value}"}}"#);
        assert!(holds(&all, "{}"), "ForAllValues:{operator}");
        let any = format!(r#""ForAnyValue:{operator}":{{"k":"{value}"}}"#);
        assert!(!holds(&any, "{}"), "ForAnyValue:{operator}");
    }
    assert!(holds(r#""Null":{"k":"true"}"#, "{}"));
    assert!(!holds(r#""Null":{"k":"false"}"#, "{}"));
}

#[test]
fn if_exists_compares_a_key_that_is_there() {
    assert!(!compare("StringEqualsIfExists", &["x"], "y"));
    assert!(compare("StringEqualsIfExists", &["x"], "x"));
}

#[test]
fn several_values_are_or_for_positive_and_nor_for_negated_operators() {
    assert!(compare("StringEquals", &["x", "y"], "y"));
    assert!(!compare("StringNotEquals", &["x", "y"], "y"));
    assert!(compare("StringNotEquals", &["x", "y"], "z"));
    assert!(compare("NumericEquals", &["1", "2"], "2"));
    assert!(!compare("NumericNotEquals", &["1", "2"], "2"));
    assert!(compare("NumericLessThan", &["1", "9"], "5"));
    assert!(!compare(
        "NotIpAddress",
        &["10.0.0.0/8", "192.0.2.0/24"],
        "192.0.2.9"
    ));
    let roles = [
        "arn:aws:iam::123456789012:role/x",
        "arn:aws:iam::123456789012:role/y",
    ];
    assert!(!compare("ArnNotLike", &roles, roles[1]));
    assert!(!compare(
        "DateNotEquals",
        &["2026-01-01", "2026-01-02"],
        "2026-01-02T00:00:00Z"
    ));
}

#[test]
fn no_values_at_all_fail_positive_operators_and_pass_negated_ones() {
    assert!(!compare("StringEquals", &[], "x"));
    assert!(compare("StringNotEquals", &[], "x"));
}

#[test]
fn several_keys_and_operators_must_all_hold() {
    let condition = r#""StringEquals":{"a":"1","b":"2"},"StringLike":{"c":"*3"}"#;
    assert!(holds(condition, r#"{"a":"1","b":"2","c":"33"}"#));
    assert!(!holds(condition, r#"{"a":"1","b":"x","c":"33"}"#));
    assert!(!holds(condition, r#"{"a":"1","b":"2","c":"34"}"#));
}

#[test]
fn key_names_ignore_case_and_values_do_not() {
    let keys = r#"{"aws:PrincipalTag/Größe":"X"}"#;
    assert!(holds(
        r#""StringEquals":{"AWS:principaltag/gRÖSSE":"X"}"#,
        r#"{"aws:PrincipalTag/grösse":"X"}"#
    ));
    assert!(holds(
        r#""StringEquals":{"aws:PrincipalTag/GRÖßE":"X"}"#,
        keys
    ));
    assert!(!holds(
        r#""StringEquals":{"aws:PrincipalTag/Größe":"x"}"#,
        keys
    ));
}

#[test]
fn of_two_spellings_of_a_key_the_last_one_set_stands() {
    let mut context = jetway_iam::RequestContext::new();
    context.set("aws:PrincipalTag/Case", "first");
    context.set("aws:PrincipalTag/case", "second");
    assert_eq!(
        context.get("AWS:PrincipalTag/CASE"),
        Some(&["second".to_owned()][..])
    );
    context.remove("aws:principaltag/case");
    assert_eq!(context.get("aws:PrincipalTag/Case"), None);
}

#[test]
fn ignore_case_compares_lower_case_not_full_case_folding() {
    assert!(compare("StringEqualsIgnoreCase", &["ÄPFEL"], "äpfel"));
    assert!(!compare("StringEqualsIgnoreCase", &["STRASSE"], "straße"));
    assert!(!compare("StringNotEqualsIgnoreCase", &["X"], "x"));
    assert!(!compare("StringEqualsIgnoreCase", &["x*"], "xy"));
}

#[test]
fn equals_takes_wildcards_literally_and_like_does_not() {
    assert!(compare("StringEquals", &["a*?"], "a*?"));
    assert!(!compare("StringEquals", &["a*"], "ab"));
    assert!(compare(
        "StringLike",
        &["a*\u{1F6EB}??"],
        "a-\u{1F6EB}\u{1F6EB}"
    ));
    assert!(!compare("StringNotLike", &["a*"], "ab"));
    assert!(!compare("StringLike", &["A*"], "ab"));
}

#[test]
fn arns_are_compared_part_by_part() {
    let arn = "arn:aws:sns:us-east-2:123456789012:finance/a:b";
    assert!(compare(
        "ArnLike",
        &["arn:aws:sns:*:123456789012:finance/*"],
        arn
    ));
    assert!(compare("ArnEquals", &["arn:aws:s?s:us-*-2:*:*:b"], arn));
    assert!(!compare("ArnLike", &["arn:aws:sns:*:finance/*"], arn));
    assert!(!compare(
        "ArnLike",
        &["arn:aws:*:123456789012:finance/a:b"],
        arn
    ));
    assert!(!compare("ArnLike", &["arn:aws:SNS:*:*:*"], arn));
}

#[test]
fn a_malformed_arn_in_the_request_matches_neither_the_operator_nor_its_negation() {
    for value in [
        "not an arn",
        "arn:aws:iam",
        "*",
        "",
        "nra:aws:iam::123456789012:role/x",
    ] {
        for operator in ["ArnLike", "ArnEquals", "ArnNotLike", "ArnNotEquals"] {
            assert!(
                !compare(operator, &["arn:*:*:*:*:*"], value),
                "{operator} {value:?}"
            );
        }
    }
}

#[test]
fn bool_knows_true_in_any_case_and_takes_the_rest_for_false() {
    assert!(compare("Bool", &["true"], "TRUE"));
    assert!(compare("Bool", &["True"], "true"));
    assert!(compare("Bool", &["false"], "yes"));
    assert!(compare("Bool", &["no"], "false"));
    assert!(!compare("Bool", &["true"], "1"));
    assert!(!compare("Bool", &["true"], "false"));
    assert!(!compare("Bool", &["true"], " true"));
}

#[test]
fn json_numbers_and_truth_values_stand_for_their_text() {
    assert!(holds(r#""Bool":{"k":[true]}"#, r#"{"k":"true"}"#));
    assert!(holds(r#""StringEquals":{"k":false}"#, r#"{"k":"false"}"#));
    assert!(holds(r#""NumericEquals":{"k":10}"#, r#"{"k":"10"}"#));
    assert!(holds(r#""NumericEquals":{"k":1.50}"#, r#"{"k":"1.5"}"#));
    assert!(holds(r#""StringEquals":{"k":-7}"#, r#"{"k":"-7"}"#));
    assert!(holds(r#""Null":{"k":true}"#, "{}"));
}

#[test]
fn numbers_are_compared_as_numbers() {
    assert!(compare("NumericEquals", &["7"], "007"));
    assert!(compare("NumericEquals", &["+7"], "7.0"));
    assert!(compare("NumericEquals", &["-0"], "0"));
    assert!(compare("NumericLessThan", &["10"], "9"));
    assert!(!compare("NumericLessThan", &["10"], "10"));
    assert!(compare("NumericLessThanEquals", &["10"], "10"));
    assert!(compare("NumericGreaterThan", &["-10"], "-9.5"));
    assert!(compare("NumericGreaterThanEquals", &["0.1"], "0.10"));
    assert!(compare("NumericLessThan", &["0.25"], "0.2"));
    let long = "9007199254740993.000000000000000001";
    assert!(compare("NumericGreaterThan", &["9007199254740993"], long));
}

#[test]
fn what_is_no_number_is_unequal_to_every_number_and_nothing_else() {
    for value in ["ten", "", "1e3", " 1", "0x1", ".", "1.2.3", "--1"] {
        assert!(compare("NumericNotEquals", &["10"], value), "{value:?}");
        for operator in [
            "NumericEquals",
            "NumericLessThan",
            "NumericGreaterThanEquals",
        ] {
            assert!(!compare(operator, &["10"], value), "{operator} {value:?}");
        }
    }
}

#[test]
fn dates_are_iso_8601_or_seconds_since_1970() {
    assert!(compare(
        "DateEquals",
        &["2026-01-01T00:00:00Z"],
        "1767225600"
    ));
    assert!(compare(
        "DateEquals",
        &["1767225600"],
        "2026-01-01T01:00:00+01:00"
    ));
    assert!(compare(
        "DateEquals",
        &["2025-12-31T19:00:00-05:00"],
        "2026-01-01"
    ));
    assert!(compare("DateEquals", &["2026-01-01t00:00z"], "2026-01T"));
    assert!(compare("DateEquals", &["1970-01-01"], "0"));
    assert!(compare(
        "DateEquals",
        &["2000-02-29T23:59:59Z"],
        "951868799"
    ));
    assert!(compare(
        "DateLessThan",
        &["2026-01-01T00:00:00Z"],
        "2025-12-31T23:59:59.999Z"
    ));
    assert!(compare("DateGreaterThan", &["1969-12-31T23:59:59Z"], "0"));
    assert!(compare(
        "DateLessThanEquals",
        &["2026-01-01"],
        "2026-01-01T00:00:00Z"
    ));
    assert!(compare(
        "DateGreaterThanEquals",
        &["2026-01-01"],
        "2026-01-01T00:00:00Z"
    ));
    assert!(compare("DateNotEquals", &["2026-01-01"], "2026-01-02"));
}

#[test]
fn dates_count_to_the_millisecond() {
    assert!(compare(
        "DateEquals",
        &["2026-01-01T00:00:00.1234Z"],
        "2026-01-01T00:00:00.123999Z"
    ));
    assert!(!compare(
        "DateEquals",
        &["2026-01-01T00:00:00.123Z"],
        "2026-01-01T00:00:00.124Z"
    ));
    assert!(compare(
        "DateEquals",
        &["2026-01-01T00:00:00.5Z"],
        "2026-01-01T00:00:00.500Z"
    ));
}

#[test]
fn what_is_no_date_is_unequal_to_every_date_and_nothing_else() {
    for value in [
        "soon",
        "",
        "2026-13-01",
        "2026-01-32",
        "2026-01-01T24:00:00Z",
        "2026-1-1-1",
    ] {
        assert!(
            compare("DateNotEquals", &["2026-01-01"], value),
            "{value:?}"
        );
        assert!(
            !compare("DateLessThan", &["2026-01-01"], value),
            "{value:?}"
        );
        assert!(
            !compare("DateGreaterThan", &["2026-01-01"], value),
            "{value:?}"
        );
    }
}

#[test]
fn an_ipv4_range_ignores_its_host_bits() {
    assert!(compare("IpAddress", &["203.0.113.9/24"], "203.0.113.77"));
    assert!(!compare("IpAddress", &["203.0.113.9/24"], "203.0.114.77"));
    assert!(compare("IpAddress", &["203.0.113.9"], "203.0.113.9"));
    assert!(!compare("IpAddress", &["203.0.113.9"], "203.0.113.8"));
    assert!(compare("IpAddress", &["0.0.0.0/0"], "203.0.113.8"));
    assert!(!compare("NotIpAddress", &["203.0.113.0/24"], "203.0.113.8"));
}

#[test]
fn an_ipv6_range_with_host_bits_set_matches_nothing() {
    assert!(compare("IpAddress", &["2001:db8::/32"], "2001:DB8:0:0::1"));
    assert!(!compare("IpAddress", &["2001:db8::1/32"], "2001:db8::1"));
    assert!(compare("NotIpAddress", &["2001:db8::1/32"], "2001:db8::1"));
    assert!(compare("IpAddress", &["2001:db8::1"], "2001:db8::1"));
    assert!(compare("IpAddress", &["::/0"], "2001:db8::1"));
    assert!(!compare("IpAddress", &["::/0"], "203.0.113.9"));
}

#[test]
fn an_ipv4_mapped_request_address_is_an_ipv4_address() {
    assert!(compare(
        "IpAddress",
        &["203.0.113.0/24"],
        "::ffff:203.0.113.9"
    ));
    assert!(!compare(
        "NotIpAddress",
        &["203.0.113.0/24"],
        "::ffff:203.0.113.9"
    ));
    assert!(compare(
        "IpAddress",
        &["::ffff:203.0.113.0/120"],
        "203.0.113.9"
    ));
    assert!(!compare("IpAddress", &["::/0"], "::ffff:203.0.113.9"));
}

#[test]
fn a_malformed_request_address_matches_neither_the_operator_nor_its_negation() {
    for value in [
        "",
        "203.0.113",
        "203.0.113.256",
        "203.0.113.09",
        "203.0.113.9/32",
        "fe80::1%1",
    ] {
        assert!(
            !compare("IpAddress", &["0.0.0.0/0", "::/0"], value),
            "{value:?}"
        );
        assert!(
            !compare("NotIpAddress", &["10.0.0.0/8"], value),
            "{value:?}"
        );
    }
}

#[test]
fn binary_values_are_compared_by_their_bytes() {
    assert!(compare("BinaryEquals", &["QmluYXJ5"], "QmluYXJ5"));
    assert!(!compare("BinaryEquals", &["QmluYXJ5"], "QmluYXJ4"));
    assert!(!compare("BinaryEquals", &["QmluYXJ5"], "Binary"));
}

#[test]
fn malformed_literals_of_a_session_policy_match_nothing() {
    for (operator, literal, value) in [
        ("NumericEquals", "ten", "ten"),
        ("DateEquals", "soon", "soon"),
        ("IpAddress", "here", "203.0.113.9"),
        ("IpAddress", "203.0.113.9/33", "203.0.113.9"),
        ("ArnLike", "*", "arn:aws:iam::123456789012:role/x"),
        (
            "ArnLike",
            "arn:aws:iam:*",
            "arn:aws:iam::123456789012:role/x",
        ),
        ("BinaryEquals", "%", "%"),
    ] {
        assert!(
            !compare(operator, &[literal], value),
            "{operator} {literal}"
        );
    }
}

#[test]
fn nothing_equals_a_malformed_number_or_date_of_a_session_policy() {
    assert!(compare("NumericNotEquals", &["ten"], "10"));
    assert!(compare("DateNotEquals", &["soon"], "2026-01-01"));
    assert!(!compare("NumericNotEquals", &["ten", "10"], "10"));
}

#[test]
fn a_malformed_address_or_arn_of_a_session_policy_fails_the_negated_operator_too() {
    let role = "arn:aws:iam::123456789012:role/x";
    assert!(!compare("NotIpAddress", &["here"], "203.0.113.9"));
    assert!(!compare(
        "NotIpAddress",
        &["10.0.0.0/8", "here"],
        "203.0.113.9"
    ));
    assert!(!compare("ArnNotLike", &["role/y"], role));
    assert!(compare(
        "IpAddress",
        &["here", "203.0.113.9"],
        "203.0.113.9"
    ));
    assert!(compare("ArnLike", &["role/x", role], role));
}
