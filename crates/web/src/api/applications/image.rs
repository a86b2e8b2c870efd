//! `/api/v1/applications/{id}/image`: the image of the tile (requirement G06).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::ApplicationId;
use jetway_identity::applications::{
    ImageFormat, TileImage, application, application_image, set_application_image,
};
use utoipa::ToSchema;

use crate::api::applications::document::Application;
use crate::api::applications::get::found;
use crate::api::applications::refusal::not_updated;
use crate::api::{PathId, Precondition, Problem, Versioned};
use crate::shared::{ApiCaller, Site, is_media_type};

/// The bytes of a picture.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "only describes the body")]
pub(crate) struct Picture(Vec<u8>);

/// The image of an application
#[utoipa::path(
    get,
    path = "/api/v1/applications/{id}/image",
    tag = "Applications",
    operation_id = "get_application_image",
    params(("id" = String, Path)),
    responses((status = 200, description = "The picture.", content(
        (Picture = "image/png"), (Picture = "image/jpeg"), (Picture = "image/gif"),
        (Picture = "image/webp"))))
)]
pub(crate) async fn image(
    State(site): State<Arc<Site>>,
    _caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
) -> Result<Response, Problem> {
    let image = application_image(site.store.as_ref(), id).await?;
    let image = image.ok_or_else(|| Problem::not_found("image"))?;
    let media_type = HeaderValue::from_static(image.format.media_type());
    Ok(([(CONTENT_TYPE, media_type)], image.bytes).into_response())
}

/// Set the image of an application
///
/// Shown on the tile in place of the initials. PNG, JPEG, GIF or WebP, at most 256 KiB and 1024 by
/// 1024 pixels. What it is, its bytes say.
#[utoipa::path(
    put,
    path = "/api/v1/applications/{id}/image",
    tag = "Applications",
    operation_id = "set_application_image",
    request_body(content(
        (Picture = "application/octet-stream"), (Picture = "image/png"), (Picture = "image/jpeg"),
        (Picture = "image/gif"), (Picture = "image/webp"))),
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "The ETag of the application that was read. With another version now the \
            answer is 412.")),
    responses((status = 200, description = "The application as it is now.", body = Application,
        headers(("ETag" = String, description = "Its version."))))
)]
pub(crate) async fn set(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    condition: Precondition,
    headers: HeaderMap,
    file: Bytes,
) -> Result<Versioned<Application>, Problem> {
    let formats = ImageFormat::ALL.map(ImageFormat::media_type);
    let mut taken = formats.into_iter().chain(["application/octet-stream"]);
    if !taken.any(|media_type| is_media_type(&headers, media_type)) {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            "Unsupported media type",
            "Send the picture as the body, with Content-Type: image/png, image/jpeg, image/gif or \
             image/webp.",
        ));
    }
    let store = site.store.as_ref();
    if application(store, id).await?.is_none() {
        return Err(Problem::not_found("application"));
    }
    let image = TileImage::read(&file);
    let image = image.map_err(|error| Problem::field("body", error.to_string()))?;
    let expected = condition.expected();
    set_application_image(&mut caller.op, store, id, expected, Some(&image))
        .await
        .map_err(not_updated)?;
    found(&site, id).await
}

/// Take away the image of an application
///
/// The tile shows initials again.
#[utoipa::path(
    delete,
    path = "/api/v1/applications/{id}/image",
    tag = "Applications",
    operation_id = "delete_application_image",
    params(("id" = String, Path), ("If-Match" = Option<String>, Header,
        description = "As for setting it.")),
    responses((status = 204, description = "It has no image."))
)]
pub(crate) async fn delete(
    State(site): State<Arc<Site>>,
    mut caller: ApiCaller,
    PathId(id): PathId<ApplicationId>,
    condition: Precondition,
) -> Result<StatusCode, Problem> {
    let (store, expected) = (site.store.as_ref(), condition.expected());
    set_application_image(&mut caller.op, store, id, expected, None)
        .await
        .map_err(not_updated)?;
    Ok(StatusCode::NO_CONTENT)
}
