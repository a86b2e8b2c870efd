//! What of a resource is answered.

use jetway_scim::{AWS, ENTERPRISE_URN, RFC, ResourceKind, ScimType, Selection, USER_URN};
use serde_json::{Value, json};

use crate::support::{group, user, with};

fn answer(query: (&str, &str)) -> Value {
    let user = with(
        with(user(), "id", json!("u-1")),
        "password",
        json!("secret"),
    );
    let Value::Object(user) = user else {
        panic!("an object")
    };
    let selection = Selection::parse([query], &RFC).expect("a selection");
    selection.answer(ResourceKind::User, user, &RFC).into()
}

#[test]
fn a_password_is_never_answered() {
    assert_eq!(answer(("count", "1")).get("password"), None);
    assert_eq!(answer(("attributes", "password")).get("password"), None);
}

#[test]
fn only_the_named_attributes_come_with_the_identifier() {
    let names =
        format!("USERNAME, name.givenName,emails.value,emails.type,{ENTERPRISE_URN}:department");
    assert_eq!(
        answer(("attributes", &names)),
        json!({
            "schemas": [USER_URN, ENTERPRISE_URN],
            "id": "u-1",
            "userName": "road.runner@the-acme-corporation.com",
            "name": { "givenName": "Road" },
            "emails": [{ "value": "road.runner@the-acme-corporation.com", "type": "work" }],
            ENTERPRISE_URN: { "department": "operations" },
        })
    );
}

#[test]
fn excluded_attributes_go_but_not_the_identifier() {
    let after = answer(("excludedAttributes", "id,emails.type,title,displayName"));
    assert_eq!(after["id"], "u-1");
    assert_eq!(after.get("displayName"), None);
    assert_eq!(after["emails"][0].get("type"), None);
    assert_eq!(after["emails"][0]["primary"], true);
}

#[test]
fn a_name_that_is_none_is_refused_and_aws_ignores_it() {
    let pairs = [("attributes", "a b")];
    let error = Selection::parse(pairs, &RFC).expect_err("refused");
    assert_eq!(error.scim_type, Some(ScimType::InvalidPath));
    assert_eq!(Selection::parse(pairs, &AWS), Ok(Selection::All));
}

#[test]
fn aws_answers_groups_without_their_members() {
    let Value::Object(group) = group(2) else {
        panic!("an object")
    };
    let of = |profile| Selection::All.answer(ResourceKind::Group, group.clone(), profile);
    assert_eq!(of(&AWS).get("members"), None);
    assert!(of(&RFC).contains_key("members"));
}

#[test]
fn a_name_twice_counts_once() {
    let names = vec!["title"; 1000].join(",");
    let pairs = [("attributes", names.as_str())];
    let selection = Selection::parse(pairs, &RFC).expect("a selection");
    assert!(selection.wants("TITLE"));
    assert!(!selection.wants("members"));
    let without = Selection::parse([("excludedAttributes", "members,emails.type")], &RFC);
    let without = without.expect("a selection");
    assert!(!without.wants("members"));
    assert!(without.wants("emails"));
}
