//! Account assignments.

use serde_json::json;

use super::{Center, assigned, assignment};
use crate::support::{ACCOUNT, START};

const NOBODY: &str = "a0b1c2d3-0000-4000-8000-0123456789ab";

#[tokio::test]
async fn an_assignment_is_in_progress_first_and_then_it_succeeded() {
    let center = Center::enabled().await;
    let set = center.set("Admins").await;
    let user = center.user("road.runner").await;
    let input = assignment(&set, ACCOUNT, ("USER", &user));
    let begun = center.ok("CreateAccountAssignment", input).await;
    let request = &begun["AccountAssignmentCreationStatus"]["RequestId"];
    let expected = |status: &str| {
        json!({"AccountAssignmentCreationStatus": {
            "Status": status, "RequestId": request, "TargetId": ACCOUNT,
            "TargetType": "AWS_ACCOUNT", "PermissionSetArn": set, "PrincipalType": "USER",
            "PrincipalId": user, "CreatedDate": START,
        }})
    };
    assert_eq!(begun, expected("IN_PROGRESS"));
    let describe = json!({"AccountAssignmentCreationRequestId": request});
    let described = center
        .ok("DescribeAccountAssignmentCreationStatus", describe)
        .await;
    assert_eq!(described, expected("SUCCEEDED"));
}

#[tokio::test]
async fn assigning_again_changes_nothing_and_succeeds() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let status = center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(status["Status"], "SUCCEEDED");
    let list = json!({"AccountId": ACCOUNT});
    let listed = center.of("ListAccountAssignments", &set, list).await;
    assert_eq!(
        listed,
        json!({"AccountAssignments": [{
            "AccountId": ACCOUNT, "PermissionSetArn": set, "PrincipalType": "USER",
            "PrincipalId": user,
        }]})
    );
}

#[tokio::test]
async fn taking_away_what_is_not_assigned_fails() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let done = center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(done["Status"], "SUCCEEDED");
    let again = center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(again["Status"], "FAILED");
    assert_eq!(
        again["FailureReason"],
        "Received a 404 status error: Assignment not found."
    );
}

#[tokio::test]
async fn only_people_and_groups_of_the_identity_store_are_assigned() {
    let center = Center::enabled().await;
    let set = center.set("Admins").await;
    let user = center.user("road.runner").await;
    for principal in [("USER", NOBODY), ("GROUP", NOBODY), ("GROUP", &user)] {
        let input = assignment(&set, ACCOUNT, principal);
        let refused = center.call("CreateAccountAssignment", input).await;
        assert_eq!(
            refused.refusal(),
            (
                "ResourceNotFoundException",
                format!("Could not find {} with id {}", principal.0, principal.1).as_str()
            )
        );
    }
}

#[tokio::test]
async fn only_accounts_of_the_organisation_are_targets() {
    let center = Center::enabled().await;
    let set = center.set("Admins").await;
    let user = center.user("road.runner").await;
    center
        .world
        .aws
        .ensure_account("999999999999", "apart")
        .unwrap();
    for account in ["999999999999", "000000000001"] {
        let input = assignment(&set, account, ("USER", &user));
        let refused = center.call("CreateAccountAssignment", input).await;
        assert_eq!(
            refused.refusal(),
            (
                "ResourceNotFoundException",
                format!("Could not find account {account} in the organization").as_str()
            )
        );
    }
}

#[tokio::test]
async fn a_principal_is_also_known_by_the_older_form_of_its_id() {
    let center = Center::enabled().await;
    let set = center.set("Admins").await;
    let user = center.user("road.runner").await;
    let listed = center.ok("ListInstances", json!({})).await;
    let store = listed["Instances"][0]["IdentityStoreId"].as_str().unwrap();
    let older = format!("{}-{user}", store.trim_start_matches("d-"));
    let status = center.assign(&set, ACCOUNT, ("USER", &older)).await;
    assert_eq!(status["Status"], "SUCCEEDED");
    assert_eq!(status["PrincipalId"], user);
    let input = assignment(&set, ACCOUNT, ("USER", &format!("0123456789-{user}")));
    let refused = center.call("CreateAccountAssignment", input).await;
    assert_eq!(refused.refusal().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn what_a_user_holds_includes_what_their_groups_hold() {
    let center = Center::enabled().await;
    let (admins, user) = assigned(&center).await;
    let group = center.group("Engineers", &[&user]).await;
    let strangers = center.group("Strangers", &[]).await;
    let engineers = center.set("Engineers").await;
    let other = center.world.new_account("audit").await;
    center.assign(&engineers, &other, ("GROUP", &group)).await;
    center
        .assign(&engineers, ACCOUNT, ("GROUP", &strangers))
        .await;

    let held = async |kind: &str, id: &str, more: serde_json::Value| {
        let mut input = json!({"PrincipalType": kind, "PrincipalId": id});
        if !more.is_null() {
            input["Filter"] = more;
        }
        let answer = center.ok("ListAccountAssignmentsForPrincipal", input).await;
        let mut held: Vec<(String, String, String)> = answer["AccountAssignments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| {
                let text = |name: &str| item[name].as_str().unwrap().to_owned();
                (
                    text("AccountId"),
                    text("PermissionSetArn"),
                    text("PrincipalId"),
                )
            })
            .collect();
        held.sort();
        held
    };
    let by_hand = (ACCOUNT.to_owned(), admins, user.clone());
    let by_group = (other.clone(), engineers, group.clone());
    let mut all = vec![by_hand.clone(), by_group.clone()];
    all.sort();
    assert_eq!(held("USER", &user, json!(null)).await, all);
    let there = json!({"AccountId": other});
    let through_group = [by_group];
    assert_eq!(held("USER", &user, there).await, through_group);
    assert_eq!(held("GROUP", &group, json!(null)).await, through_group);
}
