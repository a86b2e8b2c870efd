//! `Idempotency-Key`: a POST that may be sent twice and is done once.
//!
//! The route table puts this before every POST of `/api/v1`, behind the guard, so that handlers
//! know nothing of it. Only what succeeded is kept; a request that was refused changed nothing and
//! may come again.

use std::sync::Arc;

use aws_lc_rs::digest::{Context, SHA256};
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{CONTENT_TYPE, ETAG, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use jetway_identity::ApiKeyId;
use jetway_identity::idempotency::{
    Claim, KeptAnswer, RequestKey, claim_request, keep_answer, release_request,
};
use serde::{Deserialize, Serialize};

use crate::api::Problem;
use crate::api::problem::FieldError;
use crate::shared::{Failure, Site, Visit};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Says that the answer is that of an earlier request.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Longest key, in bytes.
const MAX_KEY: usize = 255;

/// The headers that belong to an answer; the front door adds the others anew.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, ETAG];

/// Whose request it is: left by the guard.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Caller(pub(crate) ApiKeyId);

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Runs the request unless it was done before.
pub(crate) async fn idempotent(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let Some(key) = sent_key(request.headers())?.map(str::to_owned) else {
        return Ok(next.run(request).await);
    };
    let mut op = Visit::of(&request)?.into_op();
    let caller = request.extensions().get::<Caller>().copied();
    let Caller(caller) = caller.ok_or_else(|| Failure::internal("no caller: no API guard"))?;
    let (parts, body) = request.into_parts();
    // The front door or the guard has read it within its bounds.
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(|_| Failure::bad_request())?;
    let address = parts
        .uri
        .path_and_query()
        .map_or("", |address| address.as_str());
    let key = RequestKey {
        caller: caller.to_string(),
        key: digest(&[key.as_bytes()]),
        fingerprint: digest(&[parts.method.as_str().as_bytes(), address.as_bytes(), &body]),
    };
    let (store, sealing) = (site.store.as_ref(), site.keys.sealing());
    let claim = claim_request(&op, store, sealing, &key).await;
    match claim.map_err(|error| match error {
        jetway_identity::idempotency::ClaimRequestError::Store(error) => error.into(),
        sealed @ jetway_identity::idempotency::ClaimRequestError::Sealed(_) => {
            Failure::internal(sealed)
        }
    })? {
        Claim::Done(answer) => replay(&answer).map_err(Problem::from),
        Claim::Running => Err(Problem::conflict(
            "in-progress",
            "A request with this Idempotency-Key is being done. Send it again in a moment to get \
             its answer.",
        )
        .retry_after(1)),
        Claim::Unknown => Err(Problem::conflict(
            "outcome-unknown",
            "The outcome of the first request with this Idempotency-Key is unknown: the server \
             stopped while it ran. Look whether it was done, then use a new key.",
        )),
        Claim::Other => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "idempotency-key-reused",
            "Idempotency-Key used before",
            "This Idempotency-Key was used for another request. Take a new one for each request.",
        )),
        Claim::Fresh => {
            let response = next.run(Request::from_parts(parts, Body::from(body))).await;
            if !response.status().is_success() {
                release_request(store, &key).await?;
                return Ok(response);
            }
            let (response, answer) = kept(response).await?;
            keep_answer(&mut op, store, sealing, &key, &answer).await?;
            Ok(response)
        }
    }
}

fn sent_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let mut lines = headers.get_all(IDEMPOTENCY_KEY).iter();
    let refuse = || {
        let message = format!("send one key of 1 to {MAX_KEY} visible ASCII characters");
        Problem::bad_parameters(vec![FieldError::new("Idempotency-Key", message)])
    };
    match (lines.next(), lines.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(refuse()),
        (Some(value), None) => match value.to_str() {
            Ok(key) if (1..=MAX_KEY).contains(&key.len()) => Ok(Some(key)),
            _ => Err(refuse()),
        },
    }
}

/// SHA-256 of the parts with their lengths, so that none can be taken for a piece of another.
fn digest(parts: &[&[u8]]) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part);
    }
    URL_SAFE_NO_PAD.encode(context.finish())
}

/// The response, whole, and as it is kept.
async fn kept(response: Response) -> Result<(Response, KeptAnswer), Failure> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX)
        .await
        .map_err(Failure::internal)?;
    let headers = KEPT
        .iter()
        .filter_map(|name| {
            let value = parts.headers.get(name)?.to_str().ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect();
    let kept = Kept {
        status: parts.status.as_u16(),
        headers,
        body: URL_SAFE_NO_PAD.encode(&body),
    };
    let answer = serde_json::to_vec(&kept).map_err(Failure::internal)?;
    Ok((
        Response::from_parts(parts, Body::from(body)),
        KeptAnswer(answer),
    ))
}

fn replay(answer: &KeptAnswer) -> Result<Response, Failure> {
    let kept: Kept = serde_json::from_slice(&answer.0).map_err(Failure::internal)?;
    let status = StatusCode::from_u16(kept.status).map_err(Failure::internal)?;
    let body = URL_SAFE_NO_PAD
        .decode(&kept.body)
        .map_err(Failure::internal)?;
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.remove(CONTENT_TYPE);
    for (name, value) in kept.headers {
        let name = HeaderName::try_from(name).map_err(Failure::internal)?;
        let value = HeaderValue::try_from(value).map_err(Failure::internal)?;
        headers.insert(name, value);
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
