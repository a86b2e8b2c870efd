//! Memberships.

use serde_json::json;

use super::store::{Store, membership};
use crate::support::json::text;

const NOBODY: &str = "11111111-2222-4333-8444-555555555555";

#[tokio::test]
async fn a_membership_is_found_from_all_its_sides() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let group = store.group("runners").await;
    let id = store.member(&group, &user).await;
    let expected = json!({
        "IdentityStoreId": store.id,
        "MembershipId": id,
        "GroupId": group,
        "MemberId": {"UserId": user},
    });
    let described = json!({"MembershipId": id});
    assert_eq!(
        store.done("DescribeGroupMembership", described).await,
        expected
    );
    let found = store
        .done("GetGroupMembershipId", membership(&group, &user))
        .await;
    assert_eq!(found["MembershipId"], id.as_str());
    let of_group = json!({"GroupId": group});
    let of_group = store.done("ListGroupMemberships", of_group).await;
    assert_eq!(of_group["GroupMemberships"], json!([expected]));
    let of_user = json!({"MemberId": {"UserId": user}});
    let of_user = store.done("ListGroupMembershipsForMember", of_user).await;
    assert_eq!(of_user["GroupMemberships"], json!([expected]));
    let other = store.group("coyotes").await;
    let asked = json!({"MemberId": {"UserId": user}, "GroupIds": [group, other]});
    let asked = store.done("IsMemberInGroups", asked).await;
    let results = asked["Results"].as_array().unwrap();
    let exists: Vec<_> = results.iter().map(|one| &one["MembershipExists"]).collect();
    assert_eq!(exists, [&json!(true), &json!(false)]);
}

#[tokio::test]
async fn a_membership_needs_both_and_exists_once() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let group = store.group("runners").await;
    let create = async |group: &str, user: &str| {
        store
            .ask("CreateGroupMembership", membership(group, user))
            .await
    };
    let nobody = create(&group, NOBODY).await;
    assert_eq!(
        nobody.refusal(),
        ("ResourceNotFoundException", "Member does not exist")
    );
    assert_eq!(nobody.body["ResourceType"], "USER");
    let nothing = create(NOBODY, &user).await;
    assert_eq!(
        nothing.refusal(),
        ("ResourceNotFoundException", "Group does not exist")
    );
    create(&group, &user).await.ok();
    let again = create(&group, &user).await;
    assert_eq!(
        again.reason(),
        ("ConflictException", "UNIQUENESS_CONSTRAINT_VIOLATION")
    );
}

#[tokio::test]
async fn who_leaves_a_group_and_comes_back_has_another_membership() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let group = store.group("runners").await;
    let id = store.member(&group, &user).await;
    let input = json!({"MembershipId": id});
    store.done("DeleteGroupMembership", input.clone()).await;
    let gone = store.ask("DeleteGroupMembership", input).await;
    assert_eq!(gone.refusal().0, "ResourceNotFoundException");
    assert_eq!(gone.body["ResourceType"], "GROUP_MEMBERSHIP");
    let none = store
        .ask("GetGroupMembershipId", membership(&group, &user))
        .await;
    assert_eq!(none.refusal().0, "ResourceNotFoundException");
    assert_ne!(store.member(&group, &user).await, id);
}

#[tokio::test]
async fn members_and_groups_are_listed_in_pages() {
    let store = Store::new().await;
    let group = store.group("all").await;
    let one = store.user("one").await;
    store.member(&group, &one).await;
    for name in ["two", "three"] {
        let user = store.user(name).await;
        store.member(&group, &user).await;
        let other = store.group(name).await;
        store.member(&other, &one).await;
    }
    for (operation, whose) in [
        ("ListGroupMemberships", json!({"GroupId": group})),
        (
            "ListGroupMembershipsForMember",
            json!({"MemberId": {"UserId": one}}),
        ),
    ] {
        let mut input = whose;
        input["MaxResults"] = json!(2);
        let first = store.done(operation, input.clone()).await;
        input["NextToken"] = first["NextToken"].clone();
        let second = store.done(operation, input).await;
        assert_eq!(second["NextToken"], json!(null));
        let ids = |page: &serde_json::Value| {
            let entries = page["GroupMemberships"].as_array().unwrap();
            let ids = entries.iter().map(|entry| text(&entry["MembershipId"]));
            ids.collect::<Vec<_>>()
        };
        let mut all = ids(&first);
        all.extend(ids(&second));
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 3, "{operation}");
    }
}

#[tokio::test]
async fn what_is_no_identifier_is_refused() {
    let store = Store::new().await;
    for input in [
        json!({"GroupId": "x", "MemberId": {"UserId": NOBODY}}),
        json!({"GroupId": NOBODY, "MemberId": {"UserId": "x"}}),
        json!({"GroupId": NOBODY, "MemberId": {}}),
        json!({"GroupId": NOBODY}),
    ] {
        let refused = store.ask("CreateGroupMembership", input).await;
        assert_eq!(refused.refusal().0, "ValidationException");
    }
}

/// What is too long is not looked at to its end, and what is wrong is told in bounds.
#[tokio::test]
async fn a_list_that_is_too_long_is_told_so_without_its_members() {
    let store = Store::new().await;
    let user = store.user("road").await;
    let ids = vec!["x"; 5000];
    let input = json!({"MemberId": {"UserId": user}, "GroupIds": ids});
    let answer = store.ask("IsMemberInGroups", input).await;
    let (exception, message) = answer.refusal();
    assert_eq!(exception, "ValidationException");
    assert!(message.contains("'groupIds'"), "{}", &message[..200]);
    assert!(!message.contains("groupIds.101."), "{}", &message[..200]);
    assert!(message.matches(" failed to satisfy ").count() <= 50);
}
