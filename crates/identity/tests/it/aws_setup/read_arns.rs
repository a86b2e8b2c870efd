//! The way back: pasted ARNs become role pairs.

use jetway_identity::aws_setup::{ArnFault, ArnPlace, MAX_PASTED_ARNS, ReadArnsError, read_arns};
use serde_json::json;

use super::input::{FIRST, SECOND, hostile};
use super::programs::feed;

const ROLE: &str = "arn:aws:iam::012345678987:role/SAML-User";
const PROVIDER: &str = "arn:aws:iam::012345678987:saml-provider/JumpCloud";

/// The pairs as text, role first, and the problems.
fn read(text: &str) -> (Vec<String>, Vec<String>) {
    let found = read_arns(text).unwrap();
    let pairs = found.pairs.iter();
    let pairs = pairs.map(|pair| format!("{},{}", pair.role_arn, pair.provider_arn));
    let problems = found.problems.iter().map(ToString::to_string);
    (pairs.collect(), problems.collect())
}

/// Requirement W01.
#[test]
fn pairs_are_read_in_either_order_with_spaces_and_each_once() {
    let second = ROLE.replace("SAML-User", "path/SAML2,User");
    let text = format!(
        "# the roles\r\n {PROVIDER} , {ROLE}\n\n\"{ROLE},{PROVIDER}\",\n- {second},{PROVIDER}\n"
    );
    let (pairs, problems) = read(&text);
    assert_eq!(
        pairs,
        [format!("{ROLE},{PROVIDER}"), format!("{second},{PROVIDER}")]
    );
    assert_eq!(problems, [""; 0]);
    assert_eq!(read_arns(&text).unwrap().pairs[0].account, FIRST);
}

#[test]
fn a_role_alone_takes_the_only_provider_of_its_account() {
    let elsewhere = ROLE.replace(FIRST, SECOND);
    let (pairs, problems) = read(&format!("{ROLE}\n{elsewhere}\n{PROVIDER}\n"));
    assert_eq!(pairs, [format!("{ROLE},{PROVIDER}")]);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("line 2: there is no SAML provider"),
        "{problems:?}"
    );

    let (pairs, problems) = read(&format!("{ROLE}\n{PROVIDER}\n{PROVIDER}2\n"));
    assert_eq!(pairs, [""; 0]);
    assert!(
        problems[0].starts_with("line 1: there are several"),
        "{problems:?}"
    );
}

#[test]
fn what_is_not_understood_is_reported_with_its_line() {
    let text = format!(
        "hello\n{ROLE},{PROVIDER}\narn:aws:iam::YOUR_AWS_ACCOUNT_NUMBER:role/SAML-User,{PROVIDER}\n{ROLE},{}\narn:aws:iam::012345678987:user/x\narn:aws:iam::012345678987:role/<x>\n{}",
        PROVIDER.replace(FIRST, SECOND),
        PROVIDER.replace(FIRST, SECOND),
    );
    let found = read_arns(&text).unwrap();
    assert_eq!(found.pairs.len(), 1);
    let problems: Vec<_> = found
        .problems
        .iter()
        .map(|problem| match problem.place {
            ArnPlace::Line(line) => (line, problem.fault),
            ArnPlace::Json(_) => panic!("{problem}"),
        })
        .collect();
    assert_eq!(
        problems,
        [
            (1, ArnFault::NotUnderstood),
            (3, ArnFault::Placeholder),
            (4, ArnFault::TwoAccounts),
            (5, ArnFault::NotUnderstood),
            (6, ArnFault::NotUnderstood),
            (7, ArnFault::NoRole),
        ]
    );
}

#[test]
fn the_outputs_of_terraform_are_read() {
    let ours = json!({
        "jetway_roles": {"sensitive": false, "type": ["tuple", []], "value": [
            {"account": FIRST, "role_arn": ROLE, "provider_arn": PROVIDER},
            {"account": FIRST, "role_arn": ROLE, "provider_arn": PROVIDER.replace(FIRST, SECOND)},
        ]},
        "bucket": {"value": "arn:aws:s3:::bucket"},
    });
    let (pairs, problems) = read(&format!("{ours:#}"));
    assert_eq!(pairs, [format!("{ROLE},{PROVIDER}")]);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("jetway_roles.value[1]: the role and"),
        "{problems:?}"
    );

    let own = json!({"role": {"value": ROLE}, "saml": {"value": PROVIDER}});
    assert_eq!(read(&own.to_string()).0, [format!("{ROLE},{PROVIDER}")]);
}

#[test]
fn the_outputs_of_cloudformation_are_read() {
    let described = json!({"Stacks": [{
        "StackId": "arn:aws:cloudformation:us-east-1:012345678987:stack/jetway/1",
        "RoleARN": "arn:aws:iam::012345678987:role/cloudformation",
        "Outputs": [{"OutputKey": "RoleSAMLUser", "OutputValue": format!("{ROLE},{PROVIDER}")}],
    }]});
    assert_eq!(
        read(&described.to_string()),
        (vec![format!("{ROLE},{PROVIDER}")], vec![])
    );
}

#[test]
fn what_the_script_prints_can_be_pasted_back() {
    let script = hostile().check().unwrap().cli_script();
    let folder = tempfile::tempdir().unwrap();
    let aws = folder.path().join("aws");
    std::fs::write(
        &aws,
        format!("#!/bin/sh\n[ \"$2\" = get-caller-identity ] && echo {FIRST}\nexit 0\n"),
    )
    .unwrap();
    std::process::Command::new("chmod")
        .arg("+x")
        .arg(&aws)
        .status()
        .unwrap();
    let mut sh = std::process::Command::new("sh");
    sh.env("PATH", format!("{}:/usr/bin:/bin", folder.path().display()));
    let output = feed(&mut sh, &script);
    let printed = String::from_utf8(output.stdout).unwrap();
    let (_, pasted) = printed.split_once("into the application:\n").unwrap();
    let found = read_arns(pasted).unwrap();
    assert_eq!(found.problems, []);
    let names: Vec<_> = found
        .pairs
        .iter()
        .map(|p| p.role_arn.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(names, ["-n", "a.b", "a@b", "1=,+"]);
}

#[test]
fn too_much_text_broken_json_and_json_without_arns_are_told_apart() {
    let long = " ".repeat(MAX_PASTED_ARNS + 1);
    assert!(matches!(
        read_arns(&long),
        Err(ReadArnsError::TooLong { .. })
    ));
    assert_eq!(
        read_arns("\n{\n\"a\": ,}"),
        Err(ReadArnsError::NotJson { line: 3 })
    );
    let deep = format!("{}{}", "[".repeat(5000), "]".repeat(5000));
    assert!(read_arns(&deep).is_err());
    assert_eq!(
        read_arns("{}").unwrap().problems[0].fault,
        ArnFault::Nothing
    );
    assert_eq!(
        read_arns("").unwrap(),
        jetway_identity::aws_setup::ReadArns::default()
    );
}
