//! Groups.

use serde_json::json;

use super::store::Store;
use crate::support::{ACCOUNT, START};

#[tokio::test]
async fn a_group_is_described_as_it_was_created() {
    let store = Store::new().await;
    let input = json!({"DisplayName": "runners", "Description": "Who runs"});
    let created = store.done("CreateGroup", input).await;
    let root = format!("arn:aws:iam::{ACCOUNT}:root");
    assert_eq!(
        store
            .done("DescribeGroup", json!({"GroupId": created["GroupId"]}))
            .await,
        json!({
            "IdentityStoreId": store.id,
            "GroupId": created["GroupId"],
            "DisplayName": "runners",
            "Description": "Who runs",
            "CreatedAt": START,
            "CreatedBy": root,
            "UpdatedAt": START,
            "UpdatedBy": root,
        })
    );
}

#[tokio::test]
async fn group_names_are_there_and_unique() {
    let store = Store::new().await;
    let group = store.group("runners").await;
    let again = store
        .ask("CreateGroup", json!({"DisplayName": "Runners"}))
        .await;
    assert_eq!(
        again.refusal(),
        ("ConflictException", "Duplicate GroupDisplayName")
    );
    assert_eq!(again.reason().1, "UNIQUENESS_CONSTRAINT_VIOLATION");
    for input in [json!({}), json!({"DisplayName": "AWSAdministrators"})] {
        let refused = store.ask("CreateGroup", input).await;
        assert_eq!(refused.refusal().0, "ValidationException");
    }
    store.group("coyotes").await;
    let rename = json!([{"AttributePath": "displayName", "AttributeValue": "coyotes"}]);
    let rename = json!({"GroupId": group, "Operations": rename});
    let rename = store.ask("UpdateGroup", rename).await;
    assert_eq!(rename.refusal().1, "Duplicate GroupDisplayName");
}

#[tokio::test]
async fn a_group_is_changed_found_and_deleted() {
    let store = Store::new().await;
    let group = store.group("runners").await;
    let operations = json!([
        {"AttributePath": "displayName", "AttributeValue": "fast runners"},
        {"AttributePath": "description", "AttributeValue": "Who runs fast"},
    ]);
    let input = json!({"GroupId": group, "Operations": operations});
    store.done("UpdateGroup", input).await;
    let unique = json!({"AttributePath": "displayName", "AttributeValue": "fast runners"});
    let input = json!({"AlternateIdentifier": {"UniqueAttribute": unique}});
    let found = store.done("GetGroupId", input.clone()).await;
    assert_eq!(found["GroupId"], group.as_str());
    let described = store.done("DescribeGroup", json!({"GroupId": group})).await;
    assert_eq!(described["Description"], "Who runs fast");

    let removal = json!({"GroupId": group, "Operations": [{"AttributePath": "displayName"}]});
    let refused = store.ask("UpdateGroup", removal).await;
    assert_eq!(refused.refusal().0, "ValidationException");

    store.done("DeleteGroup", json!({"GroupId": group})).await;
    let gone = store.ask("GetGroupId", input).await;
    assert_eq!(
        gone.refusal(),
        ("ResourceNotFoundException", "GROUP not found.")
    );
    let again = store.ask("DeleteGroup", json!({"GroupId": group})).await;
    assert_eq!(again.body["ResourceType"], "GROUP");
}
