//! `POST /logout`.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::HeaderMap;
use http::header::SET_COOKIE;

use crate::shared::cookies::cookie;
use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Site, Visit, form_fields, see_other};

/// Ends the session on all nodes and takes its cookie away. Without a session there is nothing to
/// end, and nothing to protect.
pub(crate) async fn sign_out(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    csrf::check_origin(&headers, &visit.origin)?;
    let Some(token) = cookie(&headers, site.cookies.session) else {
        return see_other("/login");
    };
    let fields = form_fields(&headers, &body)?;
    let given = fields.get("csrf")?.unwrap_or_default();
    if !csrf::is_valid(token, Purpose::SignOut, given) {
        return Err(Failure::cross_site());
    }
    jetway_identity::sign_out(&mut visit.into_op(), site.store.as_ref(), token).await?;
    let mut response = see_other("/login?signed-out")?;
    if let Some(cookie) = site.cookies.forget(site.cookies.session) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
