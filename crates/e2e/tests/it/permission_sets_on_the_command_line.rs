//! Permission sets and account assignments with the AWS CLI, step by step as Terraform administers
//! them: what is asynchronous is asked for until it is done.

use std::process::Output;

use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};
use serde_json::{Value, json};

use crate::person::{Person, refused, succeeded};

const VIEW_ONLY: &str = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";

/// The administrator of the management account.
struct Administrator<'a> {
    person: &'a Person,
    account: &'a Value,
    instance: String,
}

impl<'a> Administrator<'a> {
    fn of(person: &'a Person, account: &'a Value) -> Self {
        let mut administrator = Self {
            person,
            account,
            instance: String::new(),
        };
        let listed = succeeded(&administrator.aws(&["sso-admin", "list-instances"]));
        let listed: Value = serde_json::from_str(&listed).unwrap();
        let instance = &listed["Instances"][0]["InstanceArn"];
        instance
            .as_str()
            .unwrap()
            .clone_into(&mut administrator.instance);
        administrator
    }

    fn aws(&self, words: &[&str]) -> Output {
        self.person
            .aws_as_administrator(self.account)
            .unwrap()
            .args(["--region", "us-east-1", "--output", "json"])
            .args(words)
            .output()
            .unwrap()
    }

    fn try_sso(&self, operation: &str, words: &[&str]) -> Output {
        let instance = ["sso-admin", operation, "--instance-arn", &self.instance];
        self.aws(&[&instance, words].concat())
    }

    /// `aws sso-admin …` that works. Some operations answer nothing.
    fn sso(&self, operation: &str, words: &[&str]) -> Value {
        let printed = succeeded(&self.try_sso(operation, words));
        match printed.trim() {
            "" => Value::Null,
            text => serde_json::from_str(text).unwrap(),
        }
    }

    /// Begins something asynchronous and gives what became of it. `member` is where its status
    /// stands, `ask` the operation that tells it, `option` how its id is given.
    fn done(&self, begun: &Value, member: &str, ask: &str, option: &str) -> Value {
        assert_eq!(begun[member]["Status"], "IN_PROGRESS", "{begun}");
        let id = begun[member]["RequestId"].as_str().unwrap();
        self.sso(ask, &[option, id])[member].clone()
    }

    /// The names of the roles of this permission set in the account.
    fn roles(&self, permission_set: &str) -> Vec<String> {
        let printed = succeeded(&self.aws(&[
            "iam",
            "list-roles",
            "--path-prefix",
            "/aws-reserved/sso.amazonaws.com/",
            "--query",
            "Roles[].RoleName",
        ]));
        let names: Vec<String> = serde_json::from_str(&printed).unwrap();
        let prefix = format!("AWSReservedSSO_{permission_set}_");
        names
            .into_iter()
            .filter(|name| name.starts_with(&prefix))
            .collect()
    }

    fn inline_policy(&self, role: &str) -> Output {
        self.aws(&[
            "iam",
            "get-role-policy",
            "--role-name",
            role,
            "--policy-name",
            "AwsSSOInlinePolicy",
            "--query",
            "PolicyDocument.Statement[0].Action",
        ])
    }
}

/// The group of somebody who is assigned something in the sample organisation.
fn some_group(administrator: &Administrator<'_>, account: &str) -> String {
    let provisioned = administrator.sso(
        "list-permission-sets-provisioned-to-account",
        &["--account-id", account],
    );
    let set = provisioned["PermissionSets"][0].as_str().unwrap();
    let assigned = administrator.sso(
        "list-account-assignments",
        &["--account-id", account, "--permission-set-arn", set],
    );
    let assignment = &assigned["AccountAssignments"][0];
    assert_eq!(assignment["PrincipalType"], "GROUP");
    assignment["PrincipalId"].as_str().unwrap().to_owned()
}

#[test]
fn the_aws_cli_administers_permission_sets_and_assignments() {
    let aws_cli = require!(counterparts::aws_cli());
    let jetwayd = Jetwayd::dev().unwrap();
    let person = Person::new(&jetwayd, aws_cli).unwrap();
    let account = &jetwayd.dev_json()["aws"]["accounts"][0];
    let administrator = Administrator::of(&person, account);
    let account = account["id"].as_str().unwrap();
    let group = some_group(&administrator, account);

    let created = administrator.sso(
        "create-permission-set",
        &["--name", "Auditors", "--session-duration", "PT2H"],
    );
    let set = created["PermissionSet"]["PermissionSetArn"]
        .as_str()
        .unwrap();
    let named = ["--permission-set-arn", set];
    administrator.sso(
        "attach-managed-policy-to-permission-set",
        &[&named[..], &["--managed-policy-arn", VIEW_ONLY]].concat(),
    );
    let put_inline = |action: &str| {
        let document = json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": action, "Resource": "*"}]})
        .to_string();
        let words = ["--inline-policy", &document];
        administrator.sso(
            "put-inline-policy-to-permission-set",
            &[&named[..], &words].concat(),
        );
    };
    put_inline("s3:GetObject");

    let target = [
        &named[..],
        &["--target-id", account, "--target-type", "AWS_ACCOUNT"],
        &["--principal-type", "GROUP", "--principal-id", &group],
    ]
    .concat();
    let assigned = administrator.done(
        &administrator.sso("create-account-assignment", &target),
        "AccountAssignmentCreationStatus",
        "describe-account-assignment-creation-status",
        "--account-assignment-creation-request-id",
    );
    assert_eq!(assigned["Status"], "SUCCEEDED", "{assigned}");
    let roles = administrator.roles("Auditors");
    assert_eq!(roles.len(), 1, "{roles:?}");
    let role = &roles[0];
    let inline = || succeeded(&administrator.inline_policy(role));
    assert_eq!(inline().trim(), "\"s3:GetObject\"");

    put_inline("s3:PutObject");
    assert_eq!(inline().trim(), "\"s3:GetObject\"");
    let everywhere = ["--target-type", "ALL_PROVISIONED_ACCOUNTS"];
    let provisioned = administrator.done(
        &administrator.sso(
            "provision-permission-set",
            &[&named[..], &everywhere].concat(),
        ),
        "PermissionSetProvisioningStatus",
        "describe-permission-set-provisioning-status",
        "--provision-permission-set-request-id",
    );
    assert_eq!(provisioned["Status"], "SUCCEEDED", "{provisioned}");
    assert_eq!(inline().trim(), "\"s3:PutObject\"");
    assert_eq!(administrator.roles("Auditors"), roles);

    what_is_in_use_stays(&administrator, role, &named);

    let unassigned = administrator.done(
        &administrator.sso("delete-account-assignment", &target),
        "AccountAssignmentDeletionStatus",
        "describe-account-assignment-deletion-status",
        "--account-assignment-deletion-request-id",
    );
    assert_eq!(unassigned["Status"], "SUCCEEDED", "{unassigned}");
    assert!(administrator.roles("Auditors").is_empty());
    administrator.sso("delete-permission-set", &named);
    let error = refused(&administrator.try_sso("describe-permission-set", &named));
    assert!(error.contains("(ResourceNotFoundException)"), "{error}");
}

/// The role is AWS's, and the permission set is assigned.
fn what_is_in_use_stays(administrator: &Administrator<'_>, role: &str, named: &[&str]) {
    let error = refused(&administrator.aws(&["iam", "delete-role", "--role-name", role]));
    assert!(
        error.contains("(UnmodifiableEntity)")
            && error.contains("this role is only modifiable by AWS"),
        "{error}"
    );
    let error = refused(&administrator.try_sso("delete-permission-set", named));
    assert!(
        error.contains("(ConflictException)")
            && error.contains("PermissionSet has ApplicationProfile associated with it."),
        "{error}"
    );
}
