//! The script that an administrator gets from the identity provider, run for real: the AWS CLI v2
//! against an empty local AWS, and then a person of the identity provider gets in.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use jetway_identity::aws_setup::{IamAccount, IamRole, IamSetup, Partition, read_arns};
use jetway_saml::inspect::inspect_base64;
use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};
use serde_json::Value;

use crate::federation_from_nothing::{ACCOUNT, assertion, assume, environment_of, fetch};
use crate::person::{Person, succeeded};

/// Runs a script as somebody with an administrator's access key would in a terminal.
pub(crate) fn run(
    script: &str,
    aws_cli: &Path,
    person: &Person,
    url: &str,
    key: &Value,
) -> anyhow::Result<Output> {
    let file = person.home().join("set-up.sh");
    std::fs::write(&file, script)?;
    let folder = aws_cli.parent().unwrap_or(Path::new("/"));
    let mut shell: Command = counterparts::aws_command(Path::new("/bin/sh"), person.home());
    let output = shell
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .env("AWS_ENDPOINT_URL", url)
        .env(
            "AWS_ACCESS_KEY_ID",
            key["access_key_id"].as_str().unwrap_or_default(),
        )
        .env(
            "AWS_SECRET_ACCESS_KEY",
            key["secret_access_key"].as_str().unwrap_or_default(),
        )
        .arg(&file)
        .stdin(Stdio::null())
        .output()?;
    Ok(output)
}

/// Seed 001: the provider JumpCloud and the role SAML-User, for assertions of this application.
fn set_up(idp: &Jetwayd, description: &str) -> IamSetup {
    let metadata_url = format!("{}/saml2/aws-a/metadata", idp.idp_url());
    let response = inspect_base64(&assertion(idp, "aws-a").unwrap()).unwrap();
    IamSetup {
        partition: Partition::Aws,
        provider_name: "JumpCloud".to_owned(),
        metadata_xml: fetch(&metadata_url),
        metadata_url,
        acs_url: response.recipient.unwrap(),
        accounts: vec![IamAccount {
            account_id: ACCOUNT.to_owned(),
            roles: vec![IamRole {
                name: "SAML-User".to_owned(),
                description: description.to_owned(),
                managed_policies: vec!["AmazonS3ReadOnlyAccess".to_owned()],
                max_session_seconds: 7200,
            }],
        }],
        tags: true,
        source_identity: true,
    }
}

/// Requirements W01, W05.
#[test]
fn the_script_sets_federation_up_also_when_it_is_run_again() {
    let aws_cli = require!(counterparts::aws_cli());
    let local_aws = Jetwayd::local_aws_with(&["--account", ACCOUNT]).unwrap();
    let idp = Jetwayd::dev().unwrap();
    let person = Person::new(&local_aws, aws_cli.clone()).unwrap();
    let key = environment_of(&local_aws).unwrap();
    let run = |setup: IamSetup| {
        let script = setup.check().unwrap().cli_script();
        let output = run(&script, &aws_cli, &person, &local_aws.aws_url(), &key);
        succeeded(&output.unwrap())
    };

    let first = run(set_up(&idp, "people's $(first) \"role\""));
    assert!(
        first.contains("Creating the SAML provider JumpCloud"),
        "{first}"
    );
    assert!(first.contains("Creating the role SAML-User"), "{first}");
    let (_, lines) = first.split_once("into the application:\n").unwrap();
    let found = read_arns(lines).unwrap();
    assert_eq!(found.problems, []);
    assert_eq!(found.pairs.len(), 1);
    assert_eq!(found.pairs[0].account, ACCOUNT);
    succeeded(&assume(&person, &idp, "SAML-User"));

    let second = run(set_up(&idp, "changed"));
    assert!(
        second.contains("Updating the SAML provider JumpCloud"),
        "{second}"
    );
    assert!(second.contains("Updating the role SAML-User"), "{second}");
    let aws = |words: &[&str]| {
        let mut aws = person.aws_as_administrator(&key).unwrap();
        let text = succeeded(&aws.args(words).output().unwrap());
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let role = aws(&["iam", "get-role", "--role-name", "SAML-User"]);
    assert_eq!(role["Role"]["Description"], "changed");
    assert_eq!(role["Role"]["MaxSessionDuration"], 7200);
    let attached = aws(&[
        "iam",
        "list-attached-role-policies",
        "--role-name",
        "SAML-User",
    ]);
    assert_eq!(
        attached["AttachedPolicies"].as_array().unwrap().len(),
        1,
        "attached once"
    );

    let assumed = succeeded(&assume(&person, &idp, "SAML-User"));
    let assumed: Value = serde_json::from_str(&assumed).unwrap();
    assert_eq!(assumed["Issuer"], format!("{}/saml2/aws-a", idp.idp_url()));
}
