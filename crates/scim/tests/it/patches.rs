//! Patches of RFC 7644 section 3.5.2.

use jetway_scim::{ENTERPRISE_URN, RFC, ResourceKind, ScimType};
use serde_json::{Value, json};

use crate::support::{group, patched, user};

fn after(operations: &Value) -> Value {
    patched(ResourceKind::User, &user(), operations, &RFC)
        .unwrap_or_else(|error| panic!("{operations}: {error}"))
}

fn refused(operations: &Value) -> Option<ScimType> {
    patched(ResourceKind::User, &user(), operations, &RFC)
        .expect_err("refused")
        .scim_type
}

#[test]
fn add_appends_to_lists_merges_objects_and_replaces_the_rest() {
    let user = after(&json!([
        { "op": "add", "path": "emails", "value": [{ "value": "b@x", "type": "home", "primary": true }] },
        { "op": "add", "path": "name", "value": { "middleName": "M" } },
        { "op": "add", "path": "NICKNAME", "value": "Beep" },
        { "op": "add", "value": { "title": "Bird", "name.honorificPrefix": "Dr" } },
    ]));
    assert_eq!(user["emails"][0]["primary"], false);
    assert_eq!(user["emails"][1]["value"], "b@x");
    assert_eq!(user["name"]["givenName"], "Road");
    assert_eq!(user["name"]["middleName"], "M");
    assert_eq!(user["name"]["honorificPrefix"], "Dr");
    assert_eq!(user["nickName"], "Beep");
    assert_eq!(user["title"], "Bird");
}

#[test]
fn a_value_that_is_there_is_not_added_twice() {
    let body = json!([{ "op": "add", "path": "members", "value": [{ "value": "u-0" }, { "value": "n" }] }]);
    let after = patched(ResourceKind::Group, &group(1), &body, &RFC).expect("a group");
    assert_eq!(
        after["members"],
        json!([{ "value": "u-0" }, { "value": "n" }])
    );
}

#[test]
fn a_filter_in_the_path_chooses_values() {
    let user = after(&json!([
        { "op": "replace", "path": "emails[type eq \"work\"].value", "value": "new@x" },
        { "op": "add", "path": "phoneNumbers[type eq \"work\"].value", "value": "1" },
    ]));
    assert_eq!(user["emails"][0]["value"], "new@x");
    assert_eq!(user["emails"][0]["primary"], true);
    assert_eq!(
        user["phoneNumbers"],
        json!([{ "type": "work", "value": "1" }])
    );
}

/// Section 3.5.2.3: without a filter a replaced value that is not there is added.
#[test]
fn a_value_is_made_where_the_path_says_all_of_it() {
    let user = after(&json!([{ "op": "replace", "path": "phoneNumbers.value", "value": "1" }]));
    assert_eq!(user["phoneNumbers"], json!([{ "value": "1" }]));
    let vague = json!([{ "op": "add", "path": "ims[type sw \"w\"].value", "value": "x" }]);
    assert_eq!(refused(&vague), Some(ScimType::NoTarget));
}

#[test]
fn the_last_value_removed_removes_the_attribute() {
    let user = after(&json!([{ "op": "remove", "path": "emails[type eq \"work\"]" }]));
    assert_eq!(user.get("emails"), None);
}

#[test]
fn replace_of_a_list_replaces_all_of_it() {
    let user =
        after(&json!([{ "op": "replace", "path": "emails", "value": [{ "value": "n@x" }] }]));
    assert_eq!(user["emails"], json!([{ "value": "n@x" }]));
}

/// As clients send it whose objects carry their URN.
#[test]
fn the_extension_may_repeat_its_urn() {
    let value = json!({ "schemas": [ENTERPRISE_URN], "costCenter": "4130" });
    let user = after(&json!([{ "op": "add", "path": ENTERPRISE_URN, "value": value }]));
    assert_eq!(user[ENTERPRISE_URN]["costCenter"], "4130");
    assert_eq!(user[ENTERPRISE_URN].get("schemas"), None);
}

#[test]
fn the_extension_can_be_removed_whole() {
    let user = after(&json!([{ "op": "remove", "path": ENTERPRISE_URN }]));
    assert_eq!(user.get(ENTERPRISE_URN), None);
    assert_eq!(user["schemas"].as_array().map(Vec::len), Some(1));
}

#[test]
fn refusals_carry_the_keyword_of_the_rfc() {
    for (operations, keyword) in [
        (json!([{ "op": "remove" }]), ScimType::NoTarget),
        (
            json!([{ "op": "replace", "path": "emails[type eq \"home\"].value", "value": "x" }]),
            ScimType::NoTarget,
        ),
        (
            json!([{ "op": "replace", "path": "nothing", "value": "x" }]),
            ScimType::InvalidPath,
        ),
        (
            json!([{ "op": "replace", "path": "emails[", "value": "x" }]),
            ScimType::InvalidPath,
        ),
        (
            json!([{ "op": "replace", "path": "id", "value": "x" }]),
            ScimType::Mutability,
        ),
        (
            json!([{ "op": "remove", "path": "userName" }]),
            ScimType::Mutability,
        ),
        (
            json!([{ "op": "replace", "path": "active", "value": "yes" }]),
            ScimType::InvalidValue,
        ),
        (
            json!([{ "op": "replace", "path": "title" }]),
            ScimType::InvalidValue,
        ),
        (
            json!([{ "op": "copy", "path": "title", "value": "x" }]),
            ScimType::InvalidSyntax,
        ),
        (json!([]), ScimType::InvalidSyntax),
    ] {
        assert_eq!(refused(&operations), Some(keyword), "{operations}");
    }
}

#[test]
fn what_the_server_wrote_stays() {
    let mut before = user();
    before["id"] = json!("u-1");
    before["meta"] = json!({ "resourceType": "User" });
    let body = json!([{ "op": "replace", "path": "title", "value": "x" }]);
    let after = patched(ResourceKind::User, &before, &body, &RFC).expect("a user");
    assert_eq!(
        (&after["id"], &after["meta"]),
        (&before["id"], &before["meta"])
    );
}

/// Clients send what they read: what only the server writes says nothing.
#[test]
fn without_a_path_the_attributes_of_the_server_do_not_count() {
    let value = json!({ "id": "u-1", "meta": {}, "schemas": [], "title": "x" });
    let user = after(&json!([{ "op": "replace", "value": value }]));
    assert_eq!((&user["title"], user.get("id")), (&json!("x"), None));
}

/// Section 3.5.2.3: sub-attributes that the value does not name stay.
#[test]
fn a_replaced_extension_keeps_what_is_not_named() {
    let body =
        json!([{ "op": "replace", "path": ENTERPRISE_URN, "value": { "costCenter": "4130" } }]);
    let user = after(&body);
    assert_eq!(user[ENTERPRISE_URN]["department"], "operations");
    assert_eq!(user[ENTERPRISE_URN]["costCenter"], "4130");
}

#[test]
fn a_value_that_is_there_gets_the_parts_that_are_new() {
    let value = json!([{ "value": "road.runner@the-acme-corporation.com", "display": "Road" }]);
    let user = after(&json!([{ "op": "add", "path": "emails", "value": value }]));
    assert_eq!(
        user["emails"],
        json!([{
            "value": "road.runner@the-acme-corporation.com", "type": "work", "primary": true,
            "display": "Road",
        }])
    );
}

#[test]
fn a_filter_that_nothing_can_meet_makes_no_value() {
    let path = "phoneNumbers[type eq \"work\" and type eq \"home\"].value";
    let body = json!([{ "op": "add", "path": path, "value": "1" }]);
    assert_eq!(refused(&body), Some(ScimType::NoTarget));
}

#[test]
fn lists_and_the_work_on_them_have_an_end() {
    let values = |count: usize| -> Vec<Value> {
        (0..count)
            .map(|at| json!({ "value": format!("{at}") }))
            .collect()
    };
    let long = json!([{ "op": "add", "path": "ims", "value": values(10_001) }]);
    assert_eq!(refused(&long), Some(ScimType::InvalidValue));
    let mut many = vec![json!({ "op": "add", "path": "ims", "value": values(9_000) })];
    many.extend(
        (0..100).map(
            |at| json!({ "op": "add", "path": "ims", "value": [{ "value": format!("x{at}") }] }),
        ),
    );
    assert_eq!(refused(&json!(many)), Some(ScimType::InvalidValue));
    let user = after(&json!([many[0]]));
    assert_eq!(user["ims"].as_array().map(Vec::len), Some(9_000));
}
