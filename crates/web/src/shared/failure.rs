//! What a handler could not serve. The caller sees the kind; the log gets the cause.

use std::fmt::Display;
use std::sync::Arc;

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode};
use jetway_identity::{NotAllowed, StoreError};
use jetway_pages::{Link, Message};
use serde_json::json;

use crate::api::Problem;
use crate::jumpcloud::coded;
use crate::shared::{Site, Visit, html};

/// Why there is no normal answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    BadRequest,
    Unauthorized,
    Forbidden,
    CrossSite,
    NotFound,
    MethodNotAllowed,
    TooLarge,
    TooSlow,
    UnsupportedMediaType,
    WrongHost,
    Internal,
    Unavailable,
}

/// A failure travels as a bare response with this value in its extensions. The front door renders
/// it, as a page or as JSON, and logs the cause.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: FailureKind,
    cause: Option<Arc<str>>,
}

impl Failure {
    const fn of(kind: FailureKind) -> Self {
        Self { kind, cause: None }
    }

    pub(crate) const fn bad_request() -> Self {
        Self::of(FailureKind::BadRequest)
    }

    /// A program sent no API key that is good for anything.
    pub(crate) const fn unauthorized() -> Self {
        Self::of(FailureKind::Unauthorized)
    }

    /// The role or the API key does not allow it.
    pub(crate) const fn forbidden() -> Self {
        Self::of(FailureKind::Forbidden)
    }

    pub(crate) const fn cross_site() -> Self {
        Self::of(FailureKind::CrossSite)
    }

    pub(crate) const fn not_found() -> Self {
        Self::of(FailureKind::NotFound)
    }

    pub(crate) const fn method_not_allowed() -> Self {
        Self::of(FailureKind::MethodNotAllowed)
    }

    pub(crate) const fn unsupported_media_type() -> Self {
        Self::of(FailureKind::UnsupportedMediaType)
    }

    pub(crate) const fn wrong_host() -> Self {
        Self::of(FailureKind::WrongHost)
    }

    pub(crate) fn internal(cause: impl Display) -> Self {
        Self {
            kind: FailureKind::Internal,
            cause: Some(cause.to_string().into()),
        }
    }

    pub(crate) fn unavailable(cause: impl Display) -> Self {
        Self {
            kind: FailureKind::Unavailable,
            cause: Some(cause.to_string().into()),
        }
    }

    pub(crate) const fn too_large() -> Self {
        Self::of(FailureKind::TooLarge)
    }

    pub(crate) const fn too_slow() -> Self {
        Self::of(FailureKind::TooSlow)
    }

    fn status(&self) -> StatusCode {
        match self.kind {
            FailureKind::BadRequest => StatusCode::BAD_REQUEST,
            FailureKind::Unauthorized => StatusCode::UNAUTHORIZED,
            FailureKind::Forbidden | FailureKind::CrossSite => StatusCode::FORBIDDEN,
            FailureKind::NotFound => StatusCode::NOT_FOUND,
            FailureKind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            FailureKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            FailureKind::TooSlow => StatusCode::REQUEST_TIMEOUT,
            FailureKind::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            FailureKind::WrongHost => StatusCode::MISDIRECTED_REQUEST,
            FailureKind::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            FailureKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The answer for the API: a problem document.
    pub(crate) fn problem(&self, visit: &Visit) -> Response {
        let (word, title, detail) = match self.kind {
            FailureKind::BadRequest => (
                "unreadable",
                "The request cannot be read",
                "The request is malformed.",
            ),
            FailureKind::Unauthorized => (
                "unauthorized",
                "No valid API key",
                "Send a valid API key: Authorization: Bearer <key>, or x-api-key: <key>.",
            ),
            FailureKind::Forbidden => (
                "forbidden",
                "Not permitted",
                "The scopes of this API key, or the role of its owner, do not allow this.",
            ),
            FailureKind::CrossSite => (
                "cross-site",
                "Not from this site",
                "The request comes from a page of another site.",
            ),
            FailureKind::NotFound => (
                "no-such-address",
                "Not found",
                "There is no such address. /api/v1/openapi.json lists them all.",
            ),
            FailureKind::MethodNotAllowed => (
                "method-not-allowed",
                "Method not allowed",
                "This address does not take this method. The Allow header lists those it takes.",
            ),
            FailureKind::TooLarge => (
                "too-large",
                "Too large",
                "The body of the request is larger than this address takes.",
            ),
            FailureKind::TooSlow => (
                "too-slow",
                "Too slow",
                "The request did not arrive in time. Send it again.",
            ),
            FailureKind::UnsupportedMediaType => (
                "unsupported-media-type",
                "Unsupported media type",
                "Send the body as JSON, with Content-Type: application/json.",
            ),
            FailureKind::WrongHost => (
                "wrong-host",
                "Wrong host",
                "This server answers under another name: use its public URL.",
            ),
            FailureKind::Internal => (
                "internal",
                "Internal error",
                "Something went wrong on the server. Its log has the cause under the request id.",
            ),
            FailureKind::Unavailable => (
                "unavailable",
                "Not available right now",
                "The server cannot answer right now. Try again later.",
            ),
        };
        let mut problem = Problem::new(self.status(), word, title, detail);
        if self.cause.is_some() {
            problem = problem.with_request_id(&visit.request_id);
        }
        problem.into_response()
    }

    /// Logs the cause, once.
    pub(crate) fn log(&self, visit: &Visit) {
        if let Some(cause) = &self.cause {
            tracing::error!(
                request.id = visit.request_id,
                error = %cause,
                "a request could not be answered"
            );
        }
    }

    /// When to try again: a 503 says so (fault plan F3).
    pub(crate) fn retry_after(&self) -> Option<HeaderValue> {
        (self.kind == FailureKind::Unavailable).then_some(HeaderValue::from_static("5"))
    }

    /// How to authenticate: a 401 says so (RFC 9110 §15.5.2).
    pub(crate) fn challenge(&self) -> Option<HeaderValue> {
        (self.kind == FailureKind::Unauthorized)
            .then_some(HeaderValue::from_static("Bearer realm=\"jetway\""))
    }

    /// The answer for people. In the admin portal the way on leads back into it.
    pub(crate) fn page(&self, site: &Site, visit: &Visit, in_admin: bool) -> Response {
        let mut message = match self.kind {
            FailureKind::BadRequest | FailureKind::UnsupportedMediaType => Message::bad_request(),
            FailureKind::Unauthorized | FailureKind::Forbidden => Message::not_permitted(),
            FailureKind::CrossSite => Message::cross_site(),
            FailureKind::NotFound => Message::not_found(),
            FailureKind::MethodNotAllowed => Message::method_not_allowed(),
            FailureKind::TooLarge => Message::too_large(),
            FailureKind::TooSlow => Message::too_slow(),
            FailureKind::WrongHost => Message::wrong_host(site.settings.public_url().as_str()),
            FailureKind::Internal => Message::internal(&visit.request_id),
            FailureKind::Unavailable => Message::unavailable(&visit.request_id),
        };
        if in_admin && message.link.is_some() && self.kind != FailureKind::WrongHost {
            message.link = Some(Link {
                href: "/admin".to_owned(),
                text: "To the admin portal".to_owned(),
            });
        }
        match html(self.status(), site.chrome(), message) {
            Ok(response) => response,
            // Even the page of the failure cannot be written: the status has to do.
            Err(failure) => failure.status().into_response(),
        }
    }

    /// The answer for the contracts of JumpCloud's addresses: `message` is what their clients show.
    pub(crate) fn json(&self) -> Response {
        let message = self.message();
        (self.status(), axum::Json(json!({ "message": message }))).into_response()
    }

    /// The same for JumpCloud's API v2.
    pub(crate) fn coded(&self) -> Response {
        coded(self.status(), self.message())
    }

    fn message(&self) -> &'static str {
        match self.kind {
            FailureKind::BadRequest => "The request could not be read.",
            FailureKind::Unauthorized => "Unauthorized: send a valid API key.",
            FailureKind::Forbidden => "Forbidden: this API key does not allow it.",
            FailureKind::CrossSite => {
                "The X-Xsrftoken header or its cookie is missing or wrong. Fetch \
                 /userconsole/xsrf again and keep its cookies."
            }
            FailureKind::NotFound => "There is no such address.",
            FailureKind::MethodNotAllowed => "This address does not take this method.",
            FailureKind::TooLarge => "The request is too large.",
            FailureKind::TooSlow => "The request did not arrive in time.",
            FailureKind::UnsupportedMediaType => "Send application/json.",
            FailureKind::WrongHost => "This server answers under another name.",
            FailureKind::Internal => "Something went wrong on the server.",
            FailureKind::Unavailable => "The server cannot answer right now. Try again later.",
        }
    }
}

/// A role or a key that was taken away while the request was under way.
impl From<NotAllowed> for Failure {
    fn from(_: NotAllowed) -> Self {
        Self::forbidden()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let source = std::error::Error::source(&error).map(ToString::to_string);
        match source {
            Some(source) => Self::unavailable(format_args!("{error}: {source}")),
            None => Self::unavailable(error),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
