//! Groups as AWS takes and answers them (identity-center.md §3.5).

use serde_json::{Value, json};

use super::world::{GENERIC, Scim, group, text};

/// PATCH of a group answers 204 without a body; this is its status with the detail of a refusal.
async fn patch(scim: &Scim, group: &str, operations: Value) -> (u16, String) {
    let reply = scim.patch(&format!("/Groups/{group}"), operations).await;
    match reply.status {
        204 => (204, reply.text),
        _ => reply.error(),
    }
}

const DONE: (u16, String) = (204, String::new());

fn refused(detail: &str) -> (u16, String) {
    (400, detail.to_owned())
}

#[tokio::test]
async fn a_group_is_answered_without_its_members() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let created = scim.post("/Groups", &group("operations", &[&ada])).await;
    assert_eq!(created.status, 201, "{}", created.text);
    let id = text(&created.json()["id"]);
    let got = scim.get(&format!("/Groups/{id}")).await;
    assert_eq!(got.json(), created.json());
    assert_eq!(
        got.text,
        format!(
            r#"{{"id":"{id}","meta":{{"resourceType":"Group","created":"2026-11-22T04:00:00Z","lastModified":"2026-11-22T04:00:00Z"}},"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"operations"}}"#
        )
    );
    let listed = scim.get("/Groups").await.json();
    assert_eq!(listed["Resources"][0]["members"], json!([]));
    assert_eq!(scim.members(&id).await, [ada]);
}

/// The forms that clients of AWS are known to send.
#[tokio::test]
async fn members_come_and_go_by_each_form_of_patch() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let mut both = [ada.clone(), grace.clone()];
    both.sort();
    let id = scim.group("operations", &[]).await;
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }, { "value": grace }] }]);
    assert_eq!(patch(&scim, &id, add.clone()).await, DONE);
    assert_eq!(scim.members(&id).await, both);
    assert_eq!(
        patch(&scim, &id, add).await,
        DONE,
        "who is in already stays"
    );
    let remove = json!([{ "op": "remove", "path": "members", "value": [{ "value": ada }] }]);
    assert_eq!(patch(&scim, &id, remove).await, DONE);
    assert_eq!(scim.members(&id).await, [grace.as_str()]);
    let chosen = json!([{ "op": "Remove", "path": format!("members[value eq \"{grace}\"]") }]);
    assert_eq!(patch(&scim, &id, chosen.clone()).await, DONE);
    assert_eq!(scim.members(&id).await, [""; 0]);
    assert_eq!(
        patch(&scim, &id, chosen).await,
        DONE,
        "who is not in does not matter"
    );
    let without_path = json!([{ "op": "add", "value": { "members": [{ "value": ada }] } }]);
    assert_eq!(patch(&scim, &id, without_path).await, DONE);
    assert_eq!(scim.members(&id).await, [ada.as_str()]);
    let in_order = json!([
        { "op": "add", "path": "members", "value": [{ "value": grace }] },
        { "op": "remove", "path": "members", "value": [{ "value": grace }, { "value": ada }] },
        { "op": "add", "path": "members", "value": [{ "value": ada }] },
    ]);
    assert_eq!(patch(&scim, &id, in_order).await, DONE);
    assert_eq!(scim.members(&id).await, [ada]);
}

#[tokio::test]
async fn name_and_external_id_change_beside_the_members() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[]).await;
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "Operations" },
        { "op": "replace", "path": "externalId", "value": "g-1" },
        { "op": "add", "path": "members", "value": [{ "value": ada }] },
    ]);
    assert_eq!(patch(&scim, &id, operations).await, DONE);
    let after = scim.get(&format!("/Groups/{id}")).await.json();
    assert_eq!(
        (&after["displayName"], &after["externalId"]),
        (&json!("Operations"), &json!("g-1"))
    );
    assert_eq!(scim.members(&id).await, [ada]);
}

#[tokio::test]
async fn memberships_are_never_replaced_or_removed_all_at_once() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    let replaced = refused("Replacing group memberships is not supported.");
    for value in [json!([]), json!([{ "value": ada }])] {
        let operations = json!([{ "op": "replace", "path": "members", "value": value }]);
        assert_eq!(patch(&scim, &id, operations).await, replaced);
    }
    let all = json!([{ "op": "remove", "path": "members" }]);
    assert_eq!(patch(&scim, &id, all).await, refused(GENERIC));
    assert_eq!(scim.members(&id).await, [ada]);
}

#[tokio::test]
async fn a_member_who_does_not_exist_is_404_and_nothing_happens() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[]).await;
    let unknown = "0a0a0a0a-0000-4000-8000-000000000000";
    let expected = (404, "Specified user does not exist.".to_owned());
    for stranger in [unknown, "fake-member-id", &id] {
        let add = json!([{ "op": "add", "path": "members", "value": [{ "value": ada }, { "value": stranger }] }]);
        assert_eq!(patch(&scim, &id, add).await, expected, "{stranger}");
        let created = scim.post("/Groups", &group("other", &[stranger])).await;
        assert_eq!(created.error(), expected);
    }
    assert_eq!(scim.members(&id).await, [""; 0]);
}

/// 100 memberships in one request, whether the group is new or not; one more is too many.
#[tokio::test]
async fn a_request_changes_at_most_a_hundred_memberships() {
    let scim = Scim::aws();
    let mut ids = Vec::new();
    for number in 0..101 {
        ids.push(scim.user(&format!("user-{number}")).await);
    }
    let all: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(
        scim.post("/Groups", &group("large", &all)).await.error(),
        refused(GENERIC)
    );
    let id = scim.group("large", &all[..100]).await;
    assert_eq!(scim.members(&id).await.len(), 100);
    let values =
        |ids: &[String]| -> Vec<Value> { ids.iter().map(|id| json!({ "value": id })).collect() };
    let too_many = json!([
        { "op": "remove", "path": "members", "value": values(&ids[..100]) },
        { "op": "add", "path": "members", "value": values(&ids[100..]) },
    ]);
    assert_eq!(patch(&scim, &id, too_many).await, refused(GENERIC));
    let most = json!([
        { "op": "remove", "path": "members", "value": values(&ids[..99]) },
        { "op": "add", "path": "members", "value": values(&ids[100..]) },
    ]);
    assert_eq!(patch(&scim, &id, most).await, DONE);
    assert_eq!(scim.members(&id).await.len(), 2);
}

#[tokio::test]
async fn names_of_groups_are_unique() {
    let scim = Scim::aws();
    let first = scim.group("operations", &[]).await;
    let second = scim.group("billing", &[]).await;
    let duplicate = (
        409,
        "Refused to create a new, duplicate resource.".to_owned(),
    );
    assert_eq!(
        scim.post("/Groups", &group("Operations", &[]))
            .await
            .error(),
        duplicate
    );
    let rename = json!([{ "op": "replace", "path": "displayName", "value": "operations" }]);
    assert_eq!(patch(&scim, &second, rename.clone()).await, duplicate);
    assert_eq!(patch(&scim, &first, rename).await, DONE);
}

#[tokio::test]
async fn a_deleted_group_keeps_its_users_and_a_deleted_user_leaves_the_groups() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let first = scim.group("operations", &[&ada, &grace]).await;
    let second = scim.group("billing", &[&ada]).await;
    assert_eq!(scim.delete(&format!("/Groups/{first}")).await.status, 204);
    let missing = (404, "Specified group does not exist.".to_owned());
    assert_eq!(scim.get(&format!("/Groups/{first}")).await.error(), missing);
    assert_eq!(scim.get(&format!("/Users/{grace}")).await.status, 200);
    assert_eq!(scim.delete(&format!("/Users/{ada}")).await.status, 204);
    assert_eq!(scim.members(&second).await, [""; 0]);
}

/// AWS's example of CreateGroup names no schema.
#[tokio::test]
async fn a_group_needs_no_schemas() {
    let scim = Scim::aws();
    let created = scim.post("/Groups", &json!({ "displayName": "x" })).await;
    assert_eq!(created.status, 201, "{}", created.text);
}

#[tokio::test]
async fn a_patch_that_changes_nothing_is_no_modification() {
    let scim = Scim::aws();
    let (ada, grace) = (scim.user("ada").await, scim.user("grace").await);
    let id = scim.group("operations", &[&ada]).await;
    let path = format!("/Groups/{id}");
    let before = scim.get(&path).await.json();
    scim.world.advance(60);
    for operation in [
        json!({ "op": "add", "path": "members", "value": [{ "value": ada }] }),
        json!({ "op": "remove", "path": "members", "value": [{ "value": grace }] }),
        json!({ "op": "replace", "path": "displayName", "value": "operations" }),
    ] {
        assert_eq!(patch(&scim, &id, json!([operation])).await, DONE);
        assert_eq!(scim.get(&path).await.json(), before, "{operation}");
    }
    let add = json!([{ "op": "add", "path": "members", "value": [{ "value": grace }] }]);
    assert_eq!(patch(&scim, &id, add).await, DONE);
    assert_ne!(scim.get(&path).await.json(), before);
}

#[tokio::test]
async fn no_filter_removes_everybody() {
    let scim = Scim::aws();
    let ada = scim.user("ada").await;
    let id = scim.group("operations", &[&ada]).await;
    for filter in [
        "value pr",
        "value eq \"\"",
        "type eq \"User\"",
        "value ne \"x\"",
    ] {
        let operations = json!([{ "op": "remove", "path": format!("members[{filter}]") }]);
        assert_eq!(
            patch(&scim, &id, operations).await,
            refused(GENERIC),
            "{filter}"
        );
    }
    assert_eq!(scim.members(&id).await, [ada]);
}
