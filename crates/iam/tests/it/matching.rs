//! Actions and resources.

use jetway_iam::{DocumentKind, Wildcard};

use crate::support::{Outcome::*, context, covers, decide, identity, message};

const BUCKET: &str = "arn:aws:s3:::bkt";

#[test]
fn a_star_in_a_resource_crosses_slashes_colons_and_line_breaks() {
    assert!(covers(
        "arn:aws:s3:::bkt/*/c",
        "arn:aws:s3:::bkt/a/b/c",
        "{}"
    ));
    assert!(covers(
        "arn:aws:s3:::bkt/*",
        "arn:aws:s3:::bkt/a:b\nc",
        "{}"
    ));
    assert!(covers(
        "arn:aws:s3:*",
        "arn:aws:s3:eu-west-1:123456789012:accesspoint/x",
        "{}"
    ));
}

#[test]
fn a_question_mark_is_one_utf_16_unit() {
    assert!(covers("arn:aws:s3:::bkt/?", "arn:aws:s3:::bkt/ü", "{}"));
    assert!(!covers("arn:aws:s3:::bkt/?", "arn:aws:s3:::bkt/🛫", "{}"));
    assert!(covers("arn:aws:s3:::bkt/??", "arn:aws:s3:::bkt/🛫", "{}"));
    assert!(!covers("arn:aws:s3:::bkt/?", "arn:aws:s3:::bkt/", "{}"));
}

#[test]
fn brackets_and_backslashes_in_a_resource_are_literal() {
    assert!(covers(
        r"arn:aws:s3:::bkt/[ab]\*",
        r"arn:aws:s3:::bkt/[ab]\x",
        "{}"
    ));
    assert!(!covers("arn:aws:s3:::bkt/[ab]", "arn:aws:s3:::bkt/a", "{}"));
}

#[test]
fn resources_differ_by_case_and_actions_do_not() {
    assert!(!covers("arn:aws:s3:::BKT/*", "arn:aws:s3:::bkt/k", "{}"));
    let statement = r#"{"Effect":"Allow","Action":"S3:getOBJ*","Resource":"*"}"#;
    assert_eq!(
        decide(
            &[identity(statement)],
            "s3:GetObject",
            BUCKET,
            &context("{}")
        ),
        Allow
    );
}

#[test]
fn an_action_pattern_may_be_star_colon_star() {
    let statement = r#"{"Effect":"Allow","Action":"*:*","Resource":"*"}"#;
    assert_eq!(
        decide(
            &[identity(statement)],
            "s3:GetObject",
            BUCKET,
            &context("{}")
        ),
        Allow
    );
}

#[test]
fn not_action_covers_everything_but_its_list() {
    let statement = r#"{"Effect":"Allow","NotAction":["iam:*","s3:Delete*"],"Resource":"*"}"#;
    let decide = |action| decide(&[identity(statement)], action, BUCKET, &context("{}"));
    assert_eq!(decide("s3:GetObject"), Allow);
    assert_eq!(decide("s3:DeleteObject"), ImplicitDeny);
    assert_eq!(decide("IAM:GetUser"), ImplicitDeny);
}

#[test]
fn not_resource_covers_everything_but_its_list() {
    let statement = r#"{"Effect":"Deny","Action":"s3:*",
        "NotResource":["arn:aws:s3:::bkt","arn:aws:s3:::bkt/*"]}"#;
    let decide = |resource| decide(&[identity(statement)], "s3:Get", resource, &context("{}"));
    assert_eq!(decide("arn:aws:s3:::bkt/k"), ImplicitDeny);
    assert_eq!(decide("arn:aws:s3:::other/k"), ExplicitDeny);
}

#[test]
fn an_arn_without_wildcards_covers_only_itself() {
    assert!(covers(BUCKET, BUCKET, "{}"));
    assert!(!covers(BUCKET, "arn:aws:s3:::bkt2", "{}"));
    assert!(!covers(BUCKET, "*", "{}"));
    assert!(covers("*", "*", "{}"));
}

#[test]
fn a_document_longer_than_the_limit_or_nested_too_deep_is_refused() {
    let long = format!(r#"{{"Id":"{}"}}"#, "x".repeat(131_072));
    assert_eq!(
        message(&long, DocumentKind::Identity),
        "Syntax errors in policy."
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(
        message(&deep, DocumentKind::Identity),
        "Syntax errors in policy."
    );
    let seventeen = format!(r#"{{"Statement":{}{}}}"#, "[".repeat(17), "]".repeat(17));
    assert_eq!(
        message(&seventeen, DocumentKind::Trust),
        "Syntax errors in policy."
    );
}

#[test]
fn stars_and_question_marks_mix() {
    for (pattern, text, expected) in [
        ("a*", "a", true),
        ("*a", "ba", true),
        ("*a", "ab", false),
        ("a*a", "a", false),
        ("a*a", "aa", true),
        ("?*", "", false),
        ("*?", "x", true),
        ("*??*", "x", false),
        ("*ab?d*", "xxabcabcd", true),
        ("*aab*", "aaaab", true),
        ("*ab*ab", "abab", true),
        ("*ab*ab", "aab", false),
        ("", "", true),
        ("", "x", false),
        ("**", "", true),
    ] {
        assert_eq!(
            Wildcard::new(pattern).matches(text),
            expected,
            "{pattern:?} on {text:?}"
        );
    }
}
