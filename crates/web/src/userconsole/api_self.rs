//! `GET /userconsole/api/self`: who the session belongs to; clients ask whether it is alive.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use serde_json::json;

use crate::shared::{Failure, Site, Visit, signed_in};

/// 200 with the person, by JumpCloud's names; 401 without a live session.
pub(crate) async fn api_self(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let Some(present) = signed_in(&site, &mut visit.into_op(), &headers).await? else {
        let body = json!({ "message": "Unauthorized" });
        return Ok((StatusCode::UNAUTHORIZED, Json(body)).into_response());
    };
    let user = present.person.user;
    let body = json!({
        "_id": user.id.to_string(),
        "email": user.email,
        "username": user.username,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "displayname": user.display_name,
    });
    Ok(Json(body).into_response())
}
