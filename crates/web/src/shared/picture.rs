//! Answering with the image of a tile. The address changes with the content, and the answer is for
//! the one who asked: a shared cache keeps nothing.

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use jetway_identity::ApplicationId;
use jetway_identity::applications::TileImage;

use crate::shared::Failure;

const FOR_A_YEAR: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// The address of an image in the user portal.
pub(crate) fn portal_picture(id: ApplicationId, hash: &str) -> String {
    format!("/images/{id}/{hash}")
}

/// The address of an image in the admin portal.
pub(crate) fn admin_picture(id: ApplicationId, hash: &str) -> String {
    format!("/admin/applications/{id}/image/{hash}")
}

/// The image, if it is the one that was asked for by its hash.
pub(crate) fn picture(image: Option<TileImage>, hash: &str) -> Result<Response, Failure> {
    let image = image.filter(|image| image.hash == hash);
    let image = image.ok_or_else(Failure::not_found)?;
    let media_type = HeaderValue::from_static(image.format.media_type());
    let headers = [(CONTENT_TYPE, media_type), (CACHE_CONTROL, FOR_A_YEAR)];
    Ok((headers, image.bytes).into_response())
}
