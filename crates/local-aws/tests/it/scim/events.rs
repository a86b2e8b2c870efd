//! The log has one line for each request, as CloudTrail would (identity-center.md §3.8), and never
//! a token or a value.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

use super::world::{Scim, group, user};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// What was written since the last time.
    fn take(&self) -> String {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap()
    }
}

/// A log of everything that this thread does while the guard lives.
fn listen() -> (Log, tracing::subscriber::DefaultGuard) {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(log.clone())
        .finish();
    (log, tracing::subscriber::set_default(subscriber))
}

#[tokio::test]
async fn each_request_is_one_event_with_its_outcome() {
    let scim = Scim::aws();
    let (log, _guard) = listen();
    let created = scim.post("/Groups", &group("operations", &[])).await;
    let id = created.header("x-amzn-requestid");
    assert_eq!(
        log.take(),
        format!(
            " INFO cloudtrail: eventSource=\"identitystore-scim.amazonaws.com\" eventName=\"CreateGroup\" requestID=\"{id}\" requestParameters=\"HIDDEN_DUE_TO_SECURITY_REASONS\"\n"
        )
    );
    scim.post("/Groups", &group("operations", &[])).await;
    let refused = log.take();
    assert!(
        refused.contains(
            "errorCode=\"ConflictException\" errorMessage=\"Duplicate GroupDisplayName\""
        ),
        "{refused}"
    );
    for (path, code, message) in [
        (
            "/Users/x",
            "ResourceNotFoundException",
            "Specified user does not exist.",
        ),
        (
            "/Users?count=0",
            "ValidationException",
            "Request is unparsable",
        ),
        (
            "/Nowhere",
            "ResourceNotFoundException",
            "Specified resource does not exist.",
        ),
    ] {
        scim.get(path).await;
        let line = log.take();
        assert!(line.contains(code) && line.contains(message), "{line}");
    }
}

#[tokio::test]
async fn neither_the_token_nor_a_value_is_ever_written() {
    for profile in ["aws", "rfc"] {
        let scim = Scim::of(profile);
        let stranger = Scim {
            token: "a-foreign-token".into(),
            ..Scim::of(profile)
        };
        let (log, _guard) = listen();
        let mut body = user("secret-name");
        body["title"] = json!({ "secret-value": "secret-value" });
        scim.post("/Users", &body).await;
        let ada = scim.user("secret-name").await;
        scim.post("/Users", &user("secret-name")).await;
        let path = json!([{ "op": "replace", "path": "secret-value", "value": "secret-value" }]);
        scim.patch(&format!("/Users/{ada}"), path).await;
        scim.get("/Users?filter=userName%20eq%20%22secret-name%22")
            .await;
        scim.get("/Users?filter=secret-value").await;
        stranger.get("/Users").await;
        let written = log.take();
        assert_eq!(written.matches("eventName").count(), 7, "{written}");
        for hidden in ["secret", "a-foreign-token", scim.token.as_str()] {
            assert!(!written.contains(hidden), "{hidden}: {written}");
        }
    }
}
