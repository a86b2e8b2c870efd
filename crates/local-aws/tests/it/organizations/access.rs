//! Who may see and change the organisation.

use serde_json::json;

use crate::support::{ACCOUNT, World, json::Service, signing::Keys};

#[tokio::test]
async fn a_member_account_sees_the_organisation_and_not_what_is_in_it() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let ask = async |operation: &str, input: serde_json::Value| {
        world
            .json_as(&keys, Service::Organizations, operation, &input)
            .await
    };
    let seen = ask("DescribeOrganization", json!({})).await.ok();
    assert_eq!(seen["Organization"]["MasterAccountId"], ACCOUNT);
    let root = world.root().await;
    for (operation, input) in [
        ("ListAccounts", json!({})),
        ("ListRoots", json!({})),
        ("DescribeAccount", json!({"AccountId": account})),
        (
            "CreateAccount",
            json!({"AccountName": "x", "Email": "x@example.com"}),
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": root, "Name": "x"}),
        ),
        ("CloseAccount", json!({"AccountId": account})),
        ("DeleteOrganization", json!({})),
    ] {
        assert_eq!(
            ask(operation, input).await.refusal(),
            (
                "AccessDeniedException",
                "You don't have permissions to access this resource."
            ),
            "{operation}"
        );
    }
}

#[tokio::test]
async fn a_delegated_administrator_reads_and_does_not_change() {
    let world = World::organized().await;
    let account = world.new_account("audit").await;
    let keys = Keys::from(world.aws.ensure_account(&account, "audit").unwrap());
    let service = json!({"ServicePrincipal": "sso.amazonaws.com"});
    world.organize("EnableAWSServiceAccess", service).await;
    let delegate = json!({"AccountId": account, "ServicePrincipal": "sso.amazonaws.com"});
    world
        .organize("RegisterDelegatedAdministrator", delegate)
        .await;
    let ask = async |operation: &str, input: serde_json::Value| {
        world
            .json_as(&keys, Service::Organizations, operation, &input)
            .await
    };
    let listed = ask("ListAccounts", json!({})).await.ok();
    assert_eq!(listed["Accounts"].as_array().unwrap().len(), 2);
    let input = json!({"AccountName": "x", "Email": "x@example.com"});
    let refused = ask("CreateAccount", input).await;
    assert_eq!(refused.refusal().0, "AccessDeniedException");
}

#[tokio::test]
async fn a_role_needs_the_action_on_the_resource() {
    let (world, idp) = World::federated();
    world.organize("CreateOrganization", json!({})).await;
    let one = world.new_account("one").await;
    let two = world.new_account("two").await;
    let policy = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Action": "organizations:DescribeAccount",
        "Resource": format!("arn:aws:organizations::{ACCOUNT}:account/*/{one}")}]});
    world
        .iam(
            &world.admin,
            &[
                ("Action", "PutRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "one"),
                ("PolicyDocument", &policy.to_string()),
            ],
        )
        .await
        .assert_ok();
    let keys = world
        .redeem("Engineer", &idp.response())
        .await
        .assert_ok()
        .keys();
    let describe = async |account: &str| {
        let input = json!({"AccountId": account});
        world
            .json_as(&keys, Service::Organizations, "DescribeAccount", &input)
            .await
    };
    describe(&one).await.ok();
    let refused = describe(&two).await;
    let (exception, message) = refused.refusal();
    assert_eq!(exception, "AccessDeniedException");
    assert!(
        message.contains("is not authorized to perform: organizations:DescribeAccount on resource: arn:aws:organizations::")
            && message.contains(&two),
        "{message}"
    );
}
