//! Provisioning: changes of a permission set reach its roles when somebody says so.

use serde_json::{Value, json};

use super::{ALLOW_S3, Center, assigned};
use crate::support::{ACCOUNT, json::text};

const LATEST: &str = "LATEST_PERMISSION_SET_PROVISIONED";
const NOT_LATEST: &str = "LATEST_PERMISSION_SET_NOT_PROVISIONED";

async fn accounts(center: &Center, set: &str, status: &str) -> Value {
    let input = json!({"ProvisioningStatus": status});
    let operation = "ListAccountsForProvisionedPermissionSet";
    center.of(operation, set, input).await["AccountIds"].clone()
}

async fn inline_names(center: &Center) -> Vec<String> {
    let name = center.role_name().await;
    let parameters = [("Action", "ListRolePolicies"), ("RoleName", name.as_str())];
    let listed = center.world.iam(&center.world.admin, &parameters).await;
    listed.assert_ok().values("member")
}

#[tokio::test]
async fn an_edited_policy_reaches_the_roles_with_the_next_provisioning() {
    let center = Center::enabled().await;
    let (set, _) = assigned(&center).await;
    assert_eq!(accounts(&center, &set, LATEST).await, json!([ACCOUNT]));
    let inline = json!({"InlinePolicy": ALLOW_S3});
    center
        .of("PutInlinePolicyToPermissionSet", &set, inline)
        .await;
    assert!(inline_names(&center).await.is_empty());
    assert_eq!(accounts(&center, &set, LATEST).await, json!([]));
    assert_eq!(accounts(&center, &set, NOT_LATEST).await, json!([ACCOUNT]));

    let status = center.provision(&set).await;
    assert_eq!(status["Status"], "SUCCEEDED");
    assert_eq!(inline_names(&center).await, ["AwsSSOInlinePolicy"]);
    assert_eq!(accounts(&center, &set, LATEST).await, json!([ACCOUNT]));
    assert_eq!(accounts(&center, &set, NOT_LATEST).await, json!([]));
}

#[tokio::test]
async fn tags_need_no_provisioning() {
    let center = Center::enabled().await;
    let (set, _) = assigned(&center).await;
    let tag = json!({"ResourceArn": set, "Tags": [{"Key": "team", "Value": "ops"}]});
    center.ok("TagResource", tag).await;
    assert_eq!(accounts(&center, &set, LATEST).await, json!([ACCOUNT]));
}

#[tokio::test]
async fn provisioning_one_account_leaves_the_others_as_they_are() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let other = center.world.new_account("audit").await;
    center.assign(&set, &other, ("USER", &user)).await;
    let update = json!({"Description": "New"});
    center.of("UpdatePermissionSet", &set, update).await;
    let input = json!({"TargetType": "AWS_ACCOUNT", "TargetId": other});
    let begun = center.of("ProvisionPermissionSet", &set, input).await;
    let begun = &begun["PermissionSetProvisioningStatus"];
    assert_eq!(begun["Status"], "IN_PROGRESS");
    assert_eq!(begun["AccountId"], other);
    assert_eq!(begun["PermissionSetArn"], set);
    assert_eq!(accounts(&center, &set, LATEST).await, json!([other]));
    assert_eq!(accounts(&center, &set, NOT_LATEST).await, json!([ACCOUNT]));
}

#[tokio::test]
async fn where_one_account_refuses_the_others_are_provisioned_all_the_same() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let other = center.world.new_account("audit").await;
    center.assign(&set, &other, ("USER", &user)).await;
    let created = center
        .world
        .iam(
            &center.world.admin,
            &[
                ("Action", "CreatePolicy"),
                ("PolicyName", "Mine"),
                ("PolicyDocument", ALLOW_S3),
            ],
        )
        .await;
    created.assert_ok();
    let reference = json!({"CustomerManagedPolicyReference": {"Name": "Mine"}});
    let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
    center.of(attach, &set, reference).await;
    let status = center.provision(&set).await;
    assert_eq!(status["Status"], "FAILED");
    assert_eq!(
        status["FailureReason"],
        format!(
            "Received a 404 status error: Policy arn:aws:iam::{other}:policy/Mine does not exist or is not attachable."
        )
    );
    assert_eq!(accounts(&center, &set, LATEST).await, json!([ACCOUNT]));
    assert_eq!(accounts(&center, &set, NOT_LATEST).await, json!([other]));
}

#[tokio::test]
async fn an_account_lists_what_is_provisioned_in_it() {
    let center = Center::enabled().await;
    let (admins, user) = assigned(&center).await;
    center.world.advance(1);
    let billing = center.set("Billing").await;
    center.set("Unused").await;
    center.assign(&billing, ACCOUNT, ("USER", &user)).await;
    let update = json!({"Description": "New"});
    center.of("UpdatePermissionSet", &billing, update).await;
    let list = async |mut input: Value| {
        input["AccountId"] = json!(ACCOUNT);
        let operation = "ListPermissionSetsProvisionedToAccount";
        center.ok(operation, input).await["PermissionSets"].clone()
    };
    assert_eq!(list(json!({})).await, json!([admins, billing]));
    let latest = json!({"ProvisioningStatus": LATEST});
    assert_eq!(list(latest).await, json!([admins]));
    let behind = json!({"ProvisioningStatus": NOT_LATEST});
    assert_eq!(list(behind).await, json!([billing]));
}

#[tokio::test]
async fn provisioning_an_account_needs_its_id() {
    let center = Center::enabled().await;
    let (set, _) = assigned(&center).await;
    let input = json!({"TargetType": "AWS_ACCOUNT"});
    assert_eq!(
        center.refused("ProvisionPermissionSet", &set, input).await,
        (
            "ValidationException".into(),
            "TargetId is required when TargetType is AWS_ACCOUNT.".into()
        )
    );
}

#[tokio::test]
async fn a_role_that_was_provisioned_for_nobody_goes_with_its_permission_set() {
    let center = Center::enabled().await;
    let set = center.set("Early").await;
    let input = json!({"TargetType": "AWS_ACCOUNT", "TargetId": ACCOUNT});
    let begun = center.of("ProvisionPermissionSet", &set, input).await;
    text(&begun["PermissionSetProvisioningStatus"]["RequestId"]);
    assert_eq!(center.role_names().await.len(), 1);
    center.of("DeletePermissionSet", &set, json!({})).await;
    assert!(center.role_names().await.is_empty());
}

#[tokio::test]
async fn a_closed_account_is_told_and_the_others_are_provisioned() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    // Closed accounts come first and last in the order of ids.
    let mut closed = Vec::new();
    for name in ["audit", "logs"] {
        let account = center.world.new_account(name).await;
        center.assign(&set, &account, ("USER", &user)).await;
        closed.push(account);
    }
    for account in &closed {
        let input = json!({"AccountId": account});
        center.world.organize("CloseAccount", input).await;
    }
    center
        .of("UpdatePermissionSet", &set, json!({"Description": "New"}))
        .await;
    let status = center.provision(&set).await;
    assert_eq!(status["Status"], "FAILED");
    let reason = status["FailureReason"].as_str().unwrap();
    assert!(reason.contains("is suspended"), "{reason}");
    assert_eq!(accounts(&center, &set, LATEST).await, json!([ACCOUNT]));
}

/// What Identity Center made in an account goes with it, whichever way it leaves.
#[tokio::test]
async fn an_account_that_leaves_loses_its_assignments_and_roles() {
    for by_itself in [true, false] {
        let center = Center::enabled().await;
        let (set, user) = assigned(&center).await;
        let world = &center.world;
        let other = world.new_account("audit").await;
        center.assign(&set, &other, ("USER", &user)).await;
        let keys = world.aws.ensure_account(&other, "audit").unwrap();
        let keys = crate::support::signing::Keys::from(keys);
        let organizations = crate::support::json::Service::Organizations;
        if by_itself {
            let leave = world
                .json_as(&keys, organizations, "LeaveOrganization", &json!({}))
                .await;
            leave.ok();
        } else {
            let remove = json!({"AccountId": other});
            world
                .organize("RemoveAccountFromOrganization", remove)
                .await;
        }
        assert_eq!(
            center
                .of("ListAccountsForProvisionedPermissionSet", &set, json!({}))
                .await["AccountIds"],
            json!([ACCOUNT])
        );
        let state = world.aws.state();
        let instance = state.identity_center.as_ref().unwrap();
        assert_eq!(instance.assignments_in(&other).count(), 0);
        assert_eq!(instance.assignments_in(ACCOUNT).count(), 1);
        let roles = world
            .iam(
                &keys,
                &[("Action", "ListRoles"), ("PathPrefix", "/aws-reserved/")],
            )
            .await;
        assert_eq!(roles.assert_ok().values("RoleName"), Vec::<String>::new());
        let providers = world.iam(&keys, &[("Action", "ListSAMLProviders")]).await;
        assert_eq!(providers.assert_ok().values("Arn"), Vec::<String>::new());
    }
}
