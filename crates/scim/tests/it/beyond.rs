//! What another interface wrote and a dialect neither knows nor takes.

use jetway_scim::{AWS, ENTERPRISE_URN, RFC, ResourceKind, Selection, keep_beyond};
use serde_json::{Value, json};

use crate::support::{group, patched, user, with, without};

fn written_elsewhere() -> Value {
    let mut user = user();
    user["photos"] = json!([{ "value": "https://example.com/1.png" }]);
    user["title"] = json!("\u{1}");
    user["emails"] = json!([{ "value": "a@x" }]);
    user[ENTERPRISE_URN]["manager"]["displayName"] = json!("Boss");
    user
}

fn answered(kind: ResourceKind, resource: &Value) -> Value {
    let resource = resource.as_object().expect("an object").clone();
    Selection::All.answer(kind, resource, &AWS).into()
}

#[test]
fn a_patch_leaves_it_alone() {
    let before = written_elsewhere();
    for profile in [&AWS, &RFC] {
        let nick = json!([{ "op": "replace", "path": "nickName", "value": "Beep" }]);
        let after = patched(ResourceKind::User, &before, &nick, profile).expect("a user");
        assert_eq!(without(after, "nickName"), before, "{}", profile.name);
    }
    let department = format!("{ENTERPRISE_URN}:department");
    let body = json!([{ "op": "replace", "path": department, "value": "new" }]);
    let after = patched(ResourceKind::User, &before, &body, &AWS).expect("a user");
    assert_eq!(after[ENTERPRISE_URN]["manager"]["displayName"], "Boss");
    let described = with(group(0), "description", json!("Runs it."));
    let body = json!([{ "op": "replace", "path": "displayName", "value": "new" }]);
    let after = patched(ResourceKind::Group, &described, &body, &AWS).expect("a group");
    assert_eq!(after["description"], "Runs it.");
}

#[test]
fn what_a_patch_changes_is_checked() {
    let body = json!([{ "op": "replace", "path": "title", "value": "\u{2}" }]);
    let error = patched(ResourceKind::User, &written_elsewhere(), &body, &AWS);
    assert!(error.expect_err("refused").detail.contains("'title'"));
}

#[test]
fn a_replacement_keeps_it_with_the_manager_it_speaks_of() {
    let before = written_elsewhere();
    let kept = |manager: &str| {
        let mut after = user();
        after[ENTERPRISE_URN]["manager"]["value"] = json!(manager);
        let mut after = after.as_object().expect("an object").clone();
        let before = before.as_object().expect("an object");
        keep_beyond(ResourceKind::User, before, &mut after, &AWS);
        Value::Object(after)
    };
    let same = kept("m-1");
    assert_eq!(same["photos"], before["photos"]);
    assert_eq!(same.get("title"), None);
    assert_eq!(same[ENTERPRISE_URN]["manager"]["displayName"], "Boss");
    let other = kept("m-2");
    assert_eq!(other[ENTERPRISE_URN]["manager"], json!({ "value": "m-2" }));
}

#[test]
fn it_is_not_answered() {
    let user = answered(ResourceKind::User, &written_elsewhere());
    assert_eq!(user.get("photos"), None);
    assert_eq!(user[ENTERPRISE_URN]["manager"], json!({ "value": "m-1" }));
    assert_eq!(user["title"], "\u{1}");
    let described = with(group(0), "description", json!("Runs it."));
    let group = answered(ResourceKind::Group, &described);
    assert_eq!(group.get("description"), None);
}
