//! Reading the body of a request, before anything else is done for it: handlers get it whole.

use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use http_body_util::LengthLimitError;

use crate::shared::Failure;

/// Longest body of a form or a sign-in, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// Longest body of the API: settings with a logo of 780 kB in base64, or a change to many people.
const MAX_API_BYTES: usize = 2 * 1024 * 1024;

/// Most bytes that are read for an address.
fn limit_at(path: &str) -> usize {
    if path.starts_with("/api/") {
        MAX_API_BYTES
    } else {
        MAX_BYTES
    }
}

/// Longest time for all of it. A client that sends it drop by drop ends here.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// The same request with its body in memory.
pub(crate) async fn with_whole_body(request: Request) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    let limit = limit_at(parts.uri.path());
    if body.is_end_stream() {
        return Ok(Request::from_parts(parts, body));
    }
    // What is declared to be too long need not be waited for.
    if body.size_hint().lower() > limit as u64 {
        return Err(Failure::too_large());
    }
    match tokio::time::timeout(TIME_LIMIT, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(Request::from_parts(parts, Body::from(bytes))),
        Ok(Err(error)) => Err(if is_too_long(&error) {
            Failure::too_large()
        } else {
            Failure::bad_request()
        }),
        Err(_elapsed) => Err(Failure::too_slow()),
    }
}

fn is_too_long(error: &axum::Error) -> bool {
    std::error::Error::source(error).is_some_and(<dyn std::error::Error>::is::<LengthLimitError>)
}
