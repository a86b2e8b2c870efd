//! What people see when the store fails, hangs or panics.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use futures_util::StreamExt;
use http::Request;
use http::header::{COOKIE, HOST};
use jetway_identity::{Event, Read, SessionId, Store, StoreError, Write};
use jetway_web::router;
use time::OffsetDateTime;

use crate::browser::{Answer, send};
use crate::site::state_on;

#[derive(Clone, Copy)]
enum Fault {
    Fails,
    Hangs,
    Panics,
}

struct BrokenStore(Fault);

impl BrokenStore {
    async fn fail(&self) -> StoreError {
        match self.0 {
            Fault::Fails => StoreError::Unavailable("connection refused: 10.1.2.3:5432".into()),
            Fault::Hangs => std::future::pending().await,
            Fault::Panics => panic!("the store is broken"),
        }
    }
}

#[async_trait]
impl Store for BrokenStore {
    async fn read(&self) -> Result<Box<dyn Read + '_>, StoreError> {
        Err(self.fail().await)
    }

    async fn write(&self) -> Result<Box<dyn Write + '_>, StoreError> {
        Err(self.fail().await)
    }

    fn rehearsal(&self) -> Box<dyn Store + '_> {
        Box::new(Self(self.0))
    }

    async fn record(&self, _: Event) -> Result<(), StoreError> {
        Err(self.fail().await)
    }

    async fn touch_session(&self, _: SessionId, _: OffsetDateTime) -> Result<(), StoreError> {
        Err(self.fail().await)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        Err(self.fail().await)
    }
}

fn site(fault: Fault) -> Router {
    router(state_on(
        Arc::new(BrokenStore(fault)),
        "http://localhost:8700",
    ))
}

async fn get(router: &Router, path: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header(HOST, "localhost:8700")
        .header(COOKIE, format!("jetway_session={}", "A".repeat(43)));
    send(router, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_store_that_fails_gives_503_with_a_reference_and_no_details() {
    let site = site(Fault::Fails);
    for path in ["/", "/login", "/saml2/aws-a", "/saml2/aws-a/metadata"] {
        let answer = get(&site, path).await;
        assert_eq!(answer.status, 503, "{path}");
        assert!(
            answer.body.contains(answer.header("x-request-id")),
            "{path}"
        );
        assert!(!answer.body.contains("10.1.2.3"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("retry-after"), "5", "{path}");
    }
    let api = get(&site, "/userconsole/api/self").await;
    assert_eq!(api.status, 503);
    assert!(api.json()["message"].is_string());
}

#[tokio::test]
async fn a_store_that_fails_makes_the_server_alive_but_not_ready() {
    let site = site(Fault::Fails);
    assert_eq!(get(&site, "/healthz").await.status, 200);
    let ready = get(&site, "/readyz").await;
    assert_eq!(ready.status, 503);
    assert_eq!(ready.body, "not ready: the store does not answer\n");
    assert_eq!(
        get(&site, "/userconsole/xsrf").await.status,
        200,
        "needs no store"
    );
}

#[tokio::test]
async fn a_panic_becomes_an_error_page_and_the_next_request_is_served() {
    let site = site(Fault::Panics);
    let answer = get(&site, "/").await;
    assert_eq!(answer.status, 500);
    assert!(answer.body.contains("Something went wrong here"));
    assert!(!answer.body.contains("the store is broken"));
    assert_eq!(answer.header("x-frame-options"), "DENY");
    assert_eq!(get(&site, "/healthz").await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_not_waited_for_longer_than_ten_seconds() {
    let site = site(Fault::Hangs);
    let started = tokio::time::Instant::now();
    assert_eq!(get(&site, "/").await.status, 503);
    assert_eq!(started.elapsed().as_secs(), 10);
    let started = tokio::time::Instant::now();
    assert_eq!(get(&site, "/readyz").await.status, 503);
    assert!(started.elapsed() <= Duration::from_secs(4));
}

async fn post(router: &Router, path: &str, body: Body) -> Answer {
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header(HOST, "localhost:8700");
    send(router, request.body(body).unwrap()).await
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_a_408_and_no_fault_of_ours() {
    let site = site(Fault::Fails);
    for path in ["/login", "/userconsole/auth", "/healthz", "/nowhere"] {
        let started = tokio::time::Instant::now();
        let first = futures_util::stream::once(async { Ok::<_, std::io::Error>("username=") });
        let never = first.chain(futures_util::stream::pending());
        let answer = post(&site, path, Body::from_stream(never)).await;
        assert_eq!(answer.status, 408, "{path}");
        assert_eq!(started.elapsed().as_secs(), 10);
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_is_too_long_is_refused_before_all_of_it_has_come() {
    let site = site(Fault::Fails);
    let started = tokio::time::Instant::now();
    let piece = vec![b'a'; 4096];
    let endless = futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
    let answer = post(&site, "/login", Body::from_stream(endless)).await;
    assert_eq!(answer.status, 413);
    assert!(started.elapsed() < Duration::from_secs(1));
}
