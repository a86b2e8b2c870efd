//! `GET /static/{file}`.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use http::{HeaderMap, HeaderValue, StatusCode, Uri};
use jetway_pages::assets;

use crate::shared::Failure;

/// Pages name each file with the version of its content, so those addresses never change meaning.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// One of the files that were compiled in.
pub(crate) async fn static_files(
    file: Result<Path<String>, PathRejection>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Path(name) = file.map_err(|_| Failure::not_found())?;
    let asset = assets::find(&name).ok_or_else(Failure::not_found)?;
    let version = asset.version.as_str();
    let named = uri.query().and_then(|query| query.strip_prefix("v=")) == Some(version);
    let caching = if named { FOR_EVER } else { ASK_AGAIN };
    let tag = HeaderValue::from_str(&format!("\"{version}\"")).map_err(Failure::internal)?;
    if headers.get(IF_NONE_MATCH) == Some(&tag) {
        // RFC 9110 §15.4.5: with the same ETag as the 200 would have.
        let headers = [(CACHE_CONTROL, caching), (ETAG, tag)];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let content_type = HeaderValue::from_static(asset.content_type);
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, caching),
        (ETAG, tag),
    ];
    Ok((headers, asset.content).into_response())
}
