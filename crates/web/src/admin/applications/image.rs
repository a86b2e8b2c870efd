//! `/admin/applications/{id}/image`: the image of the tile (requirement G06).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use jetway_identity::ApplicationId;
use jetway_identity::applications::{
    TileImage, UpdateApplicationError, application_image, set_application_image,
};

use super::general::refuse_image;
use super::header::{find, go_on};
use crate::shared::{AdminVisit, Failure, Site, multipart, picture};

/// Longest form with an image.
pub(crate) const MAX_IMAGE_FORM: usize = 1024 * 1024;

/// The image.
pub(crate) async fn image(
    State(site): State<Arc<Site>>,
    _visit: AdminVisit,
    Path((id, hash)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let id: ApplicationId = id.parse().map_err(|_| Failure::not_found())?;
    picture(application_image(site.store.as_ref(), id).await?, &hash)
}

/// Takes the file of the form in place of the image that is there. What it is, its bytes say.
pub(crate) async fn upload_image(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    if !multipart::is_multipart(&headers) {
        return Err(Failure::unsupported_media_type());
    }
    let found = find(&site, &id).await?;
    let form = multipart::parts(&headers, &body).await?;
    let file = form.get("image")?.map(|part| &part.bytes[..]);
    match TileImage::read(file.unwrap_or_default()) {
        Ok(image) => {
            let id = found.application.id;
            set(&site, &mut visit, id, Some(&image)).await?;
            go_on(id, "general", "image")
        }
        Err(reason) => refuse_image(&site, &visit, &found, &reason.to_string()).await,
    }
}

/// Back to the initials.
pub(crate) async fn delete_image(
    State(site): State<Arc<Site>>,
    mut visit: AdminVisit,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = find(&site, &id).await?.application.id;
    set(&site, &mut visit, id, None).await?;
    go_on(id, "general", "no-image")
}

async fn set(
    site: &Site,
    visit: &mut AdminVisit,
    id: ApplicationId,
    image: Option<&TileImage>,
) -> Result<(), Failure> {
    let store = site.store.as_ref();
    match set_application_image(&mut visit.op, store, id, None, image).await {
        Ok(_) => Ok(()),
        Err(UpdateApplicationError::NoSuchApplication) => Err(Failure::not_found()),
        Err(UpdateApplicationError::NotAllowed(error)) => Err(error.into()),
        Err(UpdateApplicationError::Store(error)) => Err(error.into()),
        Err(error @ (UpdateApplicationError::Invalid(_) | UpdateApplicationError::Stale(_))) => {
            Err(Failure::internal(error))
        }
    }
}
