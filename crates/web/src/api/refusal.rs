//! Errors of the addresses that are shaped like JumpCloud's: `{"message"}` (requirements.md §5.1).

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use jetway_identity::StoreError;
use serde_json::json;

use crate::api::Problem;
use crate::shared::Failure;

/// Why a request was not done, in one sentence.
#[derive(Debug)]
pub(crate) enum Refusal {
    Said(StatusCode, String),
    /// The front door logs the cause and writes the message.
    Failure(Failure),
}

impl Refusal {
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::Said(StatusCode::BAD_REQUEST, message.into())
    }

    pub(crate) fn not_found() -> Self {
        Self::Said(StatusCode::NOT_FOUND, "Not Found".to_owned())
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::Said(StatusCode::CONFLICT, message.into())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::conflict(format!("{unique} is already taken.")),
            StoreError::Missing => Self::not_found(),
            StoreError::Unavailable(_) => Self::Failure(error.into()),
        }
    }
}

/// What cannot be read is a 400 here, also where our own API says 422.
impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Self {
        match problem.said() {
            Ok((StatusCode::UNPROCESSABLE_ENTITY, message)) => Self::bad_request(message),
            Ok((status, message)) => Self::Said(status, message),
            Err(failure) => Self::Failure(failure),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self {
            Self::Failure(failure) => failure.into_response(),
            Self::Said(status, message) => {
                (status, Json(json!({ "message": message }))).into_response()
            }
        }
    }
}
