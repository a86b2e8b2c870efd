//! Who is deleted and created again is somebody else: old assignments dangle and give nothing.

use serde_json::json;

use super::{Center, assigned};
use crate::support::ACCOUNT;

#[tokio::test]
async fn a_user_who_was_created_again_holds_nothing() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let name = center.role_name().await;
    let gone = center
        .scim("DELETE", &format!("/Users/{user}"), json!({}))
        .await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    let again = center.user("road.runner").await;
    assert_ne!(again, user);
    let held = json!({"PrincipalType": "USER", "PrincipalId": again});
    let held = center.ok("ListAccountAssignmentsForPrincipal", held).await;
    assert_eq!(held, json!({"AccountAssignments": []}));
    let listed = json!({"AccountId": ACCOUNT});
    let listed = center.of("ListAccountAssignments", &set, listed).await;
    assert_eq!(listed["AccountAssignments"][0]["PrincipalId"], user);
    assert_eq!(center.role_name().await, name);
}

#[tokio::test]
async fn members_of_a_group_that_was_created_again_hold_nothing() {
    let center = Center::enabled().await;
    let set = center.set("Engineers").await;
    let user = center.user("road.runner").await;
    let group = center.group("Engineers", &[&user]).await;
    center.assign(&set, ACCOUNT, ("GROUP", &group)).await;
    let gone = center
        .scim("DELETE", &format!("/Groups/{group}"), json!({}))
        .await;
    assert_eq!(gone.status, 204, "{}", gone.text);
    center.group("Engineers", &[&user]).await;
    let held = json!({"PrincipalType": "USER", "PrincipalId": user});
    let held = center.ok("ListAccountAssignmentsForPrincipal", held).await;
    assert_eq!(held, json!({"AccountAssignments": []}));
}

#[tokio::test]
async fn a_dangling_assignment_can_be_taken_away_and_its_role_with_it() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    center
        .scim("DELETE", &format!("/Users/{user}"), json!({}))
        .await;
    let status = center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(status["Status"], "SUCCEEDED");
    assert!(center.role_names().await.is_empty());
}
