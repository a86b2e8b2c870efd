//! Reading the body of a request, before anything else is done for it: handlers get it whole.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::Request;
use http_body_util::LengthLimitError;

use crate::shared::Failure;

/// Longest body that a route takes unless the table says otherwise, in bytes.
pub(crate) const MAX_BYTES: usize = 16 * 1024;

/// Longest body of the API unless the table says otherwise: settings with a logo of 780 kB in
/// base64, or a change to many people.
pub(crate) const MAX_API_BYTES: usize = 2 * 1024 * 1024;

/// Longest time for all of it. A client that sends it drop by drop ends here.
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The same for a route that takes files.
const LARGE_TIME_LIMIT: Duration = Duration::from_mins(1);

/// The whole body of a route that takes more than others, at most `most` bytes. Read after it is
/// known who sends it: a stranger costs no memory.
pub(crate) async fn read_body(body: Body, most: usize) -> Result<Bytes, Failure> {
    if body.size_hint().lower() > most as u64 {
        return Err(Failure::too_large());
    }
    match tokio::time::timeout(LARGE_TIME_LIMIT, to_bytes(body, most)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_long(&error) => Err(Failure::too_large()),
        Ok(Err(_broken)) => Err(Failure::bad_request()),
        Err(_elapsed) => Err(Failure::too_slow()),
    }
}

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
