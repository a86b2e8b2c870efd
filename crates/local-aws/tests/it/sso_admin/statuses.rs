//! What became of asynchronous requests.

use serde_json::{Value, json};

use super::{Center, assigned};
use crate::support::{ACCOUNT, START, json::text};

#[tokio::test]
async fn requests_are_listed_newest_first_and_by_status() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    center.world.advance(10);
    let fails = center.set("Fails").await;
    let reference = json!({"CustomerManagedPolicyReference": {"Name": "Missing"}});
    let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
    center.of(attach, &fails, reference).await;
    let failed = center.assign(&fails, ACCOUNT, ("USER", &user)).await;
    center.unassign(&set, ACCOUNT, ("USER", &user)).await;

    let list = async |filter: Value| {
        let answer = center
            .ok("ListAccountAssignmentCreationStatus", filter)
            .await;
        answer["AccountAssignmentsCreationStatus"].clone()
    };
    let all = list(json!({})).await;
    assert_eq!(all.as_array().unwrap().len(), 2);
    let newest = json!({
        "Status": "FAILED", "RequestId": failed["RequestId"], "CreatedDate": START + 10,
    });
    assert_eq!(all[0], newest);
    let filtered = list(json!({"Filter": {"Status": "FAILED"}})).await;
    assert_eq!(filtered, json!([newest]));
    let pending = list(json!({"Filter": {"Status": "IN_PROGRESS"}})).await;
    assert_eq!(pending, json!([]));
    let deletions = center
        .ok("ListAccountAssignmentDeletionStatus", json!({}))
        .await;
    let deletions = deletions["AccountAssignmentsDeletionStatus"]
        .as_array()
        .unwrap();
    assert_eq!(deletions.len(), 1);
    assert_eq!(deletions[0]["Status"], "SUCCEEDED");
}

#[tokio::test]
async fn a_request_is_found_under_its_own_kind_only() {
    let center = Center::enabled().await;
    let (set, _) = assigned(&center).await;
    let provisioned = center.provision(&set).await;
    let id = text(&provisioned["RequestId"]);
    for (operation, member) in [
        (
            "DescribeAccountAssignmentCreationStatus",
            "AccountAssignmentCreationRequestId",
        ),
        (
            "DescribeAccountAssignmentDeletionStatus",
            "AccountAssignmentDeletionRequestId",
        ),
    ] {
        let mut input = json!({});
        input[member] = json!(id);
        let refused = center.call(operation, input).await;
        assert_eq!(
            refused.refusal(),
            (
                "ResourceNotFoundException",
                format!("Could not find request with id {id}").as_str()
            )
        );
    }
}

#[tokio::test]
async fn the_thousand_newest_requests_are_remembered() {
    let center = Center::enabled().await;
    let set = center.set("Admins").await;
    let mut first = None;
    for _ in 0..1001 {
        let input = json!({"TargetType": "ALL_PROVISIONED_ACCOUNTS"});
        let begun = center.of("ProvisionPermissionSet", &set, input).await;
        let id = text(&begun["PermissionSetProvisioningStatus"]["RequestId"]);
        first.get_or_insert(id);
        center.world.advance(1);
    }
    let input = json!({"ProvisionPermissionSetRequestId": first});
    let refused = center
        .call("DescribePermissionSetProvisioningStatus", input)
        .await;
    assert_eq!(refused.refusal().0, "ResourceNotFoundException");
    let mut seen = 0;
    let mut input = json!({});
    loop {
        let page = center
            .ok("ListPermissionSetProvisioningStatus", input.clone())
            .await;
        seen += page["PermissionSetsProvisioningStatus"]
            .as_array()
            .unwrap()
            .len();
        if page.get("NextToken").is_none() {
            break;
        }
        input["NextToken"] = page["NextToken"].clone();
    }
    assert_eq!(seen, 1000);
}
