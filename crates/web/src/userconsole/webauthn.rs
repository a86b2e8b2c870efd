//! `GET` and `POST /userconsole/auth/webauthn`: the second step of a command line with a passkey or
//! security key, by the console contract.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use jetway_identity::SignInError;
use jetway_identity::factors::PasskeyAnswer;
use jetway_identity::factors::webauthn::UserVerification;
use jetway_identity::sessions::{PasskeyStepError, ask_for_passkey, prove_passkey};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::auth::{admit, check_token, locked_out, message, refusal, remembered_target};
use crate::shared::cookies::cookie;
use crate::shared::passkeys::{relying_party, tools};
use crate::shared::{Failure, Site, Visit, is_media_type};

/// What comes back. `token` is what the question had.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    public_key_credential: Map<String, Value>,
    token: String,
}

/// 200 `{"publicKey", "token"}`; 400 without a first step, or without a key.
pub(crate) async fn webauthn_question(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let mut op = visit.into_op();
    let pending = cookie(&headers, site.cookies.pending);
    let (Some(pending), Some(party)) = (pending, relying_party(&site)) else {
        return Ok(not_started());
    };
    let store = site.store.as_ref();
    // Command lines can do no more than wait for a touch.
    let verification = UserVerification::Discouraged;
    let asked =
        ask_for_passkey(&mut op, store, tools(&site, &party), pending, verification).await?;
    let Some(asked) = asked else {
        return Ok(not_started());
    };
    let options = serde_json::to_value(&asked.options);
    let mut body = options.map_err(|_| Failure::internal("options cannot be written"))?;
    body["token"] = asked.sealed.into();
    Ok(Json(body).into_response())
}

/// 200 `{"redirectTo"}` and a session; 401 `{"message"}`.
pub(crate) async fn webauthn_answer(
    State(site): State<Arc<Site>>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    check_token(&site, &headers, &visit.origin)?;
    if !is_media_type(&headers, "application/json") {
        return Err(Failure::unsupported_media_type());
    }
    let answer: Answer = serde_json::from_slice(&body).map_err(|_| Failure::bad_request())?;
    let target = remembered_target(&site, &headers, &visit.origin);
    let mut op = visit.into_op();
    let pending = cookie(&headers, site.cookies.pending);
    let (Some(pending), Some(party)) = (pending, relying_party(&site)) else {
        return Ok(failed());
    };
    let credential = json!(answer.public_key_credential).to_string();
    let given = PasskeyAnswer {
        sealed: &answer.token,
        json: credential.as_bytes(),
    };
    let (store, tools) = (site.store.as_ref(), tools(&site, &party));
    match prove_passkey(&mut op, store, tools, pending, given).await {
        Ok(signed_in) => admit(&site, &mut op, &headers, (&signed_in, &target)).await,
        // What was wrong with the key is not in the contract, and clients show what they get.
        Err(PasskeyStepError::Refused(refused)) => {
            let text = format!("Authentication failed: {refused}.");
            Ok(message(StatusCode::UNAUTHORIZED, &text))
        }
        Err(PasskeyStepError::LockedOut { retry_after }) => Ok(locked_out(retry_after)),
        Err(
            PasskeyStepError::NotStarted | PasskeyStepError::SignIn(SignInError::FactorNeeded(_)),
        ) => Ok(failed()),
        Err(PasskeyStepError::SignIn(error)) => refusal(error),
        Err(PasskeyStepError::Store(error)) => Err(error.into()),
    }
}

fn not_started() -> Response {
    let text = "Nothing to prove: sign in with e-mail address and password of somebody who has a \
                passkey or security key first.";
    message(StatusCode::BAD_REQUEST, text)
}

fn failed() -> Response {
    message(StatusCode::UNAUTHORIZED, "Authentication failed.")
}
