//! `POST /admin/logout`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;
use jetway_identity::sign_out_administrator;

use crate::shared::cookies::cookie;
use crate::shared::{AdminVisit, Failure, Site, see_other};

/// Ends the session on all nodes and takes its cookie away.
pub(crate) async fn sign_out(
    State(site): State<Arc<Site>>,
    visit: AdminVisit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.op;
    if let Some(token) = cookie(&headers, site.cookies.administrator) {
        sign_out_administrator(&mut op, site.store.as_ref(), token).await?;
    }
    let mut response = see_other("/admin/login?signed-out")?;
    if let Some(cookie) = site.cookies.forget(site.cookies.administrator) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
