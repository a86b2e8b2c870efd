//! `GET /healthz` and `GET /readyz`, for load balancers and process supervisors.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use http::StatusCode;

use crate::shared::{Site, Visit};

/// A probe should get its answer before it gives up by itself.
const PATIENCE: Duration = Duration::from_secs(3);

/// Whether the path is one of the two.
pub(crate) fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// The process runs and answers.
pub(crate) async fn alive() -> &'static str {
    "ok\n"
}

/// The store answers, so people can be served.
pub(crate) async fn ready(
    State(site): State<Arc<Site>>,
    visit: Visit,
) -> (StatusCode, &'static str) {
    let cause = match tokio::time::timeout(PATIENCE, site.store.ping()).await {
        Ok(Ok(())) => return (StatusCode::OK, "ready\n"),
        Ok(Err(error)) => error.to_string(),
        Err(_elapsed) => "no answer in time".to_owned(),
    };
    tracing::warn!(
        request.id = visit.request_id,
        error = cause,
        "not ready: the store"
    );
    (
        StatusCode::SERVICE_UNAVAILABLE,
        "not ready: the store does not answer\n",
    )
}
