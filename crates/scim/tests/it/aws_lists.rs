//! Lists as AWS answers them.

use jetway_scim::{AWS, AWS_50, ListQuery, Page, ResourceKind, ScimError};
use serde_json::json;

fn query(kind: ResourceKind, pairs: &[(&str, &str)]) -> Result<ListQuery, ScimError> {
    ListQuery::parse(kind, pairs.iter().copied(), &AWS)
}

#[test]
fn only_the_filters_of_the_table_are_answered() {
    use ResourceKind::{Group, User};
    for (kind, filter) in [
        (User, r#"userName eq "a""#),
        (User, r#"externalId eq "a""#),
        (User, r#"groups.value eq "a""#),
        (User, r#"id eq "a" and manager eq "b""#),
        (User, r#"manager eq "b" and id eq "a""#),
        (Group, r#"displayName eq "a""#),
        (Group, r#"members.value eq "a""#),
        (Group, r#"id eq "a" and members eq "b""#),
        (Group, r#"member eq "b" and id eq "a""#),
    ] {
        assert!(query(kind, &[("filter", filter)]).is_ok(), "{filter}");
    }
    for (kind, filter) in [
        (User, r#"userName co "a""#),
        (User, r#"title eq "a""#),
        (User, r#"userName eq "a" or externalId eq "b""#),
        (User, r#"userName eq "a" and externalId eq "b""#),
        (User, "userName pr"),
        (User, "userName eq"),
        (Group, r#"userName eq "a""#),
    ] {
        let error = query(kind, &[("filter", filter)]).expect_err(filter);
        assert_eq!(
            (error.status, error.detail.as_str()),
            (400, "Invalid Filter format")
        );
    }
}

#[test]
fn an_empty_member_is_refused_with_the_generic_text() {
    let filter = r#"id eq "a" and members eq """#;
    assert_eq!(
        query(ResourceKind::Group, &[("filter", filter)])
            .expect_err("refused")
            .detail,
        "Request is unparsable, syntactically incorrect, or violates schema."
    );
}

#[test]
fn count_is_between_one_and_a_hundred_and_start_index_is_ignored() {
    for bad in ["0", "101", "-1", "x", ""] {
        assert!(
            query(ResourceKind::User, &[("count", bad)]).is_err(),
            "{bad}"
        );
    }
    let read = query(ResourceKind::User, &[("count", "7"), ("startIndex", "5")]).expect("a query");
    assert_eq!((read.count, read.page), (7, Page::Index(1)));
    let old = ListQuery::parse(ResourceKind::User, [("count", "100")], &AWS_50).expect("a query");
    assert_eq!(old.count, 50);
}

#[test]
fn a_page_by_cursor_has_no_total() {
    let read = query(ResourceKind::User, &[("cursor", "")]).expect("a query");
    assert_eq!(
        read.response(vec![json!({})], 9, Some("n1")).to_string(),
        r#"{"itemsPerPage":1,"nextCursor":"n1","schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[{}]}"#
    );
    assert!(query(ResourceKind::User, &[("cursor", "a b")]).is_err());
}

#[test]
fn a_page_without_cursor_has_a_total_and_no_next() {
    let read = query(ResourceKind::User, &[]).expect("a query");
    assert_eq!(
        read.response(vec![], 0, Some("n1")).to_string(),
        r#"{"totalResults":0,"itemsPerPage":0,"startIndex":1,"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[]}"#
    );
}
