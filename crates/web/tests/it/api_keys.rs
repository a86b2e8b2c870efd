//! API keys at the door of the API.

use axum::body::Body;
use http::HeaderName;
use http::header::AUTHORIZATION;
use jetway_identity::{EventKind, Scope};

use crate::browser::{Answer, tampered};
use crate::site::Site;

const API_KEY: HeaderName = HeaderName::from_static("x-api-key");

async fn ask(site: &Site, headers: &[(HeaderName, &str)]) -> Answer {
    let mut browser = site.browser();
    let mut request = browser.request("GET", "/api/v1/caller");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_key_is_taken_from_either_header() {
    let site = Site::start().await;
    let key = site.api_key(Scope::Users).await;
    let bearer = format!("Bearer {key}");
    for headers in [
        [(AUTHORIZATION, bearer.as_str())],
        [(API_KEY, key.as_str())],
    ] {
        let answer = ask(&site, &headers).await;
        assert_eq!(answer.status, 200);
        let json = answer.json();
        assert_eq!(json["name"], "key to users");
        assert_eq!(json["owner"]["email"], "full@the-acme-corporation.com");
        let expected = [
            "read_directory",
            "write_users",
            "delete_users",
            "manage_credentials",
        ];
        assert_eq!(json["permissions"], serde_json::json!(expected));
        assert!(!answer.body.contains(&key));
    }
}

#[tokio::test]
async fn no_key_a_wrong_key_and_two_keys_are_401_with_a_challenge() {
    let site = Site::start().await;
    let key = site.api_key(Scope::Full).await;
    let (bearer, basic) = (format!("Bearer {key}"), format!("Basic {key}"));
    let wrong = tampered(&key);
    for headers in [
        vec![],
        vec![(API_KEY, wrong.as_str())],
        vec![(API_KEY, "")],
        vec![(AUTHORIZATION, basic.as_str())],
        vec![(AUTHORIZATION, key.as_str())],
        vec![(AUTHORIZATION, bearer.as_str()), (API_KEY, key.as_str())],
        vec![(API_KEY, key.as_str()), (API_KEY, key.as_str())],
    ] {
        let answer = ask(&site, &headers).await;
        assert_eq!(answer.status, 401, "{headers:?}");
        assert_eq!(answer.header("www-authenticate"), "Bearer realm=\"jetway\"");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(site.count_events(EventKind::AccessDenied).await, 0);
}
