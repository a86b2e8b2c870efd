//! The way out: the ids that every answer of S3 carries, and the texts and ids in error bodies.

use axum::body::Body;
use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use http::{HeaderName, HeaderValue, Response, StatusCode, header};
use jetway_aws_wire::AwsError;

use super::error;
use crate::Op;

/// The most bytes of an error document.
const MAX_ERROR: usize = 64 * 1024;

/// `x-amz-request-id` and `x-amz-id-2`.
#[derive(Debug)]
pub(super) struct Ids {
    request: String,
    host: String,
}

impl Ids {
    /// 16 characters of `[0-9A-F]`, and 76 of Base64.
    pub(super) fn new(op: &mut Op) -> Self {
        Self {
            request: hex::encode_upper(op.random::<8>()),
            host: BASE64.encode(op.random::<57>()),
        }
    }
}

/// An error that was found before `s3s` saw the request.
pub(super) fn refusal(refused: &AwsError, ids: &Ids) -> Response<Body> {
    let mut response = Response::new(Body::from(refused.to_s3_xml(&ids.request, &ids.host)));
    *response.status_mut() =
        StatusCode::from_u16(refused.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let xml = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}

/// Completes an answer.
pub(super) async fn finish(
    mut response: Response<Body>,
    ids: &Ids,
    is_head: bool,
) -> Response<Body> {
    let status = response.status();
    if is_head && response.headers().contains_key(header::CONTENT_RANGE) {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    if status.is_client_error() || status.is_server_error() || status == StatusCode::NOT_MODIFIED {
        response = with_error_body(response, ids, is_head).await;
    }
    let headers = response.headers_mut();
    for (name, value) in [
        ("x-amz-request-id", &ids.request),
        ("x-amz-id-2", &ids.host),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    headers.insert(header::SERVER, HeaderValue::from_static("AmazonS3"));
    response
}

async fn with_error_body(response: Response<Body>, ids: &Ids, is_head: bool) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    if is_head || parts.status == StatusCode::NOT_MODIFIED {
        return Response::from_parts(parts, Body::empty());
    }
    let text = match axum::body::to_bytes(body, MAX_ERROR).await {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            tracing::error!("s3: an error document could not be read: {error}");
            String::new()
        }
    };
    Response::from_parts(parts, Body::from(complete(&text, ids)))
}

/// Adds message and ids to an `<Error>` document that lacks them. The document was written by a
/// serialiser, so a tag in it is a tag.
fn complete(text: &str, ids: &Ids) -> String {
    let Some(end) = text.rfind("</Error>") else {
        return AwsError::internal().to_s3_xml(&ids.request, &ids.host);
    };
    let mut document = text[..end].to_owned();
    if !document.contains("<Message>") {
        let message = between(text, "<Code>", "</Code>").and_then(error::default_message);
        if let Some(message) = message {
            let mut xml = jetway_aws_wire::xml::XmlWriter::new();
            xml.text("Message", message);
            document.push_str(&xml.finish());
        }
    }
    if !document.contains("<RequestId>") {
        document.push_str("<RequestId>");
        document.push_str(&ids.request);
        document.push_str("</RequestId><HostId>");
        document.push_str(&ids.host);
        document.push_str("</HostId>");
    }
    document.push_str("</Error>");
    document
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(found, _)| found)
}
