//! Who may administer Identity Center.

use serde_json::json;

use super::{Center, assigned, assignment};
use crate::support::{ACCOUNT, World, idp::Idp, json::Service, signing::Keys};

async fn member(center: &Center) -> (String, Keys) {
    let account = center.world.new_account("audit").await;
    let keys = Keys::from(center.world.aws.ensure_account(&account, "audit").unwrap());
    (account, keys)
}

async fn delegate(world: &World, account: &str) {
    let service = json!({"ServicePrincipal": "sso.amazonaws.com"});
    world.organize("EnableAWSServiceAccess", service).await;
    let delegate = json!({"AccountId": account, "ServicePrincipal": "sso.amazonaws.com"});
    world
        .organize("RegisterDelegatedAdministrator", delegate)
        .await;
}

#[tokio::test]
async fn a_member_account_may_not_administer_the_instance() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let (account, keys) = member(&center).await;
    for (operation, input) in [
        ("ListPermissionSets", json!({})),
        ("CreatePermissionSet", json!({"Name": "Mine"})),
        ("DeletePermissionSet", json!({"PermissionSetArn": set})),
        (
            "CreateAccountAssignment",
            assignment(&set, &account, ("USER", &user)),
        ),
        ("DeleteInstance", json!({})),
    ] {
        let refused = center.call_as(&keys, operation, input).await;
        assert_eq!(
            refused.refusal(),
            (
                "AccessDeniedException",
                format!(
                    "User: arn:aws:iam::{account}:root is not authorized to perform: sso:{operation} on resource: {} because no resource-based policy allows the sso:{operation} action",
                    center.instance
                )
                .as_str()
            )
        );
    }
}

#[tokio::test]
async fn a_delegated_administrator_administers_all_but_the_management_account() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let (account, keys) = member(&center).await;
    delegate(&center.world, &account).await;
    let listed = center.call_as(&keys, "ListPermissionSets", json!({})).await;
    assert_eq!(listed.ok(), json!({"PermissionSets": [set]}));
    let own = assignment(&set, &account, ("USER", &user));
    center
        .call_as(&keys, "CreateAccountAssignment", own)
        .await
        .ok();
    let management = assignment(&set, ACCOUNT, ("USER", &user));
    let refused = center
        .call_as(&keys, "CreateAccountAssignment", management)
        .await;
    assert_eq!(refused.refusal().0, "AccessDeniedException");
    for operation in ["DeleteInstance", "UpdateInstance"] {
        let refused = center.call_as(&keys, operation, json!({})).await;
        assert_eq!(refused.refusal().0, "AccessDeniedException", "{operation}");
    }
}

/// A policy that names one permission set and one account is enough for just these.
#[tokio::test]
async fn a_role_needs_the_action_on_every_resource_of_a_request() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let other = center.set("Others").await;
    let idp = Idp::new("https://idp.example/metadata");
    let world = &center.world;
    world.provider(ACCOUNT, "Idp", &idp);
    let trust = crate::support::trust(ACCOUNT, "Idp");
    world.role(
        ACCOUNT,
        jetway_local_aws::iam::NewRole::new("Engineer", trust),
    );
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sso:CreateAccountAssignment", "Resource": [
            center.instance, set, format!("arn:aws:sso:::account/{ACCOUNT}")]},
        {"Effect": "Allow", "Action": "sso:DescribePermissionSet", "Resource": "*",
            "Condition": {"StringEquals": {"aws:ResourceTag/team": "ops"}}}]});
    world
        .iam(
            &world.admin,
            &[
                ("Action", "PutRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "assign"),
                ("PolicyDocument", &policy.to_string()),
            ],
        )
        .await
        .assert_ok();
    let keys = world.redeem("Engineer", &idp.response()).await.keys();
    let allowed = assignment(&set, ACCOUNT, ("USER", &user));
    center
        .call_as(&keys, "CreateAccountAssignment", allowed)
        .await
        .ok();
    let elsewhere = assignment(&set, "210987654321", ("USER", &user));
    let another = assignment(&other, ACCOUNT, ("USER", &user));
    for (input, resource) in [
        (elsewhere, "arn:aws:sso:::account/210987654321"),
        (another, other.as_str()),
    ] {
        let refused = center
            .call_as(&keys, "CreateAccountAssignment", input)
            .await;
        let (exception, message) = refused.refusal();
        assert_eq!(exception, "AccessDeniedException");
        assert!(
            message.contains(&format!("on resource: {resource} because")),
            "{message}"
        );
    }

    let describe = json!({"PermissionSetArn": set});
    let refused = center
        .call_as(&keys, "DescribePermissionSet", describe.clone())
        .await;
    assert_eq!(refused.refusal().0, "AccessDeniedException");
    for arn in [&set, &center.instance] {
        let tag = json!({"ResourceArn": arn, "Tags": [{"Key": "team", "Value": "ops"}]});
        center.ok("TagResource", tag).await;
    }
    center
        .call_as(&keys, "DescribePermissionSet", describe)
        .await
        .ok();
}

#[tokio::test]
async fn without_an_instance_there_is_nothing_to_administer() {
    let world = World::organized().await;
    let listed = world
        .json_as(&world.admin, Service::SsoAdmin, "ListInstances", &json!({}))
        .await;
    assert_eq!(listed.ok(), json!({"Instances": []}));
    let input = json!({"InstanceArn": "arn:aws:sso:::instance/ssoins-0000000000000000"});
    let refused = world
        .json_as(
            &world.admin,
            Service::SsoAdmin,
            "ListPermissionSets",
            &input,
        )
        .await;
    assert_eq!(refused.refusal().0, "ResourceNotFoundException");
}

/// A permission set of the management account is changed by that account alone.
#[tokio::test]
async fn a_delegated_administrator_leaves_what_the_management_account_uses_alone() {
    let center = Center::enabled().await;
    let (used, holder) = assigned(&center).await;
    let free = center.set("Members").await;
    let (account, keys) = member(&center).await;
    delegate(&center.world, &account).await;
    center.assign(&used, &account, ("USER", &holder)).await;
    let admin = "arn:aws:iam::aws:policy/AdministratorAccess";
    let inline = super::ALLOW_S3;
    for (operation, mut input) in [
        (
            "AttachManagedPolicyToPermissionSet",
            json!({"ManagedPolicyArn": admin}),
        ),
        (
            "PutInlinePolicyToPermissionSet",
            json!({"InlinePolicy": inline}),
        ),
        ("DeleteInlinePolicyFromPermissionSet", json!({})),
        (
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            json!({"CustomerManagedPolicyReference": {"Name": "Mine"}}),
        ),
        (
            "PutPermissionsBoundaryToPermissionSet",
            json!({"PermissionsBoundary": {"ManagedPolicyArn": admin}}),
        ),
        ("UpdatePermissionSet", json!({"SessionDuration": "PT12H"})),
        (
            "ProvisionPermissionSet",
            json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"}),
        ),
        ("DeletePermissionSet", json!({})),
    ] {
        input["PermissionSetArn"] = json!(used);
        let refused = center.call_as(&keys, operation, input.clone()).await;
        let (exception, message) = refused.refusal();
        assert_eq!(exception, "AccessDeniedException", "{operation}");
        assert!(
            message.contains("used in the management account"),
            "{message}"
        );
        input["PermissionSetArn"] = json!(free);
        let allowed = center.call_as(&keys, operation, input).await;
        assert_eq!(allowed.status, 200, "{operation}: {}", allowed.body);
    }
    let tag = json!({"ResourceArn": used, "Tags": [{"Key": "team", "Value": "ops"}]});
    let refused = center.call_as(&keys, "TagResource", tag).await;
    assert_eq!(refused.refusal().0, "AccessDeniedException");
    let own = json!({"PermissionSetArn": used, "TargetType": "AWS_ACCOUNT", "TargetId": account});
    center
        .call_as(&keys, "ProvisionPermissionSet", own)
        .await
        .ok();
}

#[tokio::test]
async fn an_account_outside_the_organisation_sees_no_instance() {
    let center = Center::enabled().await;
    let outsider = center
        .world
        .aws
        .ensure_account("210987654321", "x")
        .unwrap();
    let (_, inside) = member(&center).await;
    let seen = async |keys: &Keys| {
        center
            .call_as(keys, "ListInstances", json!({"InstanceArn": null}))
            .await
            .ok()["Instances"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(seen(&Keys::from(outsider)).await, 0);
    assert_eq!(seen(&inside).await, 1);
}
