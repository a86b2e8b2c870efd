//! Permission sets: create, describe, update, delete, list.

use serde_json::json;

use super::{Center, assigned};
use crate::support::{ACCOUNT, START, json::text};

#[tokio::test]
async fn a_permission_set_is_described_as_it_was_created() {
    let center = Center::enabled().await;
    let created = center
        .ok(
            "CreatePermissionSet",
            json!({
                "Name": "Billing", "Description": "For the accountants",
                "SessionDuration": "PT8H", "RelayState": "https://console.aws.amazon.com/billing/",
            }),
        )
        .await;
    let arn = text(&created["PermissionSet"]["PermissionSetArn"]);
    let instance = center.instance.rsplit('/').next().unwrap();
    let prefix = format!("arn:aws:sso:::permissionSet/{instance}/ps-");
    let id = arn.strip_prefix(&prefix).unwrap();
    assert!(
        id.len() == 16 && id.bytes().all(|b| b.is_ascii_hexdigit()),
        "{id}"
    );
    assert_eq!(
        created["PermissionSet"],
        json!({
            "Name": "Billing", "PermissionSetArn": arn, "CreatedDate": START,
            "Description": "For the accountants", "SessionDuration": "PT8H",
            "RelayState": "https://console.aws.amazon.com/billing/",
        })
    );
    let described = center.of("DescribePermissionSet", &arn, json!({})).await;
    assert_eq!(described, created);
}

#[tokio::test]
async fn a_session_lasts_an_hour_unless_somebody_says_otherwise() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let described = center.of("DescribePermissionSet", &set, json!({})).await;
    assert_eq!(
        described["PermissionSet"],
        json!({
            "Name": "Plain", "PermissionSetArn": set, "CreatedDate": START,
            "SessionDuration": "PT1H",
        })
    );
}

#[tokio::test]
async fn a_session_lasts_from_one_hour_to_twelve() {
    let center = Center::enabled().await;
    for (index, good) in ["PT1H", "PT60M", "PT12H", "P0DT2H"].into_iter().enumerate() {
        let input = json!({"Name": format!("Good{index}"), "SessionDuration": good});
        center.ok("CreatePermissionSet", input).await;
    }
    for bad in ["PT59M", "PT12H1S", "P1D", "-PT2H"] {
        let input = json!({"Name": "Bad", "SessionDuration": bad});
        let refused = center.call("CreatePermissionSet", input).await;
        assert_eq!(
            refused.refusal(),
            (
                "ValidationException",
                format!("1 validation error detected: Value '{bad}' at 'sessionDuration' failed to satisfy constraint: Member must be between PT1H and PT12H").as_str()
            )
        );
    }
}

#[tokio::test]
async fn two_permission_sets_cannot_have_one_name() {
    let center = Center::enabled().await;
    center.set("AdministratorAccess").await;
    for name in ["AdministratorAccess", "administratoraccess"] {
        let again = center
            .call("CreatePermissionSet", json!({"Name": name}))
            .await;
        assert_eq!(
            again.refusal(),
            (
                "ConflictException",
                format!("PermissionSet with name {name} already exists.").as_str()
            )
        );
    }
}

#[tokio::test]
async fn an_update_changes_what_it_names_and_leaves_the_rest() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let update = json!({"Description": "New", "SessionDuration": "PT2H"});
    center.of("UpdatePermissionSet", &set, update).await;
    let update = json!({"RelayState": "https://console.aws.amazon.com/s3/"});
    center.of("UpdatePermissionSet", &set, update).await;
    let described = center.of("DescribePermissionSet", &set, json!({})).await;
    assert_eq!(
        described["PermissionSet"],
        json!({
            "Name": "Plain", "PermissionSetArn": set, "CreatedDate": START, "Description": "New",
            "SessionDuration": "PT2H", "RelayState": "https://console.aws.amazon.com/s3/",
        })
    );
}

#[tokio::test]
async fn a_deleted_permission_set_cannot_be_found() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    center.of("DeletePermissionSet", &set, json!({})).await;
    let id = set.rsplit('/').next().unwrap();
    for operation in [
        "DescribePermissionSet",
        "DeletePermissionSet",
        "UpdatePermissionSet",
    ] {
        assert_eq!(
            center.refused(operation, &set, json!({})).await,
            (
                "ResourceNotFoundException".into(),
                format!("Could not find PermissionSet with id {id}")
            ),
            "{operation}"
        );
    }
    let listed = center.ok("ListPermissionSets", json!({})).await;
    assert_eq!(listed, json!({"PermissionSets": []}));
}

#[tokio::test]
async fn a_permission_set_that_somebody_holds_cannot_be_deleted() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    assert_eq!(
        center.refused("DeletePermissionSet", &set, json!({})).await,
        (
            "ConflictException".into(),
            "PermissionSet has ApplicationProfile associated with it.".into()
        )
    );
    center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    center.of("DeletePermissionSet", &set, json!({})).await;
}

#[tokio::test]
async fn lists_come_in_pages() {
    let center = Center::enabled().await;
    let mut expected = Vec::new();
    for index in 0..5 {
        expected.push(center.set(&format!("Set{index}")).await);
        center.world.advance(1);
    }
    let mut seen = Vec::new();
    let mut input = json!({"MaxResults": 2});
    loop {
        let page = center.ok("ListPermissionSets", input.clone()).await;
        let sets = page["PermissionSets"].as_array().unwrap();
        assert!(!sets.is_empty() && sets.len() <= 2);
        seen.extend(sets.iter().map(text));
        if page.get("NextToken").is_none() {
            break;
        }
        input["NextToken"] = page["NextToken"].clone();
    }
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn a_made_up_token_is_refused() {
    let center = Center::enabled().await;
    let refused = center
        .call("ListPermissionSets", json!({"NextToken": "_w=="}))
        .await;
    assert_eq!(
        refused.refusal(),
        (
            "ValidationException",
            "The provided NextToken is not valid."
        )
    );
}
