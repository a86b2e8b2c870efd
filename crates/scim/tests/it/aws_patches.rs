//! Patches as AWS takes them.

use jetway_scim::{AWS, ENTERPRISE_URN, ResourceKind};
use serde_json::{Value, json};

use crate::support::{group, parse_patch, patched, user};

const GENERIC: &str = "Request is unparsable, syntactically incorrect, or violates schema.";

fn refused(kind: ResourceKind, operations: &Value) -> String {
    parse_patch(kind, operations, &AWS)
        .expect_err("refused")
        .detail
}

#[test]
fn without_a_path_one_attribute_may_change() {
    let one = json!([{ "op": "Replace", "value": { "active": "false" } }]);
    let after = patched(ResourceKind::User, &user(), &one, &AWS).expect("a user");
    assert_eq!(after["active"], false);
    let two = json!([{ "op": "replace", "value": { "active": false, "title": "x" } }]);
    assert_eq!(
        refused(ResourceKind::User, &two),
        "Current PATCH support allows omitting \"path\" attribute only for Add and Replace operations modifying a single attribute."
    );
}

#[test]
fn remove_needs_a_path() {
    let body = json!([{ "op": "remove", "value": { "title": "x" } }]);
    assert_eq!(
        refused(ResourceKind::User, &body),
        "Missing path in PATCH request"
    );
}

#[test]
fn memberships_cannot_be_replaced() {
    let expected = "Replacing group memberships is not supported.";
    for body in [
        json!([{ "op": "replace", "path": "members", "value": [{ "value": "u" }] }]),
        json!([{ "op": "replace", "value": { "members": [] } }]),
    ] {
        assert_eq!(refused(ResourceKind::Group, &body), expected);
    }
    let all = json!([{ "op": "remove", "path": "members" }]);
    assert_eq!(refused(ResourceKind::Group, &all), GENERIC);
}

#[test]
fn a_request_changes_a_hundred_memberships() {
    let change = |count: usize| {
        let members: Vec<Value> = (0..count)
            .map(|at| json!({ "value": format!("{at}") }))
            .collect();
        json!([
            { "op": "add", "path": "members", "value": members },
            { "op": "remove", "path": "members[value eq \"x\"]" },
        ])
    };
    assert!(parse_patch(ResourceKind::Group, &change(99), &AWS).is_ok());
    assert_eq!(refused(ResourceKind::Group, &change(100)), GENERIC);
}

#[test]
fn members_leave_by_value_and_by_path() {
    for operation in [
        json!([{ "op": "remove", "path": "members", "value": [{ "value": "u-1" }] }]),
        json!([{ "op": "Remove", "path": "members[value eq \"u-1\"]" }]),
    ] {
        let after = patched(ResourceKind::Group, &group(3), &operation, &AWS).expect("a group");
        assert_eq!(
            after["members"],
            json!([{ "value": "u-0" }, { "value": "u-2" }])
        );
    }
}

#[test]
fn some_attributes_change_once_and_never_go() {
    for body in [
        json!([{ "op": "remove", "path": "userName" }]),
        json!([{ "op": "remove", "path": "active" }]),
        json!([
            { "op": "replace", "path": "active", "value": true },
            { "op": "replace", "path": "active", "value": false },
        ]),
        json!([{ "op": "replace", "path": "roles", "value": [{ "value": "x" }] }]),
        json!([{ "op": "replace", "path": "emails[type sw \"w\"].value", "value": "x" }]),
        json!([{ "op": "move", "path": "title", "value": "x" }]),
        json!([{ "op": "add", "path": "title" }]),
    ] {
        assert_eq!(refused(ResourceKind::User, &body), GENERIC, "{body}");
    }
}

#[test]
fn the_enterprise_extension_is_patched_by_its_urn() {
    let path = format!("{ENTERPRISE_URN}:manager.value");
    let body = json!([{ "op": "replace", "path": path, "value": "m-2" }]);
    let after = patched(ResourceKind::User, &user(), &body, &AWS).expect("a user");
    assert_eq!(
        after[ENTERPRISE_URN],
        json!({ "department": "operations", "manager": { "value": "m-2" } })
    );
}

/// AWS's own example of PatchGroup.
#[test]
fn the_id_beside_the_one_attribute_does_not_count() {
    let value = json!({ "id": "g-1", "displayName": "new" });
    let body = json!([{ "op": "replace", "value": value }]);
    let after = patched(ResourceKind::Group, &group(0), &body, &AWS).expect("a group");
    assert_eq!(after["displayName"], "new");
    let two = json!({ "id": "g-1", "displayName": "new", "externalId": "x" });
    let two = json!([{ "op": "replace", "value": two }]);
    assert!(refused(ResourceKind::Group, &two).starts_with("Current PATCH support"));
}

#[test]
fn a_filter_of_members_names_one_member() {
    for filter in [
        "value eq \"\"",
        "value pr",
        "value sw \"u\"",
        "value ne \"u\"",
        "type eq \"User\"",
        "value eq \"u\" and type eq \"User\"",
    ] {
        let body = json!([{ "op": "remove", "path": format!("members[{filter}]") }]);
        assert_eq!(refused(ResourceKind::Group, &body), GENERIC, "{filter}");
    }
}

#[test]
fn a_second_value_is_refused_before_anything_is_looked_up() {
    let value = json!([{ "value": "1" }, { "value": "2" }]);
    for body in [
        json!([{ "op": "add", "path": "phoneNumbers", "value": value }]),
        json!([{ "op": "add", "value": { "phoneNumbers": value } }]),
    ] {
        assert_eq!(
            refused(ResourceKind::User, &body),
            "List attribute phoneNumbers exceeds allowed limit of 1"
        );
    }
}

#[test]
fn an_address_stays_the_primary_one() {
    let path = "emails[type eq \"work\"]";
    let value = json!([{ "op": "replace", "path": format!("{path}.value"), "value": "b@x" }]);
    let after = patched(ResourceKind::User, &user(), &value, &AWS).expect("a user");
    assert_eq!(after["emails"][0]["value"], "b@x");
    let other = json!([{ "op": "replace", "path": format!("{path}.primary"), "value": false }]);
    let error = patched(ResourceKind::User, &user(), &other, &AWS).expect_err("refused");
    assert_eq!(error.detail, GENERIC);
}
