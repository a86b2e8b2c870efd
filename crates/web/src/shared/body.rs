//! Reading the body of a request, before anything else is done for it: handlers get it whole.

use std::time::Duration;

use axum::body::{Body, HttpBody, to_bytes};
use axum::extract::Request;
use http_body_util::LengthLimitError;

use crate::shared::Failure;

/// Longest body that any route takes, in bytes.
const MAX_BYTES: usize = 16 * 1024;

/// Longest time for all of it. A client that sends it drop by drop ends here.
const TIME_LIMIT: Duration = Duration::from_secs(10);

/// The same request with its body in memory.
pub(crate) async fn with_whole_body(request: Request) -> Result<Request, Failure> {
    let (parts, body) = request.into_parts();
    if body.is_end_stream() {
        return Ok(Request::from_parts(parts, body));
    }
    // What is declared to be too long need not be waited for.
    if body.size_hint().lower() > MAX_BYTES as u64 {
        return Err(Failure::too_large());
    }
    match tokio::time::timeout(TIME_LIMIT, to_bytes(body, MAX_BYTES)).await {
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
