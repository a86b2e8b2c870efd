//! Refusals as API v2 writes them: `{"code", "message", "status"}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jetway_identity::StoreError;
use serde_json::json;

use crate::api::Problem;
use crate::shared::Failure;

/// Why a request was not done.
#[derive(Debug)]
pub(crate) enum Refusal {
    Said(StatusCode, String),
    /// The front door logs the cause and answers.
    Failure(Failure),
}

impl Refusal {
    pub(super) fn not_found(what: &str) -> Self {
        Self::Said(
            StatusCode::NOT_FOUND,
            format!("There is no {what} with this id."),
        )
    }

    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Said(StatusCode::BAD_REQUEST, message.into())
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem.said() {
            // API v2 knows no 422.
            Ok((StatusCode::UNPROCESSABLE_ENTITY, message)) => Self::invalid(message),
            Ok((status, message)) => Self::Said(status, message),
            Err(failure) => Self::Failure(failure),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Problem::from(error).into()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Said(status, message) => coded(status, &message),
            Self::Failure(failure) => failure.into_response(),
        }
    }
}

/// The document of a refusal.
pub(crate) fn coded(status: StatusCode, message: &str) -> Response {
    let word = match status {
        StatusCode::BAD_REQUEST => "INVALID_ARGUMENT",
        StatusCode::UNAUTHORIZED => "UNAUTHENTICATED",
        StatusCode::FORBIDDEN => "PERMISSION_DENIED",
        StatusCode::NOT_FOUND => "NOT_FOUND",
        StatusCode::CONFLICT => "ALREADY_EXISTS",
        StatusCode::SERVICE_UNAVAILABLE => "UNAVAILABLE",
        status if status.is_client_error() => "FAILED_PRECONDITION",
        _ => "INTERNAL",
    };
    let document = json!({"code": status.as_u16(), "message": message, "status": word});
    (status, Json(document)).into_response()
}
