//! `GET /images/{id}/{image}`: the image of a tile, for those whose portal has the tile.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::HeaderMap;
use jetway_identity::ApplicationId;
use jetway_identity::applications::image_of_tile;

use crate::shared::{Failure, Site, Visit, picture, see_other, sign_in_path, signed_in};

/// The same answer for an image that is not there and for one that is none of theirs.
pub(crate) async fn image(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path((id, hash)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/"));
    };
    let id: ApplicationId = id.parse().map_err(|_| Failure::not_found())?;
    let user = present.person.user.id;
    picture(image_of_tile(site.store.as_ref(), user, id).await?, &hash)
}
