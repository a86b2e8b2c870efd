//! What every request passes on its way in and every response on its way out.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http::header::{ALLOW, RETRY_AFTER};
use http::{HeaderName, HeaderValue};
use tracing::Instrument;

use crate::shared::body::with_whole_body;
use crate::shared::{Failure, Site, Visit, health};

/// Longest time that a handler takes (fault plan F3: nobody waits longer than ten seconds).
const TIME_LIMIT: Duration = Duration::from_secs(10);

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
}

impl Speech {
    fn at(path: &str) -> Self {
        let under = |prefix: &str| {
            let rest = path.strip_prefix(prefix);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        if under("/api/v1") {
            Self::Problem
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
    let checked = site.hosts.origin_of(request.uri(), request.headers());
    // Probes come by address, and these two routes say the same to everyone.
    let probe = health::is_probe(request.uri().path());
    let mut response = match checked {
        Err(failure) if !probe => failure.into_response(),
        checked => {
            if let Ok(origin) = checked {
                visit.origin = origin;
            }
            match with_whole_body(request).await {
                Ok(mut request) => {
                    request.extensions_mut().insert(visit.clone());
                    bounded(&site, &visit, request, next).await
                }
                Err(failure) => failure.into_response(),
            }
        }
    };
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        failure.log(&visit);
        let mut rendered = match speech {
            Speech::Page => failure.page(&site, &visit),
            Speech::Problem => failure.problem(&visit),
            Speech::Message => failure.json(),
        };
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

/// Runs the handler. The span has the path without the query, which can carry what people typed.
async fn bounded(site: &Site, visit: &Visit, request: Request, next: Next) -> Response {
    let span = tracing::debug_span!(
        "request",
        request.id = visit.request_id,
        method = %request.method(),
        path = request.uri().path(),
    );
    let run = async {
        if !health::is_probe(request.uri().path()) {
            let store = site.store.as_ref();
            site.organisation.refresh(store, visit.now).await;
        }
        next.run(request).await
    };
    let run = AssertUnwindSafe(run).catch_unwind().instrument(span);
    match tokio::time::timeout(TIME_LIMIT, run).await {
        Ok(Ok(response)) => response,
        Ok(Err(_panic)) => Failure::internal("a handler panicked").into_response(),
        Err(_elapsed) => Failure::unavailable("the time limit was reached").into_response(),
    }
}
