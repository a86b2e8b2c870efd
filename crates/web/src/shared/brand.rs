//! `GET /brand/{file}`: the organisation's logo and colours.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};

use crate::shared::{Failure, Site};

/// The address changes with the content.
const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const CSS: HeaderValue = HeaderValue::from_static("text/css; charset=utf-8");

/// `logo` or `colours.css`, when the organisation has one.
pub(crate) async fn brand(
    State(site): State<Arc<Site>>,
    file: Result<Path<String>, PathRejection>,
) -> Result<Response, Failure> {
    let Path(file) = file.map_err(|_| Failure::not_found())?;
    let organisation = site.organisation.get().ok_or_else(Failure::not_found)?;
    match file.as_str() {
        "logo" => {
            let logo = organisation.logo.as_ref().ok_or_else(Failure::not_found)?;
            let media_type = HeaderValue::from_str(&logo.media_type).map_err(Failure::internal)?;
            let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, FOR_A_YEAR)];
            Ok((headers, logo.bytes.clone()).into_response())
        }
        "colours.css" => {
            let css = organisation
                .colours
                .clone()
                .ok_or_else(Failure::not_found)?;
            Ok(([(CONTENT_TYPE, CSS), (CACHE_CONTROL, FOR_A_YEAR)], css).into_response())
        }
        _ => Err(Failure::not_found()),
    }
}
