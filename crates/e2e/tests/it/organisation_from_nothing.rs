//! An organisation with IAM Identity Center, built from nothing with the AWS CLI and torn down again.

use std::process::Output;

use jetway_testkit::process::Jetwayd;
use jetway_testkit::{counterparts, require};
use serde_json::Value;

use crate::federation_from_nothing::{ACCOUNT, environment_of};
use crate::local_administration::local_administration;
use crate::person::{Person, refused, succeeded};

/// The AWS CLI as the administrator of the management account.
struct Builder {
    person: Person,
    administrator: Value,
}

impl Builder {
    fn run(&self, line: &str, more: &[&str]) -> Output {
        self.person
            .aws_as_administrator(&self.administrator)
            .unwrap()
            .args(line.split_whitespace())
            .args(more)
            .output()
            .unwrap()
    }

    /// What a command answers that must succeed; `null` when it prints nothing.
    #[track_caller]
    fn done(&self, line: &str) -> Value {
        self.done_with(line, &[])
    }

    /// The same with words that have spaces in them.
    #[track_caller]
    fn done_with(&self, line: &str, more: &[&str]) -> Value {
        let text = succeeded(&self.run(line, more));
        if text.trim().is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap()
    }

    /// What the AWS CLI says about a refusal.
    #[track_caller]
    fn refused(&self, line: &str) -> String {
        refused(&self.run(line, &[]))
    }

    /// Creates an account, asks for its status as AWS's guide says, and gives its id.
    fn account(&self, name: &str) -> String {
        let begun = self.done(&format!(
            "organizations create-account --account-name {name} --email {name}@example.com"
        ));
        assert_eq!(begun["CreateAccountStatus"]["State"], "IN_PROGRESS");
        let request = text(&begun["CreateAccountStatus"]["Id"]);
        let status = self.done(&format!(
            "organizations describe-create-account-status --create-account-request-id {request}"
        ));
        assert_eq!(status["CreateAccountStatus"]["State"], "SUCCEEDED");
        text(&status["CreateAccountStatus"]["AccountId"])
    }

    /// Assigns or takes away, and waits as Terraform does: by asking for the status.
    fn assignment(&self, verb: &str, noun: &str, instance: &str, what: &str) {
        let begun = self.done(&format!(
            "sso-admin {verb}-account-assignment --instance-arn {instance} {what}"
        ));
        let status = |answer: &Value| {
            let members = answer.as_object().unwrap().values().next();
            members.unwrap().clone()
        };
        let mut request = status(&begun);
        while request["Status"] == "IN_PROGRESS" {
            request = status(&self.done(&format!(
                "sso-admin describe-account-assignment-{noun}-status --instance-arn {instance} --account-assignment-{noun}-request-id {}",
                text(&request["RequestId"])
            )));
        }
        assert_eq!(request["Status"], "SUCCEEDED", "{request}");
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}

/// Requirements I01, I02.
#[test]
fn an_organisation_is_built_from_nothing_with_the_aws_cli_and_torn_down() {
    let aws_cli = require!(counterparts::aws_cli());
    let local_aws = Jetwayd::local_aws_with(&["--account", ACCOUNT]).unwrap();
    let aws = Builder {
        person: Person::new(&local_aws, aws_cli).unwrap(),
        administrator: environment_of(&local_aws).unwrap(),
    };

    let tree = build_tree(&aws);
    let (instance, store) = enable(&aws, &local_aws);
    let people = build_people(&aws, &store);
    let permission_set = grant(&aws, &instance, &tree, &people);

    take_away(&aws, &instance, &tree, &people, &permission_set);
    remove_people(&aws, &store, &people);
    aws.done(&format!(
        "sso-admin delete-instance --instance-arn {instance}"
    ));
    remove_tree(&aws, &tree);
}

/// Root, one unit below it, and two accounts, one of them in the unit.
struct Tree {
    root: String,
    unit: String,
    accounts: [String; 2],
}

fn build_tree(aws: &Builder) -> Tree {
    let nothing = aws.refused("organizations describe-organization");
    assert!(
        nothing.contains("(AWSOrganizationsNotInUseException) when calling the DescribeOrganization operation: Your account is not a member of an organization."),
        "{nothing}"
    );
    let created = aws.done("organizations create-organization --feature-set ALL");
    assert_eq!(created["Organization"]["MasterAccountId"], ACCOUNT);
    let again = aws.refused("organizations create-organization");
    assert!(
        again.contains("(AlreadyInOrganizationException)"),
        "{again}"
    );

    let roots = aws.done("organizations list-roots");
    let root = text(&roots["Roots"][0]["Id"]);
    let unit = aws.done(&format!(
        "organizations create-organizational-unit --parent-id {root} --name Workloads --tags Key=team,Value=blue"
    ));
    let unit = text(&unit["OrganizationalUnit"]["Id"]);
    let accounts = ["staging", "production"].map(|name| aws.account(name));
    aws.done(&format!(
        "organizations move-account --account-id {} --source-parent-id {root} --destination-parent-id {unit}",
        accounts[1]
    ));
    let below = aws.done(&format!(
        "organizations list-accounts-for-parent --parent-id {unit}"
    ));
    assert_eq!(below["Accounts"][0]["Name"], "production");
    // One account a page: the CLI follows the tokens.
    let all = aws.done("organizations list-accounts --page-size 1");
    assert_eq!(all["Accounts"].as_array().unwrap().len(), 3);
    let tags = aws.done(&format!(
        "organizations list-tags-for-resource --resource-id {unit}"
    ));
    assert_eq!(tags["Tags"][0]["Value"], "blue");
    Tree {
        root,
        unit,
        accounts,
    }
}

/// Enables IAM Identity Center, which AWS offers in its console only; gives the ARN of the instance
/// and the id of its identity store.
fn enable(aws: &Builder, local_aws: &Jetwayd) -> (String, String) {
    let enabled = local_administration(local_aws, &aws.administrator, "EnableInstance").unwrap();
    let refused = aws.refused("organizations delete-organization");
    assert!(
        refused.contains("(OrganizationNotEmptyException)"),
        "{refused}"
    );
    let listed = aws.done("sso-admin list-instances");
    let instance = &listed["Instances"][0];
    assert_eq!(instance["InstanceArn"], enabled["InstanceArn"]);
    (
        text(&instance["InstanceArn"]),
        text(&instance["IdentityStoreId"]),
    )
}

/// A user in a group.
struct People {
    user: String,
    group: String,
    membership: String,
}

fn build_people(aws: &Builder, store: &str) -> People {
    let create_user = format!(
        "identitystore create-user --identity-store-id {store} --user-name road.runner --name GivenName=Road,FamilyName=Runner --emails Value=road.runner@example.com,Primary=true"
    );
    let user = aws.done_with(&create_user, &["--display-name", "Road Runner"]);
    let user = text(&user["UserId"]);
    let again = refused(&aws.run(&create_user, &["--display-name", "Road Runner"]));
    assert!(
        again.contains(
            "(ConflictException) when calling the CreateUser operation: Duplicate UserName"
        ) && again.contains("UNIQUENESS_CONSTRAINT_VIOLATION"),
        "{again}"
    );
    let group = aws.done(&format!(
        "identitystore create-group --identity-store-id {store} --display-name runners"
    ));
    let group = text(&group["GroupId"]);
    let membership = aws.done(&format!(
        "identitystore create-group-membership --identity-store-id {store} --group-id {group} --member-id UserId={user}"
    ));
    let alternate = r#"{"UniqueAttribute":{"AttributePath":"emails.value","AttributeValue":"road.runner@example.com"}}"#;
    let found = aws.done(&format!(
        "identitystore get-user-id --identity-store-id {store} --alternate-identifier {alternate}"
    ));
    assert_eq!(found["UserId"], user.as_str());
    let operations = r#"[{"AttributePath":"title","AttributeValue":"Runner"},{"AttributePath":"aws:identitystore:enterprise.costCenter","AttributeValue":"Birdseed"}]"#;
    aws.done(&format!(
        "identitystore update-user --identity-store-id {store} --user-id {user} --operations {operations}"
    ));
    let described = aws.done(&format!(
        "identitystore describe-user --identity-store-id {store} --user-id {user} --extensions aws:identitystore:enterprise"
    ));
    assert_eq!(described["Title"], "Runner");
    assert_eq!(
        described["Extensions"]["aws:identitystore:enterprise"]["costCenter"],
        "Birdseed"
    );
    let members = aws.done(&format!(
        "identitystore list-group-memberships --identity-store-id {store} --group-id {group}"
    ));
    assert_eq!(
        members["GroupMemberships"][0]["MemberId"]["UserId"],
        user.as_str()
    );
    People {
        user,
        group,
        membership: text(&membership["MembershipId"]),
    }
}

/// What the group holds in the production account, for the AWS CLI.
fn assignment(tree: &Tree, people: &People, permission_set: &str) -> String {
    format!(
        "--target-id {} --target-type AWS_ACCOUNT --permission-set-arn {permission_set} --principal-type GROUP --principal-id {}",
        tree.accounts[1], people.group
    )
}

fn grant(aws: &Builder, instance: &str, tree: &Tree, people: &People) -> String {
    let created = aws.done(&format!(
        "sso-admin create-permission-set --instance-arn {instance} --name ReadOnly --session-duration PT2H"
    ));
    let permission_set = text(&created["PermissionSet"]["PermissionSetArn"]);
    aws.done(&format!(
        "sso-admin attach-managed-policy-to-permission-set --instance-arn {instance} --permission-set-arn {permission_set} --managed-policy-arn arn:aws:iam::aws:policy/ReadOnlyAccess"
    ));
    let what = assignment(tree, people, &permission_set);
    aws.assignment("create", "creation", instance, &what);
    let provisioned = aws.done(&format!(
        "sso-admin list-permission-sets-provisioned-to-account --instance-arn {instance} --account-id {}",
        tree.accounts[1]
    ));
    assert_eq!(provisioned["PermissionSets"][0], permission_set.as_str());
    let held = aws.refused(&format!(
        "sso-admin delete-permission-set --instance-arn {instance} --permission-set-arn {permission_set}"
    ));
    assert!(held.contains("(ConflictException)"), "{held}");
    permission_set
}

fn take_away(aws: &Builder, instance: &str, tree: &Tree, people: &People, permission_set: &str) {
    let what = assignment(tree, people, permission_set);
    aws.assignment("delete", "deletion", instance, &what);
    aws.done(&format!(
        "sso-admin delete-permission-set --instance-arn {instance} --permission-set-arn {permission_set}"
    ));
    let left = aws.done(&format!(
        "sso-admin list-permission-sets --instance-arn {instance}"
    ));
    assert_eq!(left["PermissionSets"], serde_json::json!([]));
}

fn remove_people(aws: &Builder, store: &str, people: &People) {
    let People {
        user,
        group,
        membership,
    } = people;
    for command in [
        format!("delete-group-membership --membership-id {membership}"),
        format!("delete-group --group-id {group}"),
        format!("delete-user --user-id {user}"),
    ] {
        aws.done(&format!(
            "identitystore {command} --identity-store-id {store}"
        ));
    }
    let gone = aws.refused(&format!(
        "identitystore describe-user --identity-store-id {store} --user-id {user}"
    ));
    assert!(
        gone.contains(
            "(ResourceNotFoundException) when calling the DescribeUser operation: USER not found."
        ),
        "{gone}"
    );
}

fn remove_tree(aws: &Builder, tree: &Tree) {
    let occupied = aws.refused(&format!(
        "organizations delete-organizational-unit --organizational-unit-id {}",
        tree.unit
    ));
    assert!(
        occupied.contains("(OrganizationalUnitNotEmptyException)"),
        "{occupied}"
    );
    aws.done(&format!(
        "organizations move-account --account-id {} --source-parent-id {} --destination-parent-id {}",
        tree.accounts[1], tree.unit, tree.root
    ));
    aws.done(&format!(
        "organizations delete-organizational-unit --organizational-unit-id {}",
        tree.unit
    ));
    for account in &tree.accounts {
        aws.done(&format!(
            "organizations remove-account-from-organization --account-id {account}"
        ));
    }
    aws.done("organizations delete-organization");
    let gone = aws.refused("organizations describe-organization");
    assert!(
        gone.contains("(AWSOrganizationsNotInUseException)"),
        "{gone}"
    );
}
