//! What IAM refuses as a permissions policy, and its words for it.

use jetway_iam::{DocumentKind, PolicyDocument};

use crate::support::message;

const SYNTAX: &str = "Syntax errors in policy.";
const VERSION: &str = "Policy document must be version 2012-10-17 or greater.";
const LEGACY: &str = "The policy failed legacy parsing";
const ACTIONS: &str = "Policy statement must contain actions.";
const RESOURCES: &str = "Policy statement must contain resources.";
const VENDOR: &str = "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
const COLON: &str = "Actions/Condition can contain only one colon.";
const SIDS: &str = "Statement IDs (SID) in a single policy must be unique.";
const FULLY: &str = "Resource vendor must be fully qualified and cannot contain regexes.";
const IAM_PATH: &str = "IAM resource path must either be \"*\" or start with user/, \
    federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, \
    sms-mfa/, saml-provider/, oidc-provider/, report/, access-report/.";

/// Whole documents.
const DOCUMENTS: &[(&str, &str)] = &[
    ("", SYNTAX),
    ("no JSON at all", SYNTAX),
    ("[]", SYNTAX),
    ("null", SYNTAX),
    ("{}", SYNTAX),
    (r#"{"Version":"2012-10-17"}"#, SYNTAX),
    (r#"{"Version":"2012-10-17","Statement":[]}"#, SYNTAX),
    (r#"{"Version":"2012-10-17","Statement":["x"]}"#, SYNTAX),
    (r#"{"Version":"2012-10-17","Statement":"x"}"#, SYNTAX),
    (
        r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        VERSION,
    ),
    (
        r#"{"Version":"2008-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        VERSION,
    ),
    (
        r#"{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        SYNTAX,
    ),
    (
        r#"{"Version":2012,"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        SYNTAX,
    ),
    (
        r#"{"Version":"2012-10-17","Id":["x"],
            "Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        SYNTAX,
    ),
    (
        r#"{"Version":"2012-10-17","More":"x",
            "Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}"#,
        SYNTAX,
    ),
    // The version is looked at before anything in the statements but their syntax.
    (
        r#"{"Statement":[{"Sid":"a","Effect":"Allow"},{"Sid":"a","Effect":"Allow"}]}"#,
        VERSION,
    ),
    (
        r#"{"Statement":{"Effect":"denY","Action":"s3:*","Resource":"*"}}"#,
        VERSION,
    ),
    (
        r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{"DateGreaterThan":{"a":"soon"}}}}"#,
        VERSION,
    ),
];

#[test]
fn a_managed_policy_document_is_refused_in_the_words_of_iam() {
    for (json, expected) in DOCUMENTS {
        assert_eq!(message(json, DocumentKind::Managed), *expected, "{json}");
    }
}

/// Statements in a document of version 2012-10-17.
const STATEMENTS: &[(&str, &str)] = &[
    // Shape.
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","More":"x"}"#,
        SYNTAX,
    ),
    (r#"{"Action":"s3:*","Resource":"*"}"#, SYNTAX),
    (
        r#"{"Effect":"maybe","Action":"s3:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (r#"{"Effect":true,"Action":"s3:*","Resource":"*"}"#, SYNTAX),
    (
        r#"{"Sid":{},"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (
        r#"{"Sid":[],"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (r#"{"Effect":"Allow","Action":{},"Resource":"*"}"#, SYNTAX),
    (r#"{"Effect":"Deny","Action":[[]],"Resource":"*"}"#, SYNTAX),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":{"a":"*"}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Deny","Action":"s3:*","Resource":["x",{}]}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","NotAction":"iam:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":[],"NotAction":"iam:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":"*"}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","NotResource":[]}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":[]}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":"a"}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"a":"b"}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"StringLike":[]}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"a":{}}}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"Bool":{"a":null}}}"#,
        SYNTAX,
    ),
    // Operators.
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"x":{"a":"1"}}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{"ForAnyValue::StringEqualsIfExists":{"a":"1"}}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{"stringequals":{"a":"1"}}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{"NullIfExists":{"a":"true"}}}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":[{"StringEquals":{"a":"1"}}]}"#,
        SYNTAX,
    ),
    // A member named twice.
    (
        r#"{"Effect":"Deny","Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        SYNTAX,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{"StringEquals":{"a":"1","a":"2"}}}"#,
        SYNTAX,
    ),
    // Principals.
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*"}"#,
        "Policy document should not specify a principal.",
    ),
    (
        r#"{"Effect":"Allow","NotPrincipal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
        "Policy document should not specify a principal.",
    ),
    // The older parser.
    (
        r#"{"Effect":"denY","Action":"s3:*","Resource":"*"}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"allow","Resource":"arn:aws:s3:us-east-1::b"}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"Allow","Condition":{"DateGreaterThan":{"a":"soon"}}}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:error:s3:::b",
            "Condition":{"DateGreaterThan":{"a":"soon"}}}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3::b"}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","NotResource":"arn:aws:s3::b"}"#,
        LEGACY,
    ),
    (r#"{"Effect":"Allow","Resource":"arn:aws:s3::b"}"#, LEGACY),
    (
        r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"arn:aws::::b"}"#,
        LEGACY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws::x"}"#,
        LEGACY,
    ),
    // Statement ids.
    (
        r#"{"Sid":"a","Effect":"Allow","Action":"s3:*","Resource":"*"},
           {"Sid":"a","Effect":"Allow"}"#,
        SIDS,
    ),
    (
        r#"{"Sid":"a","Effect":"aLLow","Action":"s3:*","Resource":"*"},
           {"Sid":"a","Effect":"Allow"}"#,
        LEGACY,
    ),
    // Actions.
    (r#"{"Effect":"Allow"}"#, ACTIONS),
    (r#"{"Effect":"Allow","Resource":"*"}"#, ACTIONS),
    (r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#, ACTIONS),
    (
        r#"{"Effect":"Deny"},{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        ACTIONS,
    ),
    (
        r#"{"Effect":"Allow","Action":"invalid","Resource":"*"}"#,
        VENDOR,
    ),
    (r#"{"Effect":"Allow","Action":"invalid"}"#, VENDOR),
    (
        r#"{"Effect":"Allow","NotAction":"","Resource":"*"}"#,
        VENDOR,
    ),
    (
        r#"{"Effect":"Allow","Action":["s3:*","**"],"Resource":"*"}"#,
        VENDOR,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:List:Bucket","Resource":"*"}"#,
        COLON,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3s:ListBucket","Resource":"*"},
           {"Effect":"Allow","Action":"s:3s:ListBucket","Resource":"*"}"#,
        COLON,
    ),
    (
        r#"{"Effect":"Allow","Action":"a a:ListBucket","Resource":"*"}"#,
        "Vendor a a is not valid",
    ),
    (
        r#"{"Effect":"Allow","Action":"s*:Get","Resource":"*"}"#,
        "Vendor s* is not valid",
    ),
    // Resources.
    (r#"{"Effect":"Allow","Action":"s3:*"}"#, RESOURCES),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":[]}"#,
        RESOURCES,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"invalid resource"}"#,
        r#"Resource invalid resource must be in ARN format or "*"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":["adf"]}"#,
        r#"Resource adf must be in ARN format or "*"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":""}"#,
        r#"Resource  must be in ARN format or "*"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"foo:aws:s3:::b"}"#,
        r#"Resource foo:aws:s3:::b must be in ARN format or "*"."#,
    ),
    // Said before what is wrong with the action.
    (
        r#"{"Effect":"Allow","Action":"s:3:ListBucket","Resource":"sdfsadf"}"#,
        r#"Resource sdfsadf must be in ARN format or "*"."#,
    ),
    (
        r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"a:bsdfdsafsad"}"#,
        r#"Partition "bsdfdsafsad" is not valid for resource "arn:bsdfdsafsad:*:*:*:*"."#,
    ),
    (
        r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"a:b:cadfsdf"}"#,
        r#"Partition "b" is not valid for resource "arn:b:cadfsdf:*:*:*"."#,
    ),
    (
        r#"{"Effect":"Allow","NotAction":"s3:*","Resource":"a:b:c:d:e:f:g:h"}"#,
        r#"Partition "b" is not valid for resource "arn:b:c:d:e:f:g:h"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"aws:s3:::b"}"#,
        r#"Partition "s3" is not valid for resource "arn:s3:::b:*"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":["arn:error:s3:::b","arn:error:s3::b"]}"#,
        r#"Partition "error" is not valid for resource "arn:error:s3:::b"."#,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws"}"#,
        FULLY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s*:::b"}"#,
        FULLY,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam:::b"}"#,
        IAM_PATH,
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam:us-east-1::user/x"}"#,
        "IAM resource arn:aws:iam:us-east-1::user/x cannot contain region information.",
    ),
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:us-east-1::b"}"#,
        "Resource arn:aws:s3:us-east-1::b can not contain region information.",
    ),
];

#[test]
fn a_statement_is_refused_in_the_words_of_iam() {
    for (statements, expected) in STATEMENTS {
        let json = format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#);
        assert_eq!(message(&json, DocumentKind::Managed), *expected, "{json}");
        assert_eq!(message(&json, DocumentKind::Identity), *expected, "{json}");
    }
}

/// Operator and value; IAM refuses them as it stores a policy, STS takes them in session policies.
const MALFORMED_LITERALS: &[(&str, &str)] = &[
    ("DateGreaterThan", "sdfdsf"),
    ("DateLessThanEquals", "234-13"),
    ("DateLessThanEquals", "2016-12-13t2:00:00.593194+1"),
    ("DateLessThanEquals", "2016-12-13t2:00:00.1999999999+10:59"),
    ("DateLessThan", "9223372036854775808"),
    ("NumericEquals", "ten"),
    ("ForAllValues:NumericEqualsIfExists", ""),
    ("IpAddress", "203.0.113.0/33"),
    ("NotIpAddress", "here"),
    ("ArnLike", "role/x"),
    ("ArnNotEquals", "arn:aws:iam:*"),
    ("BinaryEquals", "%"),
];

fn with_condition(operator: &str, value: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"s3:*","Resource":"*",
            "Condition":{{"{operator}":{{"k":["{value}"]}}}}}}}}"#
    )
}

#[test]
fn malformed_literals_are_refused_by_iam_and_taken_in_session_policies() {
    for (operator, value) in MALFORMED_LITERALS {
        let json = with_condition(operator, value);
        for kind in [DocumentKind::Identity, DocumentKind::Managed] {
            assert_eq!(message(&json, kind), LEGACY, "{operator} {value}");
        }
        let session = PolicyDocument::parse(&json, DocumentKind::Session);
        assert!(session.is_ok(), "{operator} {value}");
    }
}

#[test]
fn odd_but_sound_literals_are_taken() {
    for (operator, value) in [
        ("DateGreaterThan", "01T"),
        ("DateLessThan", "-292275054"),
        ("DateLessThanEquals", "2019-07-01T13:20:15Z"),
        ("DateLessThanEquals", "2016-12-13T21:20:37.593194+00:00"),
        ("DateLessThanEquals", "2016-12-13t2:00:00.593194+23"),
        ("DateEquals", "9223372036854775807"),
        ("NumericEquals", "+007.50"),
        ("IpAddress", "2001:db8::1/32"),
        ("ArnLike", "${aws:PrincipalTag/arn}"),
        ("Bool", "perhaps"),
        ("Null", "perhaps"),
    ] {
        let json = with_condition(operator, value);
        let parsed = PolicyDocument::parse(&json, DocumentKind::Managed);
        assert!(parsed.is_ok(), "{operator} {value}: {parsed:?}");
    }
}

/// Statements that IAM takes although they look wrong.
const ACCEPTED: &[&str] = &[
    r#"{"Effect":"Allow","Action":"iam: asdf safdsf af ","Resource":"arn:aws:s3:::b"}"#,
    r#"{"Effect":"Allow","Action":"*","Resource":["arn:aws:s3:::b","*"]}"#,
    r#"{"Effect":"Allow","Action":"service-prefix:action-name","Resource":"*"}"#,
    r#"{"Effect":"Allow","Action":"aaaaadsfdsafsadfsadfaaaaa:X","Resource":"*"}"#,
    r#"{"Effect":"Allow","Action":"s3.s:ListBucket","Resource":"*"}"#,
    r#"{"Effect":"Allow","Action":"*:*","Resource":"*"}"#,
    r#"{"Effect":"Allow","NotAction":"s3:*","NotResource":"*"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:fdsasf"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s33:::b"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam:::user/b"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam::123456789012:*"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:*:iam::*:role/x-*"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:iam::${aws:PrincipalAccount}:role/x"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:invalid-service:us-east-1::b"}"#,
    r#"{"Effect":"Allow","Action":"s3:*",
        "Resource":"arn:aws:s3:us-west-2:123456789012:accesspoint/a/object/*"}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{}}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateGreaterThan":{}}}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"DateGreaterThan":{"a":[]}}}"#,
    r#"{"Effect":"Allow","Action":"s3:*","Resource":"*","Condition":{"x":{},"y":{}}}"#,
    r#"{"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"},
       {"Sid":"","Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
];

#[test]
fn what_iam_takes_is_taken() {
    for statements in ACCEPTED {
        let json = format!(r#"{{"Version":"2012-10-17","Id":"x","Statement":[{statements}]}}"#);
        for kind in [
            DocumentKind::Identity,
            DocumentKind::Managed,
            DocumentKind::Session,
        ] {
            let parsed = PolicyDocument::parse(&json, kind);
            assert!(parsed.is_ok(), "{statements}: {parsed:?}");
        }
    }
}

#[test]
fn only_managed_policies_must_be_of_the_current_version() {
    let statement = r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#;
    for version in ["", r#""Version":"2008-10-17","#] {
        let json = format!(r#"{{{version}"Statement":{statement}}}"#);
        assert_eq!(message(&json, DocumentKind::Managed), VERSION);
        for kind in [DocumentKind::Identity, DocumentKind::Session] {
            assert!(PolicyDocument::parse(&json, kind).is_ok());
        }
    }
}

#[test]
fn a_hint_says_what_aws_does_not() {
    let hint = |json: &str| {
        let error = PolicyDocument::parse(json, DocumentKind::Identity).expect_err("malformed");
        error.hint().unwrap_or("").to_owned()
    };
    assert!(
        hint("{\n\"Version\" }").contains("line 2"),
        "{}",
        hint("{\n\"Version\" }")
    );
    assert!(hint(r#"{"Id":"a","Id":"b"}"#).contains("\"Id\" appears twice"));
    let operator = r#"{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*",
        "Condition":{"StringIs":{"a":"1"}}}}"#;
    assert!(hint(operator).contains("\"StringIs\""));
    assert!(hint(&with_condition("NumericEquals", "ten")).contains("NumericEquals"));
}
