//! `POST /userconsole/auth/mfa`: the code alone, after a 401 that asked for it. Some clients send it
//! so; others send the password again with it.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use jetway_identity::sessions::prove_code;
use serde::Deserialize;

use super::auth::{admit, check_token, code_refused, message, remembered_target};
use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site, Visit, is_media_type};

#[derive(Deserialize)]
struct Given {
    /// A code of the app, or a recovery code.
    #[serde(alias = "OTP", alias = "Otp")]
    otp: String,
}

/// 200 `{"redirectTo"}` and a session for the right code; 401 otherwise.
pub(crate) async fn mfa(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    if !is_media_type(&headers, "application/json") {
        return Err(Failure::unsupported_media_type());
    }
    let given: Given = serde_json::from_slice(&body).map_err(|_| Failure::bad_request())?;
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return Ok(message(StatusCode::UNAUTHORIZED, "Authentication failed."));
    };
    let target = remembered_target(&site, &headers, &visit.origin);
    let mut op = visit.into_op();
    let code = (pending, given.otp.as_str());
    match prove_code(&mut op, site.store.as_ref(), site.keys.sealing(), code).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, (&signed_in, &target)).await,
        Err(error) => code_refused(error),
    }
}
