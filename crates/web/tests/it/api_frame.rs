//! What every address under `/api/v1` has in common.

use axum::body::Body;
use http::Request;
use http::header::{CONTENT_LENGTH, HOST};

use crate::api::problem;
use crate::browser::send;
use crate::site::Site;

#[tokio::test]
async fn failures_of_the_front_door_are_problem_documents_and_not_pages() {
    let site = Site::start().await;
    let call = async |host: &str, path: &str, body: Body| {
        let request = Request::post(path).header(HOST, host).body(body).unwrap();
        send(&site.router, request).await
    };
    for path in ["/api/v1", "/api/v1/", "/api/v1/nowhere", "/api/v1/users/"] {
        let answer = call("localhost:8700", path, Body::empty()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(
            problem(&answer)["type"],
            "urn:jetway:problem:no-such-address"
        );
    }
    let answer = call("evil.example", "/api/v1/users", Body::empty()).await;
    assert_eq!(answer.status, 421);
    problem(&answer);
    let large = Body::from(vec![b' '; 3 * 1024 * 1024]);
    let answer = call("localhost:8700", "/api/v1/nowhere", large).await;
    assert_eq!(answer.status, 413);
    problem(&answer);
    assert!(!answer.headers.contains_key(CONTENT_LENGTH) || !answer.body.is_empty());
}

#[tokio::test]
async fn failures_at_the_addresses_of_jumpcloud_are_messages() {
    let site = Site::start().await;
    for path in ["/api/nowhere", "/api/v2/nowhere", "/insights/nowhere"] {
        let answer = site.browser().get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.json()["message"].is_string());
    }
}
