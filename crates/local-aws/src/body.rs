//! Reading requests and writing answers.

use std::time::Duration;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header},
};
use http_body_util::BodyExt;
use jetway_aws_wire::AwsError;
use tokio::time::timeout;

/// `x-amzn-RequestId`, on every answer.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// How long a client may take to send a body.
const PATIENCE: Duration = Duration::from_secs(30);
/// How much of a body over the limit is still read, and thrown away. A client that is cut off while
/// it sends sees a broken connection instead of the refusal.
const DRAINED: usize = 64 * 1024 * 1024;

/// Reads a body of at most `limit` bytes.
pub(crate) async fn read(headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes, AwsError> {
    let declared = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.parse::<u64>().ok());
    if declared.is_some_and(|length| length > DRAINED as u64) {
        return Err(too_large(limit));
    }
    in_time(PATIENCE, read_frames(body, limit)).await
}

async fn in_time(
    patience: Duration,
    reading: impl Future<Output = Result<Bytes, AwsError>>,
) -> Result<Bytes, AwsError> {
    timeout(patience, reading).await.unwrap_or_else(|_elapsed| {
        Err(AwsError::sender(
            408,
            "RequestTimeout",
            format!("The request body was not sent within {patience:?}"),
        ))
    })
}

async fn read_frames(mut body: Body, limit: usize) -> Result<Bytes, AwsError> {
    let mut size = 0_usize;
    // Nearly always there is one frame, which is then handed on without copying.
    let mut first = Bytes::new();
    let mut joined = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            tracing::debug!(%error, "a request body could not be read");
            AwsError::bad_request("IncompleteBody", "The request body ended early")
        })?;
        let Ok(data) = frame.into_data() else {
            continue;
        };
        size = size.saturating_add(data.len());
        if size > DRAINED {
            break;
        } else if size > limit {
            (first, joined) = (Bytes::new(), Vec::new());
        } else if size == data.len() {
            first = data;
        } else {
            if joined.is_empty() {
                joined.extend_from_slice(&first);
            }
            joined.extend_from_slice(&data);
        }
    }
    if size > limit {
        return Err(too_large(limit));
    }
    Ok(if joined.is_empty() {
        first
    } else {
        joined.into()
    })
}

fn too_large(limit: usize) -> AwsError {
    AwsError::sender(
        413,
        "RequestEntityTooLarge",
        format!("Request size exceeds the limit of {limit} bytes"),
    )
}

/// An answer of a query service.
pub(crate) fn xml(status: u16, request_id: &str, content: String) -> Response<Body> {
    answer(status, request_id, "text/xml", content)
}

/// An answer with the given media type.
pub(crate) fn answer(
    status: u16,
    request_id: &str,
    content_type: &'static str,
    content: impl Into<Body>,
) -> Response<Body> {
    let mut response = Response::new(content.into());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Ok(value) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, value);
    }
    response
}

/// The first header of this name, when it is text.
pub(crate) fn header_text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::stream;

    use super::*;

    #[tokio::test]
    async fn a_body_that_does_not_arrive_is_not_waited_for() {
        let body = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        let error = in_time(Duration::from_millis(5), read_frames(body, 10))
            .await
            .unwrap_err();
        assert_eq!((error.status, &*error.code), (408, "RequestTimeout"));
    }
}
