//! Users and groups as AWS takes them.

use jetway_scim::{AWS, ENTERPRISE_URN, RFC, ResourceKind, read_replacement, read_resource};
use serde_json::json;

use crate::support::{group, read, refused_user, user, with, without};

const GENERIC: &str = "Request is unparsable, syntactically incorrect, or violates schema.";

#[test]
fn a_complete_user_is_taken() {
    let read = read(ResourceKind::User, &user(), &AWS).expect("a user");
    assert_eq!(read["userName"], "road.runner@the-acme-corporation.com");
    assert_eq!(read[ENTERPRISE_URN]["manager"]["value"], "m-1");
}

#[test]
fn names_and_display_name_are_required() {
    for missing in ["userName", "displayName", "name"] {
        assert_eq!(
            refused_user(&without(user(), missing), &AWS).detail,
            GENERIC,
            "{missing}"
        );
    }
}

#[test]
fn an_empty_given_name_gets_the_two_errors_of_aws() {
    let body = with(
        user(),
        "name",
        json!({ "givenName": "", "familyName": "Runner" }),
    );
    assert_eq!(
        refused_user(&body, &AWS).detail,
        r"2 validation errors detected: Value at 'name.givenName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}\t\n\r ]+; Value at 'name.givenName' failed to satisfy constraint: Member must have length greater than or equal to 1"
    );
}

#[test]
fn an_empty_manager_is_named_with_its_urn() {
    let body = with(
        user(),
        ENTERPRISE_URN,
        json!({ "manager": { "value": "" } }),
    );
    let detail = refused_user(&body, &AWS).detail;
    assert!(
        detail.starts_with(
            "2 validation errors detected: Value at 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User.manager.value' failed"
        ),
        "{detail}"
    );
}

#[test]
fn control_characters_are_outside_the_pattern() {
    let detail = refused_user(&with(user(), "title", json!("a\u{0}b")), &AWS).detail;
    assert!(
        detail.starts_with("1 validation error detected: Value at 'title'"),
        "{detail}"
    );
    assert!(
        read(
            ResourceKind::User,
            &with(user(), "title", json!("Zoë\t– 中 ☂")),
            &AWS
        )
        .is_ok()
    );
}

#[test]
fn lists_hold_one_value() {
    for name in ["emails", "addresses", "phoneNumbers", "roles"] {
        let body = with(user(), name, json!([{ "type": "a" }, { "type": "b" }]));
        assert_eq!(
            refused_user(&body, &AWS).detail,
            format!("List attribute {name} exceeds allowed limit of 1")
        );
    }
}

#[test]
fn what_aws_does_not_support_is_refused() {
    for (name, value) in [
        ("password", json!("x")),
        ("ims", json!([{ "value": "x" }])),
        ("photos", json!([{ "value": "x" }])),
        ("x509Certificates", json!([{ "value": "x" }])),
        ("entitlements", json!([{ "value": "x" }])),
        ("groups", json!([{ "value": "x" }])),
        ("emails", json!([{ "value": "x", "display": "x" }])),
        ("favouriteColour", json!("blue")),
        (
            ENTERPRISE_URN,
            json!({ "manager": { "value": "x", "displayName": "x" } }),
        ),
    ] {
        assert_eq!(
            refused_user(&with(user(), name, value), &AWS).detail,
            GENERIC,
            "{name}"
        );
    }
}

#[test]
fn active_may_be_a_string() {
    let read = read(
        ResourceKind::User,
        &with(user(), "active", json!("False")),
        &AWS,
    );
    assert_eq!(read.expect("a user")["active"], false);
}

#[test]
fn a_group_begins_with_a_hundred_members_at_most() {
    assert!(read(ResourceKind::Group, &group(100), &AWS).is_ok());
    let error = read(ResourceKind::Group, &group(101), &AWS).expect_err("refused");
    assert_eq!((error.status, error.detail.as_str()), (400, GENERIC));
}

#[test]
fn what_is_no_json_object_is_named_so() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(50), "]".repeat(50));
    for body in [
        "",
        "[]",
        "{",
        "{} x",
        r#"{"userName":"a","USERNAME":"b"}"#,
        deep.as_str(),
    ] {
        let error = read_resource(ResourceKind::User, body.as_bytes(), &AWS).expect_err("refused");
        assert_eq!(error.detail, "Invalid JSON from RequestBody", "{body}");
    }
}

#[test]
fn a_replacement_carries_the_identifier_of_its_address() {
    let replace = |body: &serde_json::Value, profile| {
        read_replacement(
            ResourceKind::User,
            "u-1",
            body.to_string().as_bytes(),
            profile,
        )
    };
    assert!(replace(&with(user(), "id", json!("u-1")), &AWS).is_ok());
    for body in [user(), with(user(), "id", json!("u-2"))] {
        assert_eq!(replace(&body, &AWS).expect_err("refused").detail, GENERIC);
        assert!(replace(&body, &RFC).is_ok());
    }
}

#[test]
fn schemas_may_be_absent_but_not_wrong() {
    assert!(read(ResourceKind::User, &without(user(), "schemas"), &AWS).is_ok());
    for wrong in [json!([]), json!(null), json!(["urn:x"])] {
        let body = with(user(), "schemas", wrong);
        assert_eq!(refused_user(&body, &AWS).detail, GENERIC);
    }
}

#[test]
fn an_address_must_be_the_primary_one() {
    for email in [
        json!({ "value": "a@x" }),
        json!({ "value": "a@x", "primary": false }),
    ] {
        let body = with(user(), "emails", json!([email]));
        assert_eq!(refused_user(&body, &AWS).detail, GENERIC);
        assert!(read(ResourceKind::User, &body, &RFC).is_ok());
    }
}

#[test]
fn each_name_has_its_own_white_space() {
    for name in ["road runner", "road\u{a0}runner", "road\trunner"] {
        let detail = refused_user(&with(user(), "userName", json!(name)), &AWS).detail;
        assert_eq!(
            detail,
            r"1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+"
        );
    }
    let wide = with(user(), "displayName", json!("Road\u{3000}\u{a0}Runner"));
    assert!(read(ResourceKind::User, &wide, &AWS).is_ok());
    let name = |name: &str| {
        read(
            ResourceKind::Group,
            &with(group(0), "displayName", json!(name)),
            &AWS,
        )
    };
    assert!(name("all\u{a0}of us").is_ok());
    assert!(name("all\u{3000}of us").is_err());
}
