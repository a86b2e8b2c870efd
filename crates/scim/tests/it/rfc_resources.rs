//! Resources as the RFC takes them.

use jetway_scim::{GROUP_URN, ListQuery, Page, RFC, ResourceKind, ScimType, USER_URN};
use serde_json::json;

use crate::support::{group, read, refused_user, user, with, without};

#[test]
fn a_user_name_is_enough() {
    let body = json!({ "schemas": [USER_URN], "USERNAME": "a" });
    let read = read(ResourceKind::User, &body, &RFC).expect("a user");
    assert_eq!(read["userName"], "a");
}

#[test]
fn what_only_the_server_writes_and_what_is_unknown_is_left_out() {
    let mut body = user();
    for name in ["id", "meta", "groups", "favouriteColour"] {
        body[name] = json!("x");
    }
    body["title"] = json!(null);
    body["ims"] = json!([]);
    let read = read(ResourceKind::User, &body, &RFC).expect("a user");
    for name in ["id", "meta", "groups", "favouriteColour", "title", "ims"] {
        assert_eq!(read.get(name), None, "{name}");
    }
}

#[test]
fn types_are_strict() {
    for (name, value) in [
        ("active", json!("true")),
        ("userName", json!(1)),
        ("emails", json!({ "value": "a" })),
        ("emails", json!(["a"])),
        ("name", json!("Road Runner")),
        (
            "emails",
            json!([{ "value": "a", "primary": true }, { "value": "b", "primary": true }]),
        ),
    ] {
        let error = refused_user(&with(user(), name, value), &RFC);
        assert_eq!(
            (error.status, error.scim_type),
            (400, Some(ScimType::InvalidValue)),
            "{name}"
        );
    }
}

#[test]
fn the_schema_must_be_named() {
    for body in [
        without(user(), "schemas"),
        with(user(), "schemas", json!([GROUP_URN])),
    ] {
        assert_eq!(
            refused_user(&body, &RFC).scim_type,
            Some(ScimType::InvalidSyntax)
        );
    }
}

#[test]
fn a_group_may_begin_with_many_members() {
    assert!(read(ResourceKind::Group, &group(500), &RFC).is_ok());
}

#[test]
fn pages_are_counted_from_one_and_a_count_of_zero_asks_for_the_total() {
    let pairs = [
        ("startIndex", "-3"),
        ("count", "0"),
        ("filter", "userName pr"),
    ];
    let query = ListQuery::parse(ResourceKind::User, pairs, &RFC).expect("a query");
    assert_eq!((query.page, query.count), (Page::Index(1), 0));
    let error = ListQuery::parse(ResourceKind::User, [("filter", "userName")], &RFC);
    assert_eq!(
        error.expect_err("refused").scim_type,
        Some(ScimType::InvalidFilter)
    );
}
