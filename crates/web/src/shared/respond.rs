//! Responses.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, StatusCode};
use jetway_pages::admin::{AdminFrame, AdminPage};
use jetway_pages::{Body, Chrome, Page};

use crate::shared::{ADMIN_CONTENT_POLICY, Failure};

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// A page.
pub(crate) fn html(
    status: StatusCode,
    chrome: Chrome,
    body: impl Body,
) -> Result<Response, Failure> {
    let text = Page { chrome, body }.to_html().map_err(Failure::internal)?;
    Ok((status, [(CONTENT_TYPE, HTML)], text).into_response())
}

/// A page of the admin portal.
pub(crate) fn admin_html(
    status: StatusCode,
    frame: AdminFrame,
    body: impl Body,
) -> Result<Response, Failure> {
    let page = AdminPage { frame, body };
    let text = page.to_html().map_err(Failure::internal)?;
    let headers = [
        (CONTENT_TYPE, HTML),
        (CONTENT_SECURITY_POLICY, ADMIN_CONTENT_POLICY),
    ];
    Ok((status, headers, text).into_response())
}

/// Goes on to a path of this site with GET.
pub(crate) fn see_other(path: &str) -> Result<Response, Failure> {
    let location = HeaderValue::from_str(path).map_err(Failure::internal)?;
    Ok((StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response())
}
