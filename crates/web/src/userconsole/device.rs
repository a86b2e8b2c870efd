//! `POST /userconsole/device` and `/userconsole/device/token`: a command line signs in through the
//! browser, also one on another machine (requirement T06).
//!
//! RFC 8628 with JSON bodies and the token of `/userconsole/xsrf`, like every other call of the
//! contract: without it a page elsewhere could sign a browser in as somebody else.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::{RETRY_AFTER, SET_COOKIE};
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::SignedIn;
use jetway_identity::sessions::device::{
    RedeemError, StartDeviceError, redeem_device_sign_in, start_device_sign_in,
};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::auth::check_token;
use crate::portal::whole_seconds;
use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site, Visit, is_media_type};

/// The only grant there is (RFC 8628, 3.4).
const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Deserialize)]
struct Start {
    /// What the machine of the command line is called.
    #[serde(default)]
    machine: String,
}

#[derive(Deserialize)]
struct Redeem {
    grant_type: String,
    device_code: String,
}

/// 200 with the two codes; 429 after too many from one address.
pub(crate) async fn start(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    let Start { machine } = read(&headers, &body)?;
    let address = format!("{}/device", visit.origin);
    let mut op = visit.into_op();
    match start_device_sign_in(&mut op, site.store.as_ref(), &machine).await {
        Ok(started) => {
            let code = started.user_code.to_string();
            let body = json!({
                "device_code": started.device_code.expose_secret(),
                "user_code": code,
                "verification_uri": address,
                "verification_uri_complete": format!("{address}?code={code}"),
                "expires_in": started.expires_in.whole_seconds(),
                "interval": started.interval.whole_seconds(),
            });
            Ok(Json(body).into_response())
        }
        Err(StartDeviceError::TooMany { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let text = format!(
                "Too many sign-ins were begun from this address. Wait {seconds} seconds, then try \
                 again."
            );
            let body = Json(json!({ "message": text }));
            let mut response = (StatusCode::TOO_MANY_REQUESTS, body).into_response();
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(StartDeviceError::Store(error)) => Err(error.into()),
    }
}

/// 200 and a session once the person has said yes; until then, and after, 400 with the error codes
/// of RFC 8628, 3.5.
pub(crate) async fn token(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    let request: Redeem = read(&headers, &body)?;
    if request.grant_type != GRANT {
        return Ok(error(
            "unsupported_grant_type",
            "There is one grant, that of device codes",
        ));
    }
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    match redeem_device_sign_in(&mut op, store, &request.device_code).await {
        Ok(signed_in) => {
            if let Some(old) = cookie(&headers, site.cookies.session) {
                jetway_identity::sign_out(&mut op, store, old).await?;
            }
            admitted(&site, &signed_in)
        }
        Err(RedeemError::Store(error)) => Err(error.into()),
        // What is the person's to know is said as everywhere in the contract.
        Err(refused @ (RedeemError::Refused(_) | RedeemError::NotEnough)) => {
            let text = refused.to_string();
            let body = json!({
                "error": "access_denied", "error_description": "refused by a policy",
                "message": text,
            });
            Ok((StatusCode::BAD_REQUEST, Json(body)).into_response())
        }
        Err(refused) => Ok(error(
            refused.as_str().unwrap_or("invalid_grant"),
            &refused.to_string(),
        )),
    }
}

fn admitted(site: &Site, signed_in: &SignedIn) -> Result<Response, Failure> {
    let cookie = site
        .cookies
        .set(site.cookies.session, signed_in.token.expose_secret())
        .ok_or_else(|| Failure::internal("a cookie cannot be written"))?;
    let lasts = signed_in.expires_at - signed_in.session.last_seen_at;
    let body = json!({
        "email": signed_in.user.email,
        "expires_in": lasts.whole_seconds(),
    });
    Ok(([(SET_COOKIE, cookie)], Json(body)).into_response())
}

fn error(code: &str, description: &str) -> Response {
    let body = json!({ "error": code, "error_description": description });
    (StatusCode::BAD_REQUEST, Json(body)).into_response()
}

fn read<T: DeserializeOwned>(headers: &HeaderMap, body: &[u8]) -> Result<T, Failure> {
    if !is_media_type(headers, "application/json") {
        return Err(Failure::unsupported_media_type());
    }
    serde_json::from_slice(body).map_err(|_| Failure::bad_request())
}
