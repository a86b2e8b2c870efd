//! Faults on request: for tests of SCIM clients.

use axum::http::HeaderValue;
use jetway_local_aws::identity_center::allow_scim_faults;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::world::{Scim, user};
use crate::support::{Reply, json::Service};

async fn with_fault(scim: &Scim, name: &str, fault: &str) -> Reply {
    let mut request = scim.request("POST", "/Users", &user(name).to_string());
    let value = HeaderValue::from_str(fault).unwrap();
    request.headers_mut().insert("x-jetway-fault", value);
    scim.world.send(request).await
}

async fn plan(scim: &Scim, input: serde_json::Value) {
    let world = &scim.world;
    world
        .json_as(
            &world.admin,
            Service::LocalAdmin,
            "SetProvisioningFaults",
            &input,
        )
        .await
        .ok();
}

async fn count(scim: &Scim) -> usize {
    scim.get("/Users").await.ids().len()
}

#[tokio::test]
async fn the_header_counts_only_where_it_was_allowed() {
    let scim = Scim::aws();
    assert_eq!(with_fault(&scim, "ada", "429").await.status, 201);
    allow_scim_faults(&scim.world.aws, true).unwrap();
    assert_eq!(with_fault(&scim, "grace", "429").await.status, 429);
    let stranger = Scim {
        token: "nonsense".into(),
        ..scim
    };
    assert_eq!(with_fault(&stranger, "grace", "429").await.status, 401);
}

#[tokio::test]
async fn throttling_and_failures_say_what_aws_says() {
    let scim = Scim::aws();
    allow_scim_faults(&scim.world.aws, true).unwrap();
    let throttled = with_fault(&scim, "a", "429").await;
    assert_eq!(
        throttled.error(),
        (429, "Too many requests exceeded the limits.".to_owned())
    );
    assert_eq!(throttled.header("retry-after"), "");
    let told = with_fault(&scim, "a", "429;retry-after=7").await;
    assert_eq!((told.status, told.header("retry-after")), (429, "7"));
    let failed = with_fault(&scim, "a", "500-before").await;
    assert_eq!(
        failed.error(),
        (500, "Service failed to process the request.".to_owned())
    );
    assert_eq!(count(&scim).await, 0);
    // The client is told that it failed, and it did not.
    assert_eq!(
        with_fault(&scim, "a", "500-after").await.error(),
        failed.error()
    );
    assert_eq!(count(&scim).await, 1);
    assert_eq!(with_fault(&scim, "a", "latency=1").await.status, 409);
    let unknown = with_fault(&scim, "b", "explode").await;
    assert_eq!(unknown.status, 400);
    assert!(
        unknown.text.contains("'explode' is not a fault"),
        "{}",
        unknown.text
    );
}

/// For clients that cannot send headers: so many of the next requests, then nothing more.
#[tokio::test]
async fn faults_are_planned_for_the_next_requests() {
    let scim = Scim::aws();
    plan(
        &scim,
        json!({ "NextRequests": [
            { "Fault": "429;retry-after=1", "Count": 2 },
            { "Fault": "500-before" },
        ]}),
    )
    .await;
    let mut statuses = Vec::new();
    for _ in 0..4 {
        statuses.push(scim.get("/Users").await.status);
    }
    assert_eq!(statuses, [429, 429, 500, 200]);
    plan(
        &scim,
        json!({ "NextRequests": [{ "Fault": "429", "Count": 1000 }] }),
    )
    .await;
    plan(&scim, json!({ "Header": true })).await;
    assert_eq!(
        scim.get("/Users").await.status,
        200,
        "a new plan replaces the old one"
    );
    assert_eq!(with_fault(&scim, "ada", "429").await.status, 429);
}

#[tokio::test]
async fn a_plan_that_cannot_be_read_is_refused() {
    let scim = Scim::aws();
    let world = &scim.world;
    for input in [
        json!({ "NextRequests": [{ "Fault": "explode" }] }),
        json!({ "NextRequests": [{ "Count": 1 }] }),
        json!({ "NextRequests": [{ "Fault": "429", "Count": -1 }] }),
        json!({ "Header": "yes" }),
    ] {
        let answer = world
            .json_as(
                &world.admin,
                Service::LocalAdmin,
                "SetProvisioningFaults",
                &input,
            )
            .await;
        assert_eq!(answer.refusal().0, "ValidationException", "{input}");
    }
}

/// Over a real connection: the client gets no byte of an answer.
#[tokio::test]
async fn a_reset_cuts_the_connection_before_or_after_the_change() {
    let scim = Scim::aws();
    allow_scim_faults(&scim.world.aws, true).unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(axum::serve(listener, scim.world.aws.router()).into_future());
    for (fault, created) in [("reset-before", 0), ("reset-after", 1)] {
        let body = user("ada").to_string();
        let request = format!(
            "POST {}/Users HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nx-jetway-fault: {fault}\r\nContent-Length: {}\r\n\r\n{body}",
            scim.path(),
            scim.token,
            body.len(),
        );
        let mut connection = TcpStream::connect(address).await.unwrap();
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // Either an error or an early end.
        connection.read_to_end(&mut answer).await.ok();
        assert_eq!(String::from_utf8_lossy(&answer), "", "{fault}");
        assert_eq!(count(&scim).await, created, "{fault}");
    }
    server.abort();
}
