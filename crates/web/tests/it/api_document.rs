//! The description of the API.

use std::collections::BTreeSet;

use jetway_web::{Audience, ROUTES};
use serde_json::Value;

use crate::site::Site;

async fn document(site: &Site) -> Value {
    let answer = site.browser().get("/api/v1/openapi.json").await;
    assert_eq!(answer.status, 200);
    answer.json()
}

/// Our own API, and of the addresses in JumpCloud's shapes those about applications.
fn is_described(path: &str) -> bool {
    path.starts_with("/api/v1/")
        || path.starts_with("/api/applications")
        || path.starts_with("/api/v2/applications/")
        || path.starts_with("/api/v2/")
            && (path.ends_with("/associations") || path.ends_with("/applications"))
}

/// What a client is told is what the guard does.
#[tokio::test]
async fn every_route_of_the_api_is_described_with_its_permission_and_nothing_else_is() {
    let site = Site::start().await;
    let document = document(&site).await;
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            described.insert((method.to_ascii_uppercase(), path.clone()));
            let route = ROUTES
                .iter()
                .find(|route| route.path == path && route.method.eq_ignore_ascii_case(method))
                .unwrap_or_else(|| panic!("{method} {path} is described and does not exist"));
            let expected = match route.audience {
                Audience::Api(permission) => {
                    serde_json::json!([{"bearer": [permission.as_str()]}])
                }
                Audience::ApiAny => serde_json::json!([{"bearer": []}]),
                _ => serde_json::json!([]),
            };
            assert_eq!(operation["security"], expected, "{method} {path}");
            for member in ["summary", "operationId", "tags"] {
                assert!(!operation[member].is_null(), "{method} {path}: {member}");
            }
            let problem = &operation["responses"]["default"]["content"];
            let media_type = if path.starts_with("/api/v1/") {
                "application/problem+json"
            } else {
                "application/json"
            };
            assert!(problem[media_type].is_object(), "{method} {path}");
        }
    }
    let exist: BTreeSet<_> = ROUTES
        .iter()
        .filter(|route| is_described(route.path))
        .filter(|route| matches!(route.audience, Audience::Api(_) | Audience::ApiAny))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(exist, described);
}

#[tokio::test]
async fn every_reference_of_the_document_leads_somewhere() {
    let site = Site::start().await;
    let document = document(&site).await;
    let mut references = Vec::new();
    collect(&document, &mut references);
    assert!(references.len() > 10);
    for reference in references {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "$ref" => references.push(text.clone()),
                    value => collect(value, references),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, references)),
        _ => {}
    }
}
