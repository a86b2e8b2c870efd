//! Tokens for programs: what `aws sso login` speaks (identity-center.md §1.6).
//!
//! * `register.rs`, `client.rs`: clients; nothing is stored of them.
//! * `authorize.rs`, `code.rs`: the grant with a browser that comes back to the program.
//! * `device_authorization.rs`, `device_code.rs`, `device_page.rs`: the grant with a code to compare.
//! * `token.rs`, `family.rs`: tokens, their renewal and their end.

mod authorize;
mod client;
mod code;
mod device_authorization;
mod device_code;
mod device_page;
mod error;
mod family;
mod input;
mod register;
mod scopes;
mod start_url;
mod token;

use axum::{
    body::Body,
    http::{HeaderValue, Method, Response, request::Parts},
};
use serde_json::Value;

pub(crate) use self::family::{Holder, find_holder, revoke_by_access_token};
use self::{error::OidcError, input::Input};
use super::browser;
use crate::{LocalAws, Op, body, sign_in::page};

/// The largest request.
const MAX_BODY: usize = 64 * 1024;
const CONTENT_TYPE: &str = "application/json";

/// What one operation of the API does.
type Operation = fn(&LocalAws, &mut Op, Input<'_>) -> Result<Value, OidcError>;

/// Whether an unsigned request is for the API or its pages.
pub(crate) fn serves(parts: &Parts) -> bool {
    let path = parts.uri.path();
    match parts.method {
        Method::POST => operation(path).is_some() || is_page(path),
        Method::GET | Method::HEAD => is_page(path),
        _ => false,
    }
}

fn is_page(path: &str) -> bool {
    matches!(path, "/authorize" | "/device")
}

fn operation(path: &str) -> Option<Operation> {
    Some(match path {
        "/client/register" => register::answer,
        "/device_authorization" => device_authorization::answer,
        "/token" => token::answer,
        _ => return None,
    })
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let path = parts.uri.path();
    let posted = parts.method == Method::POST;
    if let Some(operation) = operation(path) {
        return api(aws, op, &parts, content, operation).await;
    }
    let page = match (path, posted) {
        ("/authorize", false) => authorize::show,
        ("/authorize", true) => authorize::answered,
        ("/device", false) => device_page::show,
        ("/device", true) => device_page::answered,
        _ => return page::not_here(aws, &op),
    };
    browser::answer(aws, op, parts, content, page).await
}

async fn api(
    aws: &LocalAws,
    op: Op,
    parts: &Parts,
    content: Body,
    operation: Operation,
) -> Response<Body> {
    let request_id = op.request_id.clone();
    let Ok(content) = body::read(&parts.headers, content, MAX_BODY).await else {
        let unreadable = OidcError::invalid_request("The request cannot be read");
        return refuse(&request_id, &unreadable);
    };
    let (aws, mut op) = (aws.clone(), op);
    let answered = tokio::task::spawn_blocking(move || {
        let members: serde_json::Map<String, Value> = serde_json::from_slice(&content)
            .map_err(|_| OidcError::invalid_request("The request is not a JSON object"))?;
        operation(&aws, &mut op, Input::of(&members))
    })
    .await
    .unwrap_or_else(|error| {
        tracing::error!(%error, "an operation did not finish");
        Err(OidcError::server_error())
    });
    match answered {
        Ok(value) => body::answer(200, &request_id, CONTENT_TYPE, value.to_string()),
        Err(error) => refuse(&request_id, &error),
    }
}

/// The command line finds the exception in the header (§0.4).
fn refuse(request_id: &str, error: &OidcError) -> Response<Body> {
    let mut response = body::answer(
        error.status(),
        request_id,
        CONTENT_TYPE,
        error.body().to_string(),
    );
    let kind = format!(
        "{}:http://internal.amazon.com/coral/com.amazon.sso.oidc/",
        error.exception()
    );
    if let Ok(kind) = HeaderValue::from_str(&kind) {
        response.headers_mut().insert("x-amzn-errortype", kind);
    }
    response
}
