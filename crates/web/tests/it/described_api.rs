//! The API against its own description, by Schemathesis: thousands of requests made from it, honest
//! and malformed.

use std::net::SocketAddr;
use std::process::Stdio;
use std::time::Duration;

use jetway_identity::Scope;
use jetway_testkit::counterparts;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::site::Site;

/// No 5xx, no status, header, media type or body that the description does not have, nothing that
/// is answered without a key.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,ignored_auth,\
                      unsupported_method";

/// What is waited for, in seconds.
const TIME_LIMIT: u64 = 170;

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_is_a_fault_or_differs_from_its_description() {
    let program = jetway_testkit::require!(counterparts::schemathesis());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let site = Site::start_at(&origin).await;
    let key = site.api_key(Scope::Full).await;
    let service = site
        .router
        .clone()
        .into_make_service_with_connect_info::<SocketAddr>();
    let server = tokio::spawn(async move { axum::serve(listener, service).await });

    let folder = tempfile::tempdir().unwrap();
    let run = Command::new(program)
        .args(["run", &format!("{origin}/api/v1/openapi.json")])
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .args(["--checks", CHECKS])
        .args(["--phases", "examples,coverage,fuzzing"])
        .args(["--max-examples", "10", "--seed", "1", "--no-shrink"])
        .args(["--max-time", "75"])
        // With two, Python's parser now and then loses count of its depth.
        .args(["--workers", "1", "--request-timeout", "15"])
        .args(["--suppress-health-check", "all", "--warnings", "off"])
        .args(["--continue-on-failure", "--no-color"])
        .current_dir(folder.path())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let limit = Duration::from_secs(TIME_LIMIT);
    let run = tokio::time::timeout(limit, run).await.unwrap().unwrap();
    server.abort();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");
    assert!(said.contains("Tested:"), "it tested something: {said}");
}
