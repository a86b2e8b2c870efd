//! `GET /userconsole/xsrf`: a token for the calls that change something, and the cookie that it
//! belongs to.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::SET_COOKIE;
use serde_json::json;

use crate::shared::csrf::{self, Purpose};
use crate::shared::{Failure, Site, Visit};

/// `{"xsrf":"…"}`
pub(crate) async fn xsrf(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let known = csrf::visitor(&site, &headers);
    let secret = known.map_or_else(
        || csrf::new_visitor(&mut visit.into_op().rng),
        str::to_owned,
    );
    let token = csrf::token(&secret, Purpose::UserConsole);
    let mut response = Json(json!({ "xsrf": token })).into_response();
    if known.is_none() {
        let cookie = site.cookies.set(site.cookies.visitor, &secret);
        let cookie = cookie.ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    Ok(response)
}
