//! The memberships in a patch of a group, taken out of it.

use jetway_scim::{AWS, Filter, MembershipChange, Profile, RFC, ResourceKind, ScimError};
use serde_json::{Value, json};

use crate::support::parse_patch;

/// The changes of members, and how many operations are left.
fn taken(
    operations: &Value,
    profile: &Profile,
) -> Result<(Vec<MembershipChange>, usize), ScimError> {
    let mut patch = parse_patch(ResourceKind::Group, operations, profile)?;
    let changes = patch.take_memberships(profile)?;
    assert_eq!(patch.is_empty(), patch.operations().is_empty());
    Ok((changes, patch.operations().len()))
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn each_form_of_an_operation_on_members_is_read() {
    use MembershipChange::{Add, Remove, RemoveWhere, Replace};
    let by_type = Filter::parse("type eq \"User\"").expect("a filter");
    for (operation, expected) in [
        (
            json!({ "op": "add", "path": "members", "value": [{ "value": "a" }, { "value": "b" }] }),
            Add(names(&["a", "b"])),
        ),
        (
            json!({ "op": "add", "path": "Members", "value": { "value": "a" } }),
            Add(names(&["a"])),
        ),
        (
            json!({ "op": "add", "value": { "members": [{ "value": "a" }] } }),
            Add(names(&["a"])),
        ),
        (
            json!({ "op": "remove", "path": "members", "value": [{ "value": "a" }] }),
            Remove(names(&["a"])),
        ),
        (
            json!({ "op": "remove", "path": "members[value eq \"a\"]" }),
            Remove(names(&["a"])),
        ),
        (
            json!({ "op": "remove", "path": "members[type eq \"User\"]" }),
            RemoveWhere(by_type),
        ),
        (
            json!({ "op": "remove", "path": "members" }),
            Replace(vec![]),
        ),
        (
            json!({ "op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:Group:members", "value": [] }),
            Replace(vec![]),
        ),
        (
            json!({ "op": "replace", "value": { "members": [{ "value": "a" }] } }),
            Replace(names(&["a"])),
        ),
    ] {
        assert_eq!(
            taken(&json!([operation]), &RFC).expect("read"),
            (vec![expected], 0),
            "{operation}"
        );
    }
}

#[test]
fn other_operations_stay_in_the_patch() {
    let operations = json!([
        { "op": "replace", "path": "displayName", "value": "x" },
        { "op": "add", "path": "members", "value": [{ "value": "a" }] },
        { "op": "replace", "value": { "externalId": "e", "members": [] } },
    ]);
    let (changes, left) = taken(&operations, &RFC).expect("read");
    assert_eq!(
        changes,
        [
            MembershipChange::Add(names(&["a"])),
            MembershipChange::Replace(vec![])
        ]
    );
    assert_eq!(left, 2);
    let title = json!([{ "op": "replace", "path": "title", "value": "x" }]);
    let mut user = parse_patch(ResourceKind::User, &title, &RFC).expect("a patch");
    assert_eq!(user.take_memberships(&RFC).expect("none"), []);
    assert!(!user.is_empty());
}

#[test]
fn what_names_no_member_or_changes_one_is_refused() {
    for operation in [
        json!({ "op": "add", "path": "members", "value": ["a"] }),
        json!({ "op": "add", "path": "members", "value": [{ "display": "a" }] }),
        json!({ "op": "add", "path": "members", "value": [{ "value": "" }] }),
        json!({ "op": "add", "path": "members[value eq \"a\"]", "value": { "value": "b" } }),
        json!({ "op": "replace", "path": "members[value eq \"a\"].display", "value": "b" }),
        json!({ "op": "remove", "path": "members.value" }),
        json!({ "op": "replace", "value": { "members.display": "b" } }),
    ] {
        let error = taken(&json!([operation]), &RFC).expect_err("refused");
        assert_eq!(error.status, 400, "{operation}");
    }
    let unknown =
        json!([{ "op": "add", "path": "members", "value": [{ "value": "a", "colour": "red" }] }]);
    assert_eq!(taken(&unknown, &AWS).expect_err("refused").status, 400);
    assert!(taken(&unknown, &RFC).is_ok());
}
