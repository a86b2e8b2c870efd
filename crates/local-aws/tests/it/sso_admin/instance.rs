//! The instance.

use serde_json::json;

use super::{Center, assigned};
use crate::support::{ACCOUNT, START, json::Service};

#[tokio::test]
async fn the_instance_is_listed_and_described_in_its_region() {
    let center = Center::enabled_in("eu-west-1").await;
    let listed = center.ok("ListInstances", json!({})).await;
    let instance = &listed["Instances"][0];
    let store = &instance["IdentityStoreId"];
    assert_eq!(
        *instance,
        json!({
            "InstanceArn": center.instance, "IdentityStoreId": store, "OwnerAccountId": ACCOUNT,
            "CreatedDate": START, "Status": "ACTIVE", "PrimaryRegion": "eu-west-1",
            "Regions": [{"RegionName": "eu-west-1", "Status": "ACTIVE", "AddedDate": START,
                "IsPrimaryRegion": true}],
        })
    );
    let described = center.ok("DescribeInstance", json!({})).await;
    assert_eq!(
        described,
        json!({
            "InstanceArn": center.instance, "IdentityStoreId": store, "OwnerAccountId": ACCOUNT,
            "CreatedDate": START, "Status": "ACTIVE",
            "EncryptionConfigurationDetails": {
                "KeyType": "AWS_OWNED_KMS_KEY", "EncryptionStatus": "ENABLED"},
        })
    );
}

#[tokio::test]
async fn another_region_does_not_have_the_instance() {
    let center = Center::enabled_in("eu-west-1").await;
    let keys = &center.world.admin;
    let world = &center.world;
    let elsewhere = async |operation: &str, input: serde_json::Value| {
        world
            .json_in("us-east-1", keys, Service::SsoAdmin, operation, &input)
            .await
    };
    let listed = elsewhere("ListInstances", json!({})).await.ok();
    assert_eq!(listed, json!({"Instances": []}));
    let input = json!({"InstanceArn": center.instance});
    let refused = elsewhere("ListPermissionSets", input).await;
    assert_eq!(refused.refusal().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn an_instance_that_is_not_ours_cannot_be_found() {
    let center = Center::enabled().await;
    let other = "arn:aws:sso:::instance/ssoins-0000000000000000";
    for operation in ["DescribeInstance", "ListPermissionSets", "DeleteInstance"] {
        let refused = center.call(operation, json!({"InstanceArn": other})).await;
        assert_eq!(
            refused.refusal(),
            (
                "ResourceNotFoundException",
                "Could not find Instance with id ssoins-0000000000000000"
            ),
            "{operation}"
        );
    }
    let set = "arn:aws:sso:::permissionSet/ssoins-0000000000000000/ps-0000000000000000";
    assert_eq!(
        center
            .refused("DescribePermissionSet", set, json!({}))
            .await,
        (
            "ResourceNotFoundException".into(),
            "Could not find PermissionSet with id ps-0000000000000000".into()
        )
    );
}

#[tokio::test]
async fn the_instance_gets_a_name() {
    let center = Center::enabled().await;
    center.ok("UpdateInstance", json!({"Name": "acme"})).await;
    let described = center.ok("DescribeInstance", json!({})).await;
    assert_eq!(described["Name"], "acme");
    let key = json!({"EncryptionConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}});
    let refused = center.call("UpdateInstance", key).await;
    assert_eq!(refused.refusal().0, "ValidationException");
}

#[tokio::test]
async fn a_deleted_instance_takes_everything_with_it() {
    let center = Center::enabled().await;
    assigned(&center).await;
    center.ok("DeleteInstance", json!({})).await;
    let listed = center.ok("ListInstances", json!({})).await;
    assert_eq!(listed, json!({"Instances": []}));
    assert!(center.role_names().await.is_empty());
    let admin = &center.world.admin;
    let providers = center
        .world
        .iam(admin, &[("Action", "ListSAMLProviders")])
        .await;
    assert!(providers.values("Arn").is_empty(), "{}", providers.text);
    let center = Center {
        world: center.world.restart(),
        ..center
    };
    let listed = center.ok("ListInstances", json!({})).await;
    assert_eq!(listed, json!({"Instances": []}));
}

#[tokio::test]
async fn an_instance_of_a_single_account_is_not_created() {
    let center = Center::enabled().await;
    let refused = center.call("CreateInstance", json!({"Name": "mine"})).await;
    let (exception, message) = refused.refusal();
    assert_eq!(exception, "ValidationException");
    assert!(message.contains("that of the organization"), "{message}");
}
