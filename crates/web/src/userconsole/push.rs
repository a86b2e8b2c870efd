//! `/userconsole/auth/push…`: approval on the phone, for command lines.
//!
//! The phone offers three numbers, and the person picks the one that the terminal shows. It comes as
//! `number` beside the members of the contract. Who uses a client that does not show it cannot
//! approve: an approval without the number is what people are talked into.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, StatusCode};
use jetway_identity::sessions::push::{
    ProvePushError, PushChallenge, StartPushError, look_at_push, prove_push, start_push,
};
use jetway_identity::{PushId, SignInError};
use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::auth::{admit, check_token, locked_out, message, refusal, remembered_target};
use crate::portal::whole_seconds;
use crate::shared::cookies::cookie;
use crate::shared::{Failure, Site, Visit, is_media_type};

/// 200 with the question; 429 after three in five minutes.
pub(crate) async fn start(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    if !is_media_type(&headers, "application/json") {
        return Err(Failure::unsupported_media_type());
    }
    // Nothing is asked for in it, but a malformed one is not passed over.
    serde_json::from_slice::<Map<String, Value>>(&body).map_err(|_| Failure::bad_request())?;
    let Some(pending) = cookie(&headers, site.cookies.pending) else {
        return Ok(failed());
    };
    let target = remembered_target(&site, &headers, &visit.origin);
    let application = target.rsplit_once("/saml2/").map(|(_, slug)| slug);
    let mut op = visit.into_op();
    let store = site.store.as_ref();
    match start_push(&mut op, store, pending, application).await {
        Ok(asked) => {
            let mut body = object(&asked, op.now);
            body["number"] = asked.number.to_string().into();
            Ok(Json(body).into_response())
        }
        Err(StartPushError::TooMany { retry_after }) => {
            let seconds = whole_seconds(retry_after);
            let text = format!(
                "Your phone was asked three times in five minutes. Wait {seconds} seconds, or use \
                 another factor."
            );
            let mut response = message(StatusCode::TOO_MANY_REQUESTS, &text);
            let headers = response.headers_mut();
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Err(StartPushError::LockedOut { retry_after }) => Ok(locked_out(retry_after)),
        Err(StartPushError::NotStarted | StartPushError::NoPhone) => Ok(failed()),
        Err(StartPushError::Store(error)) => Err(error.into()),
    }
}

/// 200 with the question as it stands; 404 for any but those of this sign-in.
pub(crate) async fn look(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let found = match (cookie(&headers, site.cookies.pending), id.parse::<PushId>()) {
        (Some(pending), Ok(id)) => look_at_push(&mut op, site.store.as_ref(), pending, id).await?,
        _ => None,
    };
    Ok(match found {
        Some(found) => Json(object(&found, op.now)).into_response(),
        None => message(StatusCode::NOT_FOUND, "There is no such push."),
    })
}

/// 200 `{"redirectTo"}` and a session, once the phone has said yes; 401 otherwise.
pub(crate) async fn finish(
    State(site): State<Arc<Site>>,
    visit: Visit,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    let pending = cookie(&headers, site.cookies.pending);
    let (Some(pending), Ok(id)) = (pending, id.parse::<PushId>()) else {
        return Ok(failed());
    };
    let target = remembered_target(&site, &headers, &visit.origin);
    let mut op = visit.into_op();
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    match prove_push(&mut op, store, sealing, (pending, id)).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, (&signed_in, &target)).await,
        Err(ProvePushError::LockedOut { retry_after }) => Ok(locked_out(retry_after)),
        Err(
            ProvePushError::NotStarted
            | ProvePushError::NotAccepted
            | ProvePushError::SignIn(SignInError::FactorNeeded(_)),
        ) => Ok(failed()),
        Err(ProvePushError::SignIn(error)) => refusal(error),
        Err(ProvePushError::Store(error)) => Err(error.into()),
    }
}

fn failed() -> Response {
    message(StatusCode::UNAUTHORIZED, "Authentication failed.")
}

/// The object of the contract.
fn object(asked: &PushChallenge, now: OffsetDateTime) -> Value {
    json!({
        "id": asked.id.to_string(),
        "expiresAt": instant(asked.expires_at),
        "initiatedAt": instant(asked.created_at),
        "status": asked.status(now),
        "userId": asked.user.to_string(),
    })
}

/// Whole seconds.
fn instant(at: OffsetDateTime) -> String {
    let whole = at.replace_nanosecond(0).unwrap_or(at);
    // Formatting fails for years beyond 9999 only.
    whole.format(&Rfc3339).unwrap_or_else(|_| whole.to_string())
}
