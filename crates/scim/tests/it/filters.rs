//! Filters of RFC 7644 section 3.4.2.2.

use jetway_scim::{Filter, FilterError, MAX_FILTER_BYTES};
use serde_json::{Value, json};

fn resource() -> Value {
    json!({
        "id": "Ab1",
        "userName": "bjensen@example.com",
        "title": "",
        "name": { "familyName": "O'Malley" },
        "active": true,
        "emails": [
            { "value": "b@example.org", "type": "home" },
            { "value": "b@example.com", "type": "work" },
        ],
        "meta": { "lastModified": "2011-05-13T04:42:34Z" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "operations",
            "manager": { "value": "m-1" },
        },
    })
}

fn matches(filter: &str) -> bool {
    Filter::parse(filter)
        .unwrap_or_else(|error| panic!("{filter}: {error}"))
        .matches(&resource())
}

/// The examples of the RFC, and every operator both ways.
#[test]
fn every_operator_of_the_rfc_answers() {
    for filter in [
        r#"userName Eq "BJENSEN@example.com""#,
        r#"username sw "bjen""#,
        r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "b""#,
        r#"name.familyName co "O'Malley""#,
        r#"userName ew ".com" and title ne "boss""#,
        "not (title pr)",
        "active eq true",
        "nickName eq null",
        "userName pr and not (nickName pr)",
        r#"meta.lastModified gt "2011-05-13T05:42:33+01:00""#,
        r#"meta.lastModified le "2011-05-13T04:42:34.000Z""#,
        r#"emails[type eq "work" and value co "@example.com"]"#,
        r#"emails co "example.org""#,
        r#"emails.type eq "home""#,
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq "m-1""#,
        r#"active eq false or(userName sw "b")"#,
    ] {
        assert!(matches(filter), "{filter}");
    }
    for filter in [
        r#"id eq "ab1""#,
        r#"emails[type eq "home" and value co "@example.com"]"#,
        r#"userName ne "bjensen@example.com""#,
        r#"meta.lastModified lt "2011-05-13T04:42:34Z""#,
        "title pr",
        "active eq \"true\"",
        r#"displayName co "x""#,
    ] {
        assert!(!matches(filter), "{filter}");
    }
}

#[test]
fn and_binds_before_or_and_not_before_both() {
    assert!(matches(
        r#"active eq true or active eq true and userName eq "nobody""#
    ));
    assert!(!matches(
        r#"(active eq true or active eq true) and userName eq "nobody""#
    ));
    assert!(matches(r#"not (active eq false) and userName sw "b""#));
}

#[test]
fn strings_carry_json_escapes() {
    let filter = Filter::parse(r#"userName eq "a\"b\\c\u00e9""#).expect("a filter");
    assert!(filter.matches(&json!({ "userName": "a\"b\\cé" })));
}

#[test]
fn what_is_no_filter_is_refused_with_its_place() {
    for (text, error) in [
        ("", FilterError::Attribute(0)),
        ("userName", FilterError::Operator(8)),
        ("userName is \"x\"", FilterError::Operator(9)),
        ("userName eq", FilterError::Value(11)),
        ("userName eq x", FilterError::Value(12)),
        ("userName eq \"x", FilterError::Value(12)),
        ("userName eq 'x'", FilterError::Value(12)),
        ("userName eq \"x\" and", FilterError::Unexpected(16)),
        ("userName eq \"x\")", FilterError::Unexpected(15)),
        ("(userName pr", FilterError::Unexpected(12)),
        ("active gt true", FilterError::Comparison(10)),
        ("active co 1", FilterError::Comparison(10)),
        ("emails[type[x pr]]", FilterError::Unexpected(11)),
        ("1name pr", FilterError::Attribute(0)),
        ("a.b.c pr", FilterError::Attribute(0)),
    ] {
        assert_eq!(Filter::parse(text), Err(error), "{text}");
    }
}

#[test]
fn length_and_depth_are_bounded() {
    let long = format!("userName eq \"{}\"", "x".repeat(MAX_FILTER_BYTES));
    assert_eq!(Filter::parse(&long), Err(FilterError::TooLong));
    let deep = format!("{}a pr{}", "(".repeat(100), ")".repeat(100));
    assert_eq!(Filter::parse(&deep), Err(FilterError::TooDeep));
    let chain = vec!["a pr"; 400].join(" and ");
    assert!(Filter::parse(&chain).is_ok(), "a long chain is not deep");
}
