//! General conformance tools against the endpoint (identity-center.md §7): they must find nothing
//! in the dialect of the RFC, and in AWS's exactly what they are known to find in AWS's.

use std::process::Command;

use jetway_testkit::{counterparts, require};
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use super::world::Scim;

/// The endpoint on a port of its own.
struct Served {
    scim: Scim,
    url: String,
    server: JoinHandle<std::io::Result<()>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Served {
    async fn of(profile: &str) -> Self {
        let scim = Scim::of(profile);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}{}", listener.local_addr().unwrap(), scim.path());
        let server = tokio::spawn(axum::serve(listener, scim.world.aws.router()).into_future());
        Self { scim, url, server }
    }

    /// What the program printed, and whether it was content.
    async fn run(&self, mut command: Command) -> (bool, String) {
        tokio::task::spawn_blocking(move || {
            let output = command.output().unwrap();
            let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.push_str(&String::from_utf8_lossy(&output.stderr));
            (output.status.success(), text)
        })
        .await
        .unwrap()
    }

    async fn scim2_tester(&self) -> (bool, String) {
        let mut command = Command::new(counterparts::scim2().unwrap());
        command
            .env(
                "SCIM_CLI_HEADERS",
                format!("Authorization: Bearer {}", self.scim.token),
            )
            .env("NO_COLOR", "1")
            .args(["--url", &self.url, "test", "--verbose"]);
        self.run(command).await
    }

    async fn scim_sanity(&self, more: &[&str]) -> (bool, Value) {
        let mut command = Command::new(counterparts::scim_sanity().unwrap());
        command
            .args(["probe", &self.url, "--token", &self.scim.token])
            .args(["--i-accept-side-effects", "--json-output"])
            .args(more);
        let (passed, text) = self.run(command).await;
        let report = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        (passed, report)
    }
}

/// What did not pass, sorted, each with the reason. Values that are made up anew are left out.
fn failed(report: &Value) -> Vec<String> {
    let results = report["results"].as_array().unwrap();
    let mut failed: Vec<String> = results
        .iter()
        .filter(|result| result["status"] == "fail" || result["status"] == "error")
        .map(|result| {
            let message = result["message"].as_str().unwrap();
            let made_up = result["name"].as_str().unwrap().ends_with("after PUT");
            let message = message.split('\'').step_by(if made_up { 2 } else { 1 });
            let message: Vec<&str> = message.collect();
            format!(
                "{}: {}",
                result["name"].as_str().unwrap(),
                message.join("'")
            )
        })
        .collect();
    failed.sort();
    failed
}

/// How many checks had this outcome.
fn count(report: &Value, outcome: &str) -> usize {
    let results = report["results"].as_array().unwrap();
    results
        .iter()
        .filter(|result| result["status"] == outcome)
        .count()
}

/// What scim-sanity finds in AWS's dialect.
const FOUND_IN_AWS: [&str; 12] = [
    "GET /Groups/{id} after PUT: Expected displayName=', got '",
    "GET /Groups/{id}: Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1)",
    "GET /Users (ListResponse): Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1)",
    "GET /Users/{id}: Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1)",
    "PATCH /Groups/{id} add member: Expected 200, got 404",
    "PATCH /Groups/{id} remove members: Expected 200, got 400",
    "PATCH /Groups/{id}: Expected HTTP 200, got 204 (RFC 7644 §3.3); Response body is empty",
    "PATCH /Users/{id}: Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1)",
    "POST /Groups: Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1); Location header should be present on 201 Created (RFC 7644 §3.3)",
    "POST /Users: Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1); Location header should be present on 201 Created (RFC 7644 §3.3)",
    "PUT /Groups/{id}: Expected HTTP 200, got 501 (RFC 7644 §3.3)",
    "PUT /Users/{id}: Expected HTTP 200, got 201 (RFC 7644 §3.3); Content-Type should be application/scim+json, got 'application/json' (RFC 7644 §8.1); Location header should be present on 201 Created (RFC 7644 §3.3)",
];

/// The same with `--compat`, which forgives what many servers do.
const FOUND_IN_AWS_COMPAT: [&str; 6] = [
    "GET /Groups/{id} after PUT: Expected displayName=', got '",
    "PATCH /Groups/{id} add member: Expected 200, got 404",
    "PATCH /Groups/{id} remove members: Expected 200, got 400",
    "PATCH /Groups/{id}: Expected HTTP 200, got 204 (RFC 7644 §3.3); Response body is empty",
    "PUT /Groups/{id}: Expected HTTP 200, got 501 (RFC 7644 §3.3)",
    "PUT /Users/{id}: Expected HTTP 200, got 201 (RFC 7644 §3.3)",
];

#[tokio::test(flavor = "multi_thread")]
async fn scim2_tester_finds_no_fault_in_the_dialect_of_the_rfc() {
    require!(counterparts::scim2());
    // It ends with an error where anything was skipped: a search over all resource types at once,
    // which is not offered.
    let (_, text) = Served::of("rfc").await.scim2_tester().await;
    let outcomes: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|(word, _)| word.len() > 4 && word.bytes().all(|byte| byte.is_ascii_uppercase()))
        .map(|(word, rest)| if word == "SUCCESS" { word } else { rest })
        .collect();
    let (passed, others): (Vec<_>, Vec<_>) = outcomes
        .into_iter()
        .partition(|outcome| *outcome == "SUCCESS");
    assert!(passed.len() > 100, "{text}");
    assert_eq!(others, ["search_with_attributes"; 2], "{text}");
    assert_eq!(text.matches("SKIPPED").count(), 2, "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scim_sanity_finds_no_fault_in_the_dialect_of_the_rfc() {
    require!(counterparts::scim_sanity());
    let (passed, report) = Served::of("rfc").await.scim_sanity(&[]).await;
    assert_eq!(failed(&report), [""; 0], "{report:#}");
    assert!(passed);
}

#[tokio::test(flavor = "multi_thread")]
async fn scim_sanity_finds_in_the_dialect_of_aws_what_aws_does_on_purpose() {
    require!(counterparts::scim_sanity());
    let served = Served::of("aws").await;
    let (passed, report) = served.scim_sanity(&[]).await;
    assert!(!passed);
    assert_eq!(failed(&report), FOUND_IN_AWS, "{report:#}");
    assert_eq!(
        (
            count(&report, "pass"),
            count(&report, "warn"),
            count(&report, "skip")
        ),
        (15, 4, 3)
    );
    let (_, report) = served.scim_sanity(&["--compat"]).await;
    assert_eq!(failed(&report), FOUND_IN_AWS_COMPAT, "{report:#}");
}

/// scim2-tester cannot judge AWS: it forbids the members that AWS's errors have beside the RFC's,
/// and believes that the extension is required of every user.
#[tokio::test(flavor = "multi_thread")]
async fn scim2_tester_does_not_accept_the_errors_of_aws() {
    require!(counterparts::scim2());
    let (passed, text) = Served::of("aws").await.scim2_tester().await;
    assert!(!passed, "{text}");
    for reason in ["exceptionRequestId", "timeStamp"] {
        assert!(text.contains(reason), "{text}");
    }
}
