//! `GET /`: the applications of the person (requirements L01 to L04).

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode, Uri};
use jetway_identity::list_tiles;
use jetway_pages::{Portal, Tile, TileMark};

use crate::shared::csrf::{self, Purpose};
use crate::shared::{
    Failure, Site, Visit, html, portal_picture, query_fields, see_other, sign_in_path, signed_in,
};

/// The tiles, filtered by `q`.
pub(crate) async fn tiles(
    State(site): State<Arc<Site>>,
    visit: Visit,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let Some(present) = signed_in(&site, &mut op, &headers).await? else {
        return see_other(&sign_in_path("/"));
    };
    let user = &present.person.user;
    let query = query_fields(uri.query())?;
    let granted = list_tiles(site.store.as_ref(), user.id).await?;
    let tiles = granted.into_iter().map(tile).collect();
    let body = Portal::new(tiles, query.get("q")?.unwrap_or_default());
    let csrf = csrf::token(present.token, Purpose::SignOut);
    html(StatusCode::OK, site.chrome_for(user, csrf), body)
}

fn tile(granted: jetway_identity::Tile) -> Tile {
    let hash = granted.image.as_deref();
    let image = hash.map(|hash| portal_picture(granted.id, hash));
    Tile {
        opens_elsewhere: granted.address.is_some(),
        href: match &granted.address {
            Some(url) => url.to_string(),
            None => format!("/saml2/{}", granted.slug),
        },
        mark: TileMark::new(&granted.label, Some(&granted.color)).with_image(image),
        label: granted.label,
        description: granted.description,
    }
}
