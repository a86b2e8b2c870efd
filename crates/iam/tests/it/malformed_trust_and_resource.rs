//! What IAM refuses as a trust policy and S3 as a bucket policy, and their words for it.

use jetway_iam::{DocumentKind, PolicyDocument};

use crate::support::message;

const FEDERATED: &str = "Federated principals must be valid domain names or SAML metadata ARNs";
const STS: &str = "AssumeRole policy may only specify STS AssumeRole actions.";

fn document(statements: &str) -> String {
    format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)
}

#[test]
fn a_trust_document_is_refused_in_the_words_of_iam() {
    for (json, expected) in [
        ("", "This policy contains invalid Json"),
        ("{invalid", "This policy contains invalid Json"),
        ("[]", "This policy contains invalid Json"),
        (r#"{"probe":"x"}"#, "Unknown field probe"),
        ("{}", "Missing required field Statement"),
        (
            r#"{"Version":"2012-10-17","Statement":[]}"#,
            "Could not parse the policy: Statement is empty!",
        ),
        (
            r#"{"Version":"2012","Statement":[]}"#,
            "The policy must contain a valid version string",
        ),
        (
            r#"{"Version":"2012-10-17","Version":"2008-10-17"}"#,
            "Syntax errors in policy.",
        ),
    ] {
        assert_eq!(message(json, DocumentKind::Trust), expected, "{json}");
    }
}

/// Statements of a trust policy.
const TRUST: &[(&str, &str)] = &[
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","Resource":"*"}"#,
        "Has prohibited field Resource.",
    ),
    // A permissions policy pasted for a trust policy.
    (
        r#"{"Effect":"Allow","Action":"cognito-idp:*","Resource":"*"}"#,
        "Has prohibited field Resource.",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole","NotResource":"*"}"#,
        "AssumeRole policy must not contain resources.",
    ),
    (
        r#"{"Effect":"Allow","Action":"sts:AssumeRole"}"#,
        "Missing required field Principal",
    ),
    (
        r#"{"Effect":"Allow","Principal":{},"Action":"sts:AssumeRole"}"#,
        "Missing required field Principal cannot be empty!",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":[]},"Action":"sts:AssumeRole"}"#,
        "Missing required field Principal cannot be empty!",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"sts:AssumeRole"}"#,
        r#"AssumeRolepolicy contained an invalid principal: "STAR":"*"."#,
    ),
    (
        r#"{"Effect":"Allow","Principal":"x","Action":"sts:AssumeRole"}"#,
        "Principal must be a JSON object.",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"People":"x"},"Action":"sts:AssumeRole"}"#,
        r#"Invalid principal in policy: "People""#,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"jo"},"Action":"sts:AssumeRole"}"#,
        r#"Invalid principal in policy: "AWS":"jo""#,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/*"},
            "Action":"sts:AssumeRole"}"#,
        r#"Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:role/*""#,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"Service":"*"},"Action":"sts:AssumeRole"}"#,
        r#"Invalid principal in policy: "SERVICE":"*""#,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"Federated":"*"},"Action":"sts:AssumeRoleWithSAML"}"#,
        FEDERATED,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam//123456789012:saml-provider/x"},
            "Action":"sts:AssumeRoleWithSAML"}"#,
        FEDERATED,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"Federated":"arn:aws:iam::123456789012:saml-provider/*"},
            "Action":"sts:AssumeRoleWithSAML"}"#,
        FEDERATED,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"Federated":""},"Action":"sts:AssumeRoleWithSAML"}"#,
        FEDERATED,
    ),
    (
        r#"{"Effect":"Allow","NotPrincipal":{"AWS":"123456789012"},"Action":"sts:AssumeRole"}"#,
        "Allow with NotPrincipal is not allowed.",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"}}"#,
        "Missing required field Action",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"*"}"#,
        STS,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":["sts:AssumeRole","s3:Get"]}"#,
        STS,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:GetCallerIdentity"}"#,
        STS,
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"NotAction":"iam:*"}"#,
        STS,
    ),
    (
        r#"{"Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
        "Missing required field Effect",
    ),
    (
        r#"{"Effect":"allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
        "Invalid effect: allow",
    ),
    (
        r#"{"Effect":"Allow","Principals":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
        "Unknown field Principals",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole",
            "Condition":{"StringIs":{"a":"1"}}}"#,
        "Syntax errors in policy.",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole",
            "Condition":{"DateLessThan":{"aws:CurrentTime":"soon"}}}"#,
        "The policy failed legacy parsing",
    ),
    (
        r#"{"Sid":"a","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"},
           {"Sid":"a","Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#,
        "The Statement Ids in the policy are not unique",
    ),
];

#[test]
fn a_trust_statement_is_refused_in_the_words_of_iam() {
    for (statements, expected) in TRUST {
        let json = document(statements);
        assert_eq!(message(&json, DocumentKind::Trust), *expected, "{json}");
    }
}

#[test]
fn trust_policies_take_every_kind_of_principal_and_every_action_of_the_family() {
    for principal in [
        r#"{"AWS":"*"}"#,
        r#"{"AWS":"123456789012"}"#,
        r#"{"AWS":["arn:aws:iam::123456789012:root","arn:aws:iam::123456789012:user/a/b"]}"#,
        r#"{"AWS":"arn:aws:iam::123456789012:role/a/b"}"#,
        r#"{"AWS":"arn:aws:sts::123456789012:assumed-role/a/b"}"#,
        r#"{"AWS":"AROA1234567890EXAMPLE"}"#,
        r#"{"Federated":"cognito-identity.amazonaws.com"}"#,
        r#"{"Federated":"arn:aws:iam::123456789012:saml-provider/Jump.Cloud_1"}"#,
        r#"{"Federated":"arn:aws:iam::123456789012:oidc-provider/token.example/x"}"#,
        r#"{"Service":["ec2.amazonaws.com","lambda.amazonaws.com"],"AWS":"123456789012"}"#,
    ] {
        for action in [
            "sts:AssumeRole",
            "sts:AssumeRoleWithSAML",
            "STS:assumerolewithwebidentity",
            "sts:TagSession",
            "sts:SetSourceIdentity",
            "sts:SetContext",
            "sts:AssumeRole*",
            "sts:*",
        ] {
            let json = document(&format!(
                r#"{{"Effect":"Allow","Principal":{principal},"Action":["{action}"]}}"#
            ));
            let parsed = PolicyDocument::parse(&json, DocumentKind::Trust);
            assert!(parsed.is_ok(), "{json}: {parsed:?}");
        }
    }
}

#[test]
fn trust_policies_may_be_of_any_version() {
    let statement = r#"{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}"#;
    for version in [
        "",
        r#""Version":"2008-10-17","#,
        r#""Version":"2012-10-17","#,
    ] {
        let json = format!(r#"{{{version}"Id":"x","Statement":{statement}}}"#);
        assert!(
            PolicyDocument::parse(&json, DocumentKind::Trust).is_ok(),
            "{json}"
        );
    }
}

/// Statements of a bucket policy.
const BUCKET: &[(&str, &str)] = &[
    (
        r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
        "Missing required field Principal",
    ),
    (
        r#"{"Effect":"Allow","Principal":"x","Action":"s3:*","Resource":"*"}"#,
        "Invalid principal in policy",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"AWS":"x"},"Action":"s3:*","Resource":"*"}"#,
        "Invalid principal in policy",
    ),
    (
        r#"{"Effect":"Allow","Principal":{"CanonicalUser":"x"},"Action":"s3:*","Resource":"*"}"#,
        "Invalid principal in policy",
    ),
    (
        r#"{"Effect":"Allow","NotPrincipal":"*","Action":"s3:*","Resource":"*"}"#,
        "Allow with NotPrincipal is not allowed.",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*"}"#,
        "Missing required field Resource",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"bkt"}"#,
        "Policy has invalid resource",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Resource":"*"}"#,
        "Missing required field Action",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"GetObject","Resource":"*"}"#,
        "Policy has invalid action",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*",
            "Condition":{"StringIs":{"a":"1"}}}"#,
        "Invalid Condition type : StringIs",
    ),
    (
        r#"{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"*",
            "Condition":{"IpAddress":{"aws:SourceIp":"here"}}}"#,
        "Invalid IP address in Conditions",
    ),
];

#[test]
fn a_bucket_policy_is_refused_in_the_words_of_s3() {
    for (statements, expected) in BUCKET {
        let json = document(statements);
        assert_eq!(message(&json, DocumentKind::Resource), *expected, "{json}");
    }
    let first = "Policies must be valid JSON and the first byte must be '{'";
    assert_eq!(message("x", DocumentKind::Resource), first);
    assert_eq!(
        message("{x", DocumentKind::Resource),
        "This policy contains invalid Json"
    );
}

#[test]
fn bucket_policies_take_canonical_users_and_everyone() {
    let user = "a".repeat(64);
    for principal in [
        r#""*""#.to_owned(),
        format!(r#"{{"CanonicalUser":"{user}"}}"#),
        r#"{"AWS":"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1"}"#.to_owned(),
    ] {
        let json = document(&format!(
            r#"{{"Effect":"Allow","Principal":{principal},"Action":["s3:GetObject"],
                "Resource":"arn:aws:s3:::bkt/*"}}"#
        ));
        let parsed = PolicyDocument::parse(&json, DocumentKind::Resource);
        assert!(parsed.is_ok(), "{json}: {parsed:?}");
    }
}
