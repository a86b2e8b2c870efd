//! The two policies of the customer's article, as printed there.

use jetway_iam::{DocumentKind, PolicyDocument};

use crate::support::{Outcome, Outcome::*, context, decide, identity, parse};

const BY_PROJECT: &str = r#"{
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Deny",
            "Action": [
                "iam:*",
                "organizations:DescribeAccount",
                "organizations:DescribeOrganization",
                "organizations:DescribeOrganizationalUnit",
                "organizations:DescribePolicy",
                "organizations:ListChildren",
                "organizations:ListParents",
                "organizations:ListPoliciesForTarget",
                "organizations:ListRoots",
                "organizations:ListPolicies",
                "organizations:ListTargetsForPolicy"
            ],
            "Resource": "*",
            "Condition": {
                "StringEquals": {
                    "aws:PrincipalTag/Project": "Automation"
                }
            }
        }
    ]
}"#;

const BY_REGION: &str = r#" {
 "Sid": "DenyAccessByRegion",
            "Effect": "Deny",
            "NotAction": [
                "cloudfront:*",
                "iam:*"         
            ],
            "Resource": "*",
            "Condition": {
                "StringNotEquals": {
                    "aws:RequestedRegion": "${aws:PrincipalTag/Region}"
                }
            }
        }"#;

const ALL: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

fn with_everything_allowed(policy: PolicyDocument, action: &str, keys: &str) -> Outcome {
    decide(&[identity(ALL), policy], action, "*", &context(keys))
}

/// Requirement V04.
#[test]
fn the_project_policy_denies_its_actions_to_automation_and_to_nobody_else() {
    let decide = |action, keys| {
        with_everything_allowed(parse(BY_PROJECT, DocumentKind::Managed), action, keys)
    };
    let automation = r#"{"aws:PrincipalTag/Project":"Automation"}"#;
    for action in [
        "iam:CreateUser",
        "organizations:ListRoots",
        "organizations:DescribeAccount",
    ] {
        assert_eq!(decide(action, automation), ExplicitDeny, "{action}");
        assert_eq!(
            decide(action, r#"{"aws:PrincipalTag/Project":"automation"}"#),
            Allow
        );
        assert_eq!(
            decide(action, r#"{"aws:PrincipalTag/Project":"Roadworks"}"#),
            Allow
        );
        assert_eq!(decide(action, "{}"), Allow, "{action} without the tag");
    }
    assert_eq!(decide("s3:ListAllMyBuckets", automation), Allow);
    assert_eq!(decide("organizations:ListAccounts", automation), Allow);
}

/// Requirement V04.
#[test]
fn the_project_policy_allows_nothing_by_itself() {
    let policy = parse(BY_PROJECT, DocumentKind::Identity);
    let keys = context(r#"{"aws:PrincipalTag/Project":"Roadworks"}"#);
    assert_eq!(
        decide(&[policy], "s3:ListAllMyBuckets", "*", &keys),
        ImplicitDeny
    );
}

/// Requirement V04.
#[test]
fn the_region_policy_keeps_people_in_their_region() {
    let policy = || identity(BY_REGION);
    let keys = |requested: &str, tag: &str| {
        format!(r#"{{"aws:RequestedRegion":"{requested}","aws:PrincipalTag/Region":"{tag}"}}"#)
    };
    let decide = |action, keys: &str| with_everything_allowed(policy(), action, keys);
    assert_eq!(
        decide("s3:ListBucket", &keys("us-east-1", "us-east-1")),
        Allow
    );
    assert_eq!(
        decide("s3:ListBucket", &keys("eu-west-1", "us-east-1")),
        ExplicitDeny
    );
    assert_eq!(
        decide("s3:ListBucket", &keys("us-east-1", "US-EAST-1")),
        ExplicitDeny
    );
    assert_eq!(
        decide("iam:GetUser", &keys("us-east-1", "eu-west-1")),
        Allow
    );
    assert_eq!(
        decide(
            "cloudfront:GetDistribution",
            &keys("us-east-1", "eu-west-1")
        ),
        Allow
    );
    assert_eq!(
        decide("sts:GetSessionToken", &keys("us-east-1", "eu-west-1")),
        ExplicitDeny
    );
}

/// Requirement V04. The variable does not resolve, which makes `StringNotEquals` true.
#[test]
fn the_region_policy_denies_all_but_its_exceptions_to_a_session_without_the_tag() {
    let decide = |action| {
        let keys = r#"{"aws:RequestedRegion":"us-east-1"}"#;
        with_everything_allowed(identity(BY_REGION), action, keys)
    };
    assert_eq!(decide("s3:ListAllMyBuckets"), ExplicitDeny);
    assert_eq!(decide("ec2:DescribeInstances"), ExplicitDeny);
    assert_eq!(decide("iam:GetUser"), Allow);
    assert_eq!(decide("cloudfront:GetDistribution"), Allow);
}

#[test]
fn the_region_statement_pasted_without_a_document_is_refused_with_a_hint() {
    for kind in [
        DocumentKind::Identity,
        DocumentKind::Managed,
        DocumentKind::Session,
        DocumentKind::Trust,
    ] {
        let error = PolicyDocument::parse(BY_REGION, kind).expect_err("it is only a statement");
        let expected = match kind {
            DocumentKind::Trust => "Unknown field Sid",
            _ => "Syntax errors in policy.",
        };
        assert_eq!(error.to_string(), expected);
        let hint = error.hint().expect("a hint");
        assert!(
            hint.contains("a statement, not a policy document"),
            "{hint}"
        );
        assert!(
            hint.contains(r#"{"Version": "2012-10-17", "Statement": ["#),
            "{hint}"
        );
    }
    let list = format!("[{BY_REGION}]");
    let error = PolicyDocument::parse(&list, DocumentKind::Identity).expect_err("only a list");
    assert!(
        error
            .hint()
            .is_some_and(|hint| hint.contains("a list of statements"))
    );
}
