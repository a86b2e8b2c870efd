//! Attribute-based access control over plain IAM federation: the identity provider's attributes
//! arrive as session tags, and the two policies of seed 002 decide on them.

use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};
use serde_json::json;

use crate::person::{FULL, Person, refused, succeeded};

/// Requirement V04. Road Runner's tags are Project=Rockets and Region=us-east-1.
#[test]
fn the_two_policies_of_the_customer_decide_on_the_tags_of_the_session() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    person.configure(&jetwayd.idp_url(), FULL).unwrap();
    let account = &jetwayd.dev_json()["aws"]["accounts"][0];
    let put = |name: &str, statement: serde_json::Value| {
        let document = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
        let output = person
            .aws_as_administrator(account)
            .unwrap()
            .args([
                "iam",
                "put-role-policy",
                "--role-name",
                "AcmeJumpCloudAdmin",
            ])
            .args(["--policy-name", name, "--policy-document", &document])
            .output()
            .unwrap();
        succeeded(&output);
    };
    succeeded(&person.login(&[]).unwrap());
    let aws = |region: &str, words: &[&str]| {
        person
            .aws()
            .args(["--profile", "production", "--region", region])
            .args(words)
            .output()
            .unwrap()
    };

    put(
        "by-region",
        json!({"Sid": "DenyAccessByRegion", "Effect": "Deny",
        "NotAction": ["cloudfront:*", "iam:*"], "Resource": "*",
        "Condition": {"StringNotEquals": {"aws:RequestedRegion": "${aws:PrincipalTag/Region}"}}}),
    );
    succeeded(&aws("us-east-1", &["s3", "ls"]));
    let error = refused(&aws("eu-west-1", &["s3api", "list-buckets"]));
    assert!(
        error.contains("with an explicit deny in an identity-based policy"),
        "{error}"
    );
    succeeded(&aws("eu-west-1", &["iam", "list-roles"]));

    put(
        "by-project",
        json!({"Effect": "Deny", "Action": ["iam:*"], "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/Project": "Automation"}}}),
    );
    succeeded(&aws("us-east-1", &["iam", "list-roles"]));
    put(
        "by-project",
        json!({"Effect": "Deny", "Action": ["iam:*"], "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalTag/Project": "Rockets"}}}),
    );
    let error = refused(&aws("us-east-1", &["iam", "list-roles"]));
    assert!(
        error.contains("with an explicit deny in an identity-based policy"),
        "{error}"
    );
}
