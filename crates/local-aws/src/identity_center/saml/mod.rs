//! Identity Center as a SAML service provider (identity-center.md §4).

mod accept;
mod attributes;
mod checks;
mod metadata;
mod refusal;
mod relay_state;
mod request;
mod response;
mod trail;

use axum::{
    body::Body,
    http::{Method, Response, request::Parts},
};

pub(crate) use self::request::begin;
use super::{
    addresses::{ACS_PATH, METADATA_PATH},
    browser,
};
use crate::{LocalAws, Op, sign_in::page};

/// Whether an unsigned request is for the service provider.
pub(crate) fn serves(parts: &Parts) -> bool {
    let path = parts.uri.path();
    path.starts_with(ACS_PATH) || path.starts_with(METADATA_PATH)
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let is_acs = parts.uri.path().starts_with(ACS_PATH);
    match parts.method {
        Method::POST if is_acs => browser::answer(aws, op, parts, content, response::answer).await,
        // Somebody who reloads the address after signing in.
        Method::GET | Method::HEAD if is_acs => page::redirect(&op, super::PORTAL_PATH),
        Method::GET | Method::HEAD => metadata::answer(aws, &op, parts.uri.path()),
        _ => page::not_here(aws, &op),
    }
}
