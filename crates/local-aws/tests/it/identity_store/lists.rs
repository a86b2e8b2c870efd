//! Lists of users and groups.

use serde_json::{Value, json};

use super::store::Store;
use crate::support::json::text;

fn names(page: &Value, list: &str, name: &str) -> Vec<String> {
    let entries = page[list].as_array().unwrap();
    entries.iter().map(|entry| text(&entry[name])).collect()
}

#[tokio::test]
async fn users_are_listed_in_the_order_of_their_creation_page_by_page() {
    let store = Store::new().await;
    for name in ["c", "a", "b"] {
        store.user(name).await;
    }
    let first = store.done("ListUsers", json!({"MaxResults": 2})).await;
    assert_eq!(names(&first, "Users", "UserName"), ["c", "a"]);
    let token = text(&first["NextToken"]);
    let next = json!({"MaxResults": 2, "NextToken": token});
    let second = store.done("ListUsers", next.clone()).await;
    assert_eq!(names(&second, "Users", "UserName"), ["b"]);
    assert_eq!(second["NextToken"], json!(null));
    let foreign = store.ask("ListGroups", next).await;
    assert_eq!(
        foreign.refusal(),
        (
            "ValidationException",
            "The NextToken is not one of this list."
        )
    );
}

#[tokio::test]
async fn lists_are_filtered_by_the_unique_name_alone() {
    let store = Store::new().await;
    store.user("road").await;
    store.user("wile").await;
    store.group("runners").await;
    let by = |path: &str, value: &str| json!({"Filters": [{"AttributePath": path, "AttributeValue": value}]});
    let found = store.done("ListUsers", by("UserName", "WILE")).await;
    assert_eq!(names(&found, "Users", "UserName"), ["wile"]);
    let none = store.done("ListUsers", by("UserName", "nobody")).await;
    assert_eq!(none["Users"], json!([]));
    let found = store.done("ListGroups", by("DisplayName", "runners")).await;
    assert_eq!(names(&found, "Groups", "DisplayName"), ["runners"]);
    let other = store.ask("ListUsers", by("Title", "x")).await;
    assert_eq!(
        other.refusal(),
        (
            "ValidationException",
            "The attribute Title cannot be used in a filter. Use UserName."
        )
    );
    let filter = json!({"AttributePath": "UserName", "AttributeValue": "x"});
    let two = store
        .ask("ListUsers", json!({"Filters": [filter, filter]}))
        .await;
    assert!(two.refusal().1.contains("at 'filters'"), "{two:?}");
}

#[tokio::test]
async fn a_page_has_at_most_a_hundred_entries() {
    let store = Store::new().await;
    for size in [0, 101] {
        let refused = store.ask("ListUsers", json!({"MaxResults": size})).await;
        let message = refused.refusal().1.to_owned();
        assert!(message.contains("at 'maxResults'"), "{message}");
    }
}
