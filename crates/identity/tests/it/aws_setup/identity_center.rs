//! IAM Identity Center.

use jetway_identity::aws_setup::{
    AccessAttribute, AccessSource, IdentityCenterSetup, PermissionAssignment, PermissionSet,
    SetupError as E,
};
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use super::input::{FIRST, HOSTILE, SECOND};
use super::programs::{calls_of, cfn_lint, sh_reads, terraform};

const GROUP: &str = "it's \"the\" ${group} of %{x} $(people) é";
const PATH: &str = "${path:addresses[type eq \"work\"].region}";

fn set(name: &str) -> PermissionSet {
    PermissionSet {
        name: name.to_owned(),
        description: String::new(),
        managed_policies: vec!["ReadOnlyAccess".to_owned()],
        session_seconds: 5400,
    }
}

fn assignment(group: &str, account_id: &str, permission_set: &str) -> PermissionAssignment {
    PermissionAssignment {
        group: group.to_owned(),
        account_id: account_id.to_owned(),
        permission_set: permission_set.to_owned(),
    }
}

fn setup() -> IdentityCenterSetup {
    let attribute = |key: &str, source| AccessAttribute {
        key: key.to_owned(),
        source,
    };
    IdentityCenterSetup {
        region: "us-east-1".to_owned(),
        permission_sets: vec![
            PermissionSet {
                description: HOSTILE.to_owned(),
                session_seconds: 43200,
                ..set("-a.b")
            },
            set("-a@b"),
        ],
        assignments: vec![
            assignment(GROUP, FIRST, "-a.b"),
            assignment(GROUP, SECOND, "-a@b"),
            assignment("Everyone", SECOND, "-a@b"),
        ],
        attributes: vec![
            attribute(
                "Region",
                AccessSource::Directory("addresses[type eq \"work\"].region".to_owned()),
            ),
            attribute("CostCenter", AccessSource::Saml),
        ],
    }
}

/// Requirements V01, W04.
#[test]
fn terraform_reads_back_what_was_put_in() {
    let python = require!(counterparts::aws_python());
    let file = terraform(&python, &setup().check().unwrap().terraform());
    let find = |kind: &str, of: &str| -> Vec<(String, Value)> {
        let blocks = file[kind].as_array().unwrap().iter();
        blocks
            .filter_map(|block| block.get(of)?.as_object())
            .flatten()
            .map(|(label, body)| (label.clone(), body.clone()))
            .collect()
    };
    let sets = find("resource", "aws_ssoadmin_permission_set");
    assert_eq!(sets[0].1["name"], "-a.b");
    assert_eq!(sets[0].1["description"], HOSTILE);
    assert_eq!(sets[0].1["session_duration"], "PT12H");
    assert_eq!(sets[1].1["name"], "-a@b");
    assert_eq!(sets[1].1["session_duration"], "PT1H30M");
    assert_ne!(sets[0].0, sets[1].0);
    let groups = find("data", "aws_identitystore_group");
    let name = &groups[0].1["alternate_identifier"][0]["unique_attribute"][0]["attribute_value"];
    assert_eq!(*name, GROUP);
    let assignments = find("resource", "aws_ssoadmin_account_assignment");
    assert_eq!(assignments.len(), 3);
    assert_eq!(assignments[1].1["target_id"], SECOND);
    assert_eq!(
        assignments[1].1["permission_set_arn"],
        format!("${{aws_ssoadmin_permission_set.{}.arn}}", sets[1].0)
    );
    assert_eq!(
        assignments[1].1["principal_id"],
        format!("${{data.aws_identitystore_group.{}.group_id}}", groups[0].0)
    );
    let attributes = find(
        "resource",
        "aws_ssoadmin_instance_access_control_attributes",
    );
    let attributes = attributes[0].1["attribute"].as_array().unwrap();
    assert_eq!(
        attributes.len(),
        1,
        "AWS needs no entry for what the assertion carries"
    );
    assert_eq!(attributes[0]["key"], "Region");
    assert_eq!(attributes[0]["value"][0]["source"], json!([PATH]));
}

/// Requirements V01, W04.
#[test]
fn cloudformation_is_sound_and_says_what_was_put_in() {
    let python = require!(counterparts::aws_python());
    let template = setup().check().unwrap().cloudformation();
    cfn_lint(&python, &template);
    let template: Value = serde_json::from_str(&template).unwrap();
    let resources = template["Resources"].as_object().unwrap();
    let of_type = |kind: &str| {
        let all = resources.values();
        all.filter(|resource| resource["Type"] == kind)
            .map(|resource| resource["Properties"].clone())
            .collect::<Vec<_>>()
    };
    let sets = of_type("AWS::SSO::PermissionSet");
    assert_eq!(sets[0]["Description"], HOSTILE);
    assert_eq!(
        sets[1]["ManagedPolicies"],
        json!(["arn:aws:iam::aws:policy/ReadOnlyAccess"])
    );
    assert_eq!(of_type("AWS::SSO::Assignment").len(), 3);
    let attributes = of_type("AWS::SSO::InstanceAccessControlAttributeConfiguration");
    assert_eq!(
        attributes[0]["AccessControlAttributes"],
        json!([{"Key": "Region", "Value": {"Source": [PATH]}}])
    );
    let parameters = template["Parameters"].as_object().unwrap();
    assert_eq!(parameters.len(), 3, "the instance and two groups");
}

/// What a script asks, answered as an instance that has one of the permission sets would.
const ANSWERS: &str = "
    list-instances) case $4 in *Store*) echo d-1234567890 ;; *) echo arn:aws:sso:::instance/ssoins-1234567890abcdef ;; esac ;;
    list-permission-sets) echo arn:old ;;
    describe-permission-set) echo '-a@b' ;;
    create-permission-set) echo arn:new ;;
    list-managed-policies-*) echo arn:aws:iam::aws:policy/Other ;;
    get-group-id) echo 12345678-1234-1234-1234-123456789012 ;;
    describe-instance-access-*) exit 254 ;;
";

/// Requirements V01, W04.
#[test]
fn the_script_creates_what_is_missing_and_updates_what_is_there() {
    let script = setup().check().unwrap().cli_script();
    sh_reads(&script);
    let calls = calls_of(&script, ANSWERS);
    let all = |operation: &str| -> Vec<&Vec<String>> {
        calls.iter().filter(|call| call[1] == operation).collect()
    };
    let has = |call: &[String], word: &str| call.iter().any(|other| other == word);
    let created = all("create-permission-set");
    assert_eq!(created.len(), 1);
    assert!(has(created[0], "--name=-a.b"));
    assert!(has(created[0], "--session-duration=PT12H"));
    assert!(has(created[0], &format!("--description={HOSTILE}")));
    let updated = all("update-permission-set");
    assert_eq!(updated.len(), 1);
    assert!(has(updated[0], "--permission-set-arn=arn:old"));
    assert!(
        !updated[0]
            .iter()
            .any(|word| word.starts_with("--description"))
    );
    assert_eq!(
        all("provision-permission-set").len(),
        1,
        "only what was there before"
    );
    let attached = all("attach-managed-policy-to-permission-set");
    assert!(has(
        attached[0],
        "--managed-policy-arn=arn:aws:iam::aws:policy/ReadOnlyAccess"
    ));
    let groups = all("get-group-id");
    let identifier = groups[0]
        .iter()
        .find_map(|word| word.strip_prefix("--alternate-identifier="))
        .unwrap();
    let identifier: Value = serde_json::from_str(identifier).unwrap();
    assert_eq!(identifier["UniqueAttribute"]["AttributeValue"], GROUP);
    let assigned = all("create-account-assignment");
    assert_eq!(assigned.len(), 3);
    assert!(has(assigned[0], &format!("--target-id={FIRST}")));
    assert!(has(assigned[0], "--permission-set-arn=arn:new"));
    assert_eq!(
        all("create-instance-access-control-attribute-configuration").len(),
        1
    );
}

/// Requirements W03, W04: in the words of the consoles.
#[test]
fn the_steps_name_everything_that_is_typed_and_clicked() {
    let steps = setup()
        .check()
        .unwrap()
        .steps("https://sso.example.com/saml2/a/metadata");
    let steps = steps.join("\n");
    for words in [
        "choose Enable",
        "External identity provider",
        "Type ACCEPT in the text box",
        "AWS shows the token once",
        "https://sso.example.com/saml2/a/metadata",
        &format!("add the key Region with the value {PATH}"),
        "https://aws.amazon.com/SAML/Attributes/AccessControl:CostCenter",
        "Name: -a@b. Policies: ReadOnlyAccess. Session duration: 90 minutes.",
        "AWS access portal URL",
    ] {
        assert!(steps.contains(words), "{words}\n{steps}");
    }
}

#[test]
fn what_aws_would_refuse_is_refused_with_the_rule() {
    let refused = |change: &dyn Fn(&mut IdentityCenterSetup)| {
        let mut setup = setup();
        change(&mut setup);
        setup.check().unwrap_err()
    };
    let path = |path: &str| AccessSource::Directory(path.to_owned());
    assert!(matches!(
        refused(&|s| s.region = "us-east-1\"".into()),
        E::Region { .. }
    ));
    assert!(matches!(
        refused(&|s| s.permission_sets[0].name = "x".repeat(33)),
        E::PermissionSetName { .. }
    ));
    assert!(matches!(
        refused(&|s| s.permission_sets[0].session_seconds = 43201),
        E::SessionLength { .. }
    ));
    assert!(matches!(
        refused(&|s| s.permission_sets[0].managed_policies =
            vec![format!("arn:aws:iam::{FIRST}:policy/x")]),
        E::PolicyOfAnotherAccount { .. }
    ));
    assert!(matches!(
        refused(&|s| s.assignments[0].permission_set = "gone".into()),
        E::UnknownPermissionSet { .. }
    ));
    assert!(matches!(
        refused(&|s| s.assignments[0].group = "a:b".into()),
        E::GroupName { .. }
    ));
    assert!(matches!(
        refused(&|s| s.assignments.push(s.assignments[0].clone())),
        E::Twice { .. }
    ));
    assert!(matches!(
        refused(&|s| s.attributes[0].source = path("a}${b")),
        E::DirectoryPath { .. }
    ));
    assert!(matches!(
        refused(&|s| s.attributes[0].key = "a,b".into()),
        E::TagKey { .. }
    ));
}
