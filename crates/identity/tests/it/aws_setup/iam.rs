//! SAML straight into IAM roles.

use jetway_identity::aws_setup::{IamSetup, SetupError as E};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use super::input::{FIRST, HOSTILE, SECOND, account, hostile, plain, role};
use super::programs::{calls_of, cfn_lint, feed, sh_reads, terraform};

/// Requirement W01.
#[test]
fn the_trust_policy_names_the_provider_and_the_sign_in_page() {
    let trust = plain().check().unwrap().trust_policy(FIRST);
    assert_eq!(
        serde_json::from_str::<Value>(&trust).unwrap(),
        json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::{FIRST}:saml-provider/JumpCloud")},
            "Action": ["sts:AssumeRoleWithSAML"],
            "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
        }]})
    );
}

/// Requirement W01. Without these AWS refuses the whole sign-in.
#[test]
fn tags_and_a_source_identity_are_allowed_when_they_are_sent() {
    let trust = hostile().check().unwrap().trust_policy(FIRST);
    let trust: Value = serde_json::from_str(&trust).unwrap();
    assert_eq!(
        trust["Statement"][0]["Action"],
        json!([
            "sts:AssumeRoleWithSAML",
            "sts:TagSession",
            "sts:SetSourceIdentity"
        ])
    );
}

/// All blocks of a kind and type, as (label, body).
fn blocks<'a>(file: &'a Value, kind: &str, of: &str) -> Vec<(&'a str, &'a Value)> {
    let blocks = file[kind].as_array().unwrap().iter();
    blocks
        .filter_map(|block| block.get(of)?.as_object())
        .flatten()
        .map(|(label, body)| (label.as_str(), body))
        .collect()
}

/// Requirements W01, W02.
#[test]
fn terraform_reads_back_what_was_put_in() {
    let python = require!(counterparts::aws_python());
    let setup = hostile();
    let file = terraform(&python, &setup.clone().check().unwrap().terraform());

    assert_eq!(file["locals"][0]["saml_metadata"], setup.metadata_xml);
    let providers = blocks(&file, "resource", "aws_iam_saml_provider");
    assert_eq!(providers.len(), 2);
    for (_, provider) in &providers {
        assert_eq!(provider["name"], setup.provider_name);
        assert_eq!(provider["saml_metadata_document"], "${local.saml_metadata}");
    }
    let guards: Vec<_> = file["provider"].as_array().unwrap().iter().collect();
    assert_eq!(guards[0]["aws"]["allowed_account_ids"], json!([FIRST]));
    assert_eq!(guards[1]["aws"]["allowed_account_ids"], json!([SECOND]));

    let roles = blocks(&file, "resource", "aws_iam_role");
    let expected = setup.accounts.iter().flat_map(|account| &account.roles);
    for ((_, found), expected) in roles.iter().zip(expected) {
        assert_eq!(found["name"], expected.name);
        assert_eq!(found["description"], expected.description);
        assert_eq!(found["max_session_duration"], expected.max_session_seconds);
    }
    assert_eq!(roles.len(), 5);
    let labels: std::collections::BTreeSet<_> = roles.iter().map(|(label, _)| label).collect();
    assert_eq!(labels.len(), 5);

    let trust = blocks(&file, "data", "aws_iam_policy_document")[0].1;
    let statement = &trust["statement"][0];
    assert_eq!(statement["condition"][0]["variable"], "SAML:aud");
    assert_eq!(statement["condition"][0]["values"], json!([setup.acs_url]));
    assert_eq!(statement["actions"].as_array().unwrap().len(), 3);
    assert_eq!(
        statement["principals"][0]["identifiers"],
        json!([format!("${{aws_iam_saml_provider.account_{FIRST}.arn}}")])
    );
    let attached = blocks(&file, "resource", "aws_iam_role_policy_attachment");
    assert_eq!(attached.len(), 4, "the role without policies attaches none");
    let first = attached[0].1["for_each"].as_str().unwrap();
    assert!(first.contains("arn:aws:iam::aws:policy/job-function/Billing"));
    assert!(first.contains("policy/team/a+b=c,d.e@f-g_h"));
}

/// Requirement W01.
#[test]
fn cloudformation_is_sound_and_says_what_was_put_in() {
    let python = require!(counterparts::aws_python());
    let setup = hostile();
    let templates = setup.clone().check().unwrap().cloudformation();
    let accounts: Vec<_> = templates.iter().map(|t| t.accounts.join(" ")).collect();
    assert_eq!(accounts, [FIRST, SECOND]);
    for template in &templates {
        cfn_lint(&python, &template.body);
    }
    let template: Value = serde_json::from_str(&templates[0].body).unwrap();
    let resources = template["Resources"].as_object().unwrap();
    let of_type = |kind: &str| {
        let all = resources.values();
        all.filter(|resource| resource["Type"] == kind)
            .map(|resource| &resource["Properties"])
            .collect::<Vec<_>>()
    };
    let provider = of_type("AWS::IAM::SAMLProvider")[0];
    assert_eq!(provider["Name"], "-_.x");
    assert_eq!(provider["SamlMetadataDocument"], setup.metadata_xml);
    let roles = of_type("AWS::IAM::Role");
    assert_eq!(roles.len(), 4);
    assert_eq!(roles[0]["RoleName"], "-n");
    assert_eq!(roles[0]["Description"], HOSTILE);
    assert_eq!(roles[0]["MaxSessionDuration"], 43200);
    assert_eq!(
        roles[0]["ManagedPolicyArns"][0],
        "arn:aws:iam::aws:policy/job-function/Billing"
    );
    assert_eq!(
        roles[0]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"],
        json!({"Federated": {"Ref": "SamlProvider"}})
    );
    assert_eq!(roles[1].get("Description"), None);
}

/// A StackSet: one template for all accounts that get the same.
#[test]
fn accounts_with_the_same_roles_share_a_template_that_names_none_of_them() {
    let setup = IamSetup {
        accounts: [FIRST, SECOND]
            .map(|id| account(id, vec![role("SAML-User")]))
            .to_vec(),
        ..plain()
    };
    let templates = setup.check().unwrap().cloudformation();
    assert_eq!(templates.len(), 1);
    assert_eq!(templates[0].accounts, [FIRST, SECOND]);
    assert!(!templates[0].body.contains(FIRST));
}

/// Requirement W01.
#[test]
fn the_script_hands_every_name_to_the_aws_cli_as_it_is() {
    let setup = hostile();
    let script = setup.clone().check().unwrap().cli_script();
    sh_reads(&script);
    let calls = calls_of(
        &script,
        &format!("get-caller-identity) echo {FIRST} ;; get-*) exit 254 ;;"),
    );
    let find = |operation: &str, name: &str| -> Vec<String> {
        let mut found = calls.iter().filter(|call| {
            call[1] == operation
                && call
                    .iter()
                    .any(|word| *word == format!("--role-name={name}"))
        });
        found.next().unwrap().clone()
    };
    let created = find("create-role", "-n");
    assert!(
        created.contains(&format!("--description={HOSTILE}")),
        "{created:?}"
    );
    assert!(created.contains(&"--max-session-duration=43200".to_owned()));
    let trust = setup.check().unwrap().trust_policy(FIRST);
    assert!(created.contains(&format!("--assume-role-policy-document={trust}")));
    assert!(
        find("attach-role-policy", "-n")
            .contains(&"--policy-arn=arn:aws:iam::aws:policy/job-function/Billing".to_owned())
    );
    let provider = calls.iter().find(|call| call[1] == "create-saml-provider");
    assert!(provider.unwrap().contains(&"--name=-_.x".to_owned()));
    let roles = calls.iter().filter(|call| call[1] == "create-role");
    assert_eq!(roles.count(), 4);
}

#[test]
fn the_script_refuses_an_account_that_it_is_not_for() {
    let script = plain().check().unwrap().cli_script();
    let folder = tempfile::tempdir().unwrap();
    let aws = folder.path().join("aws");
    std::fs::write(
        &aws,
        "#!/bin/sh\n[ \"$2\" = get-caller-identity ] && echo 999999999999\n",
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
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        errors.contains("account 999999999999. This script is for 012345678987"),
        "{errors}"
    );
}

/// Requirements W01, W02: in the words of the console.
#[test]
fn the_steps_name_everything_that_is_typed_and_clicked() {
    let steps = hostile().check().unwrap().steps().join("\n");
    for words in [
        "Provider type: SAML. Provider name: -_.x.",
        "Role name: -n.",
        "maximum session duration to 12 hours",
        "add sts:TagSession and sts:SetSourceIdentity",
        "arn:aws:iam::111122223333:role/a.b,arn:aws:iam::111122223333:saml-provider/-_.x",
        "Test: sign in",
    ] {
        assert!(steps.contains(words), "{words}\n{steps}");
    }
}

#[test]
fn what_aws_would_refuse_is_refused_with_the_rule() {
    let refused = |change: &dyn Fn(&mut IamSetup)| {
        let mut setup = plain();
        change(&mut setup);
        setup.check().unwrap_err()
    };
    let role = |change: &dyn Fn(&mut jetway_identity::aws_setup::IamRole)| {
        refused(&|setup| change(&mut setup.accounts[0].roles[0]))
    };
    assert!(matches!(
        refused(&|s| s.provider_name = "a b".into()),
        E::ProviderName { .. }
    ));
    assert!(matches!(
        refused(&|s| s.provider_name = "x".repeat(129)),
        E::ProviderName { .. }
    ));
    assert!(matches!(
        refused(&|s| s.accounts[0].account_id = "1234".into()),
        E::Account { .. }
    ));
    assert!(matches!(
        refused(&|s| s.accounts[0].account_id = "YOUR_AWS_ACCOUNT_NUMBER".into()),
        E::Placeholder
    ));
    assert!(matches!(
        refused(&|s| s.accounts.clear()),
        E::Missing { .. }
    ));
    assert!(matches!(
        refused(&|s| s.accounts.push(s.accounts[0].clone())),
        E::Twice { .. }
    ));
    assert!(matches!(
        refused(&|s| s.metadata_xml = "<x/>".into()),
        E::Metadata { .. }
    ));
    assert!(matches!(
        refused(&|s| s.acs_url = "https://a/${x}".into()),
        E::Address { .. }
    ));
    assert!(matches!(
        refused(&|s| s.metadata_url = "https://a/\n# b".into()),
        E::Address { .. }
    ));
    assert!(matches!(
        role(&|r| r.name = "it's".into()),
        E::RoleName { .. }
    ));
    assert!(matches!(
        role(&|r| r.name = String::new()),
        E::RoleName { .. }
    ));
    assert!(matches!(
        role(&|r| r.max_session_seconds = 900),
        E::SessionLength { .. }
    ));
    assert!(matches!(
        role(&|r| r.description = "…".into()),
        E::Description { .. }
    ));
    assert!(matches!(
        role(&|r| r.description = "file:///etc/shadow".into()),
        E::Loaded { .. }
    ));
    assert!(matches!(
        role(&|r| r.managed_policies[0] = "a b".into()),
        E::Policy { .. }
    ));
    assert!(matches!(
        role(&|r| r.managed_policies[0] = format!("arn:aws:iam::{SECOND}:policy/x")),
        E::PolicyOfAnotherAccount { .. }
    ));
}
