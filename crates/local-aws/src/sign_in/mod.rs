//! The sign-in endpoint and the console of the local AWS (aws-iam-sts.md §2).
//!
//! Unlike STS, which follows AWS's leniency, the browser side is strict: recipient, audience and
//! NotBefore are enforced, and an assertion signs in once, also across a restart.

mod chooser;
mod console;
pub(crate) mod cookie;
mod metadata;
pub(crate) mod once;
pub(crate) mod page;
mod post;
mod refusal;
mod rules;
pub(crate) mod session;

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header, request::Parts},
};
use jetway_pages::assets;

pub(crate) use self::console::{same_origin, same_token};
use self::page::html;
use crate::{LocalAws, Op, body, sts};

const STATIC_PREFIX: &str = "/static/";
const METADATA: &str = "/static/saml-metadata.xml";

/// Whether an unsigned request is for a browser page.
pub(crate) fn serves(parts: &Parts) -> bool {
    let path = parts.uri.path();
    is_saml(path)
        || matches!(path, METADATA | "/console" | "/console/sign-out")
        || path
            .strip_prefix(STATIC_PREFIX)
            .is_some_and(|name| assets::find(name).is_some())
        || is_sign_in_host(&parts.headers)
        || (path == "/" && is_browser(parts))
}

fn is_saml(path: &str) -> bool {
    path == "/saml" || acs_id(path).is_some()
}

/// The provider's id in `/saml/acs/<id>`.
fn acs_id(path: &str) -> Option<&str> {
    path.strip_prefix("/saml/acs/")
        .filter(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

fn is_sign_in_host(headers: &HeaderMap) -> bool {
    body::header_text(headers, header::HOST).is_some_and(|host| {
        let name = host.split_once(':').map_or(host, |(name, _)| name);
        sts::is_sign_in_host(name)
    })
}

/// A person's browser, not a client that lists buckets without credentials.
fn is_browser(parts: &Parts) -> bool {
    parts.method == Method::GET
        && parts.uri.query().is_none()
        && body::header_text(&parts.headers, header::ACCEPT)
            .is_some_and(|accept| accept.contains("text/html"))
}

/// Answers a request for which [`serves`] said yes.
pub(crate) async fn serve(aws: &LocalAws, op: Op, parts: Parts, content: Body) -> Response<Body> {
    let path = parts.uri.path().to_owned();
    let get = matches!(parts.method, Method::GET | Method::HEAD);
    let post = parts.method == Method::POST;
    match path.as_str() {
        _ if is_saml(&path) && post => post::answer(aws, op, parts, content).await,
        _ if is_saml(&path) && get => page::redirect(&op, "/console"),
        "/" if get => page::redirect(&op, "/console"),
        "/console" if get => console::show(aws, &op, &parts),
        "/console/sign-out" if post => console::sign_out(aws, &op, &parts, content).await,
        METADATA if get => metadata::answer(aws, &op),
        _ => match path.strip_prefix(STATIC_PREFIX).and_then(assets::find) {
            Some(asset) if get => static_file(&op, asset),
            _ => page::not_here(aws, &op),
        },
    }
}

fn static_file(op: &Op, asset: &assets::Asset) -> Response<Body> {
    let mut response = body::answer(200, &op.request_id, asset.content_type, asset.content);
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    response
}

/// A page with the status that goes with it.
fn respond<B: jetway_pages::Body>(
    aws: &LocalAws,
    op: &Op,
    status: StatusCode,
    organisation: &str,
    content: B,
) -> Response<Body> {
    html(aws, op, status, page::chrome(organisation), content)
}
