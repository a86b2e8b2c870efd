//! Seed 001 with the AWS CLI, against an empty local AWS: provider from our metadata, role,
//! policy, and then a person of the identity provider gets in.

use std::process::Command;

use anyhow::Context;
use jetway_testkit::process::{Jetwayd, program};
use jetway_testkit::{counterparts, require};
use serde_json::Value;

use crate::person::{PASSWORD, Person, ROAD_RUNNER, refused, succeeded};

/// The account that the sample applications of the identity provider name.
pub(crate) const ACCOUNT: &str = "012345678987";

/// The administrator's key of the empty account, as `eval "$(jetwayd local-aws env …)"` gives it.
pub(crate) fn environment_of(local_aws: &Jetwayd) -> anyhow::Result<Value> {
    let port = local_aws
        .aws_url()
        .rsplit_once(':')
        .context("no port")?
        .1
        .to_owned();
    let output = Command::new(program("jetwayd")?)
        .args(["local-aws", "env", "--account", ACCOUNT, "--port", &port])
        .env("XDG_RUNTIME_DIR", local_aws.runtime_dir())
        .output()?;
    let text = succeeded(&output);
    let variable = |name: &str| {
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix(&format!("export {name}=")));
        line.map(|value| value.trim_matches('\'').to_owned())
            .context("not exported")
    };
    assert_eq!(variable("AWS_ENDPOINT_URL")?, local_aws.aws_url());
    Ok(serde_json::json!({
        "access_key_id": variable("AWS_ACCESS_KEY_ID")?,
        "secret_access_key": variable("AWS_SECRET_ACCESS_KEY")?,
    }))
}

/// Requirements W01, I02, I12.
#[test]
fn federation_is_set_up_from_nothing_with_the_aws_cli() {
    let aws_cli = require!(counterparts::aws_cli());
    let local_aws = Jetwayd::local_aws_with(&["--account", ACCOUNT]).unwrap();
    let idp = Jetwayd::dev().unwrap();
    let person = Person::new(&local_aws, aws_cli).unwrap();
    let administrator = environment_of(&local_aws).unwrap();
    let aws = |words: &[&str]| {
        person
            .aws_as_administrator(&administrator)
            .unwrap()
            .args(words)
            .output()
            .unwrap()
    };

    let metadata_url = format!("{}/saml2/aws-a/metadata", idp.idp_url());
    let metadata = fetch(&metadata_url);
    let file = person.home().join("jetway-aws-a-metadata.xml");
    std::fs::write(&file, metadata).unwrap();
    let document = format!("file://{}", file.display());
    let created = succeeded(&aws(&[
        "iam",
        "create-saml-provider",
        "--saml-metadata-document",
        &document,
        "--name",
        "JumpCloud",
    ]));
    let provider = format!("arn:aws:iam::{ACCOUNT}:saml-provider/JumpCloud");
    assert!(created.contains(&provider), "{created}");

    let trust = serde_json::json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"Federated": provider}, "Action": "sts:AssumeRoleWithSAML",
        "Condition": {"StringLike": {"SAML:aud": "http://localhost:*/saml"}}}]});
    succeeded(&aws(&[
        "iam",
        "create-role",
        "--role-name",
        "SAML-User",
        "--assume-role-policy-document",
        &trust.to_string(),
    ]));
    let policy = serde_json::json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}]});
    succeeded(&aws(&[
        "iam",
        "put-role-policy",
        "--role-name",
        "SAML-User",
        "--policy-name",
        "list",
        "--policy-document",
        &policy.to_string(),
    ]));
    let role = succeeded(&aws(&["iam", "get-role", "--role-name", "SAML-User"]));
    assert!(role.contains("sts:AssumeRoleWithSAML"), "{role}");
    let listed = succeeded(&aws(&["iam", "list-saml-providers"]));
    assert!(listed.contains(&provider), "{listed}");

    let assumed = succeeded(&assume(&person, &idp, "SAML-User"));
    let assumed: Value = serde_json::from_str(&assumed).unwrap();
    assert_eq!(assumed["Issuer"], format!("{}/saml2/aws-a", idp.idp_url()));
    let mut list = person.aws();
    for (variable, field) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ] {
        list.env(variable, assumed["Credentials"][field].as_str().unwrap());
    }
    succeeded(&list.args(["s3", "ls"]).output().unwrap());

    // A role that the signed assertion does not name is out of reach, whether it exists or not.
    let error = refused(&assume(&person, &idp, "Admin"));
    assert!(
        error.contains("(InvalidIdentityToken) when calling the AssumeRoleWithSAML operation: SAML Assertion doesn't contain the requested Role and Metadata in the attributes"),
        "{error}"
    );
}

/// `aws sts assume-role-with-saml` with an assertion for the application `aws-a`.
pub(crate) fn assume(person: &Person, idp: &Jetwayd, role: &str) -> std::process::Output {
    let assertion = assertion(idp, "aws-a").unwrap();
    let file = person.home().join("assertion");
    std::fs::write(&file, assertion).unwrap();
    person
        .aws()
        .args(["sts", "assume-role-with-saml"])
        .args(["--role-arn", &format!("arn:aws:iam::{ACCOUNT}:role/{role}")])
        .args([
            "--principal-arn",
            &format!("arn:aws:iam::{ACCOUNT}:saml-provider/JumpCloud"),
        ])
        .args(["--saml-assertion", &format!("file://{}", file.display())])
        .output()
        .unwrap()
}

/// Signs Road Runner in over the console contract and takes the assertion from the page.
pub(crate) fn assertion(idp: &Jetwayd, application: &str) -> anyhow::Result<String> {
    let agent = ureq::Agent::new_with_defaults();
    let base = idp.idp_url();
    let token: Value = agent
        .get(format!("{base}/userconsole/xsrf"))
        .call()?
        .into_body()
        .read_json()?;
    agent
        .post(format!("{base}/userconsole/auth"))
        .header("X-Xsrftoken", token["xsrf"].as_str().context("no token")?)
        .send_json(serde_json::json!({
            "context": "sso", "redirectTo": format!("saml2/{application}"),
            "email": ROAD_RUNNER, "password": PASSWORD,
        }))?;
    let page = agent
        .get(format!("{base}/saml2/{application}"))
        .call()?
        .into_body()
        .read_to_string()?;
    let (_, rest) = page
        .split_once("name=\"SAMLResponse\" value=\"")
        .context("no assertion")?;
    Ok(rest
        .split_once('"')
        .context("no end")?
        .0
        .replace("&#43;", "+")
        .replace("&#61;", "="))
}

pub(crate) fn fetch(url: &str) -> String {
    ureq::get(url)
        .call()
        .unwrap()
        .into_body()
        .read_to_string()
        .unwrap()
}
