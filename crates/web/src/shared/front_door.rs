//! What every request passes on its way in and every response on its way out.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{ALLOW, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::routes::is_large;
use crate::shared::body::with_whole_body;
use crate::shared::{Failure, Site, Visit, health};

/// Longest time that a handler takes (fault plan F3: nobody waits longer than ten seconds).
const TIME_LIMIT: Duration = Duration::from_secs(10);
/// The same where a file has to arrive first.
const LARGE_TIME_LIMIT: Duration = Duration::from_secs(75);

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// How the callers of an address are told of failures.
#[derive(Clone, Copy)]
enum Speech {
    /// People: a page.
    Page,
    /// Clients of our API: a problem document.
    Problem,
    /// Clients of JumpCloud's addresses: `{"message"}`.
    Message,
    /// Clients of JumpCloud's API v2: `{"code", "message", "status"}`.
    Code,
}

impl Speech {
    fn at(path: &str) -> Self {
        let under = |prefix: &str| {
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if under("/api/v1") {
            Self::Problem
        } else if under("/api/v2") {
            Self::Code
        } else if ["/api", "/insights", "/userconsole"].into_iter().any(under) {
            Self::Message
        } else {
            Self::Page
        }
    }
}

/// Checks the host, reads the body, runs the handler within bounds of time and panics, renders failures and sets
/// the security headers. One layer, since each costs on the way of every request.
pub(crate) async fn front_door(
    State(site): State<Arc<Site>>,
    request: Request,
    next: Next,
) -> Response {
    let mut visit = Visit::new(&site, &request);
    let speech = Speech::at(request.uri().path());
    let in_admin = is_in_admin(request.uri().path());
    let large = takes_large_body(&request);
    let checked = site.hosts.origin_of(request.uri(), request.headers());
    // Probes come by address, and these two routes say the same to everyone.
    let probe = health::is_probe(request.uri().path());
    let mut response = match checked {
        Err(failure) if !probe => failure.into_response(),
        checked => {
            if let Ok(origin) = checked {
                visit.origin = origin;
            }
            let whole = if large {
                Ok(request)
            } else {
                with_whole_body(request).await
            };
            match whole {
                Ok(mut request) => {
                    request.extensions_mut().insert(visit.clone());
                    let limit = if large { LARGE_TIME_LIMIT } else { TIME_LIMIT };
                    bounded(&site, &visit, request, next, limit).await
                }
                Err(failure) => failure.into_response(),
            }
        }
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        failure.log(&visit);
        let mut rendered = match speech {
            Speech::Page => failure.page(&site, &visit, in_admin),
            Speech::Problem => failure.problem(&visit),
            Speech::Message => failure.json(),
            Speech::Code => failure.coded(),
        };
        if let Some(challenge) = failure.challenge() {
            rendered.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(wait) = failure.retry_after() {
            rendered.headers_mut().insert(RETRY_AFTER, wait);
        }
        // The router says which methods there are.
        if let Some(methods) = response.headers_mut().remove(ALLOW) {
            rendered.headers_mut().insert(ALLOW, methods);
        }
        response = rendered;
    }
    tracing::debug!(
        request.id = visit.request_id,
        status = response.status().as_u16(),
        "answered"
    );
    site.headers.set(response.headers_mut());
    if let Ok(id) = HeaderValue::from_str(&visit.request_id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// Whether the address belongs to the admin portal: the way on from a failure then leads there.
fn is_in_admin(path: &str) -> bool {
    let rest = path.strip_prefix("/admin");
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether the route takes more than a form. Its guard reads the body, once it knows the sender.
fn takes_large_body(request: &Request) -> bool {
    let path = request.extensions().get::<MatchedPath>();
    path.is_some_and(|path| is_large(request.method().as_str(), path.as_str()))
}

/// Runs the handler. The span has the path without the query, which can carry what people typed,
/// and without the tokens of links.
async fn bounded(
    site: &Site,
    visit: &Visit,
    request: Request,
    next: Next,
    limit: Duration,
) -> Response {
    let span = tracing::debug_span!(
        "request",
        request.id = visit.request_id,
        method = %request.method(),
        path = without_tokens(request.uri().path()),
    );
    let run = async {
        if !health::is_probe(request.uri().path()) {
            let store = site.store.as_ref();
            site.organisation.refresh(store, visit.now).await;
        }
        next.run(request).await
    };
    let run = AssertUnwindSafe(run).catch_unwind().instrument(span);
    match tokio::time::timeout(limit, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => Failure::internal("a handler panicked").into_response(),
        Err(_elapsed) => Failure::unavailable("the time limit was reached").into_response(),
    }
}

/// The path as the log may have it: what is as long as the token of a link is left out.
fn without_tokens(path: &str) -> String {
    const TOKEN: usize = 43;
    let parts = path
        .split('/')
        .map(|part| if part.len() >= TOKEN { "…" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::without_tokens;

    #[test]
    fn the_log_gets_no_token_of_a_link() {
        let token = "A".repeat(43);
        assert_eq!(without_tokens(&format!("/activate/{token}")), "/activate/…");
        assert_eq!(
            without_tokens("/saml2/acme-prod-aws-admin"),
            "/saml2/acme-prod-aws-admin"
        );
    }
}
