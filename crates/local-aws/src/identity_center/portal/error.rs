//! The errors of the API (§1.7).

use axum::{
    body::Body,
    http::{HeaderValue, Response},
};
use serde_json::json;

use crate::{Op, StoreError, body, identity_center::role_session::AccessError};

/// An error of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PortalError {
    /// The token is missing, unknown, foreign or over.
    Unauthorized,
    /// The role is not theirs. Not in AWS's model, but what AWS answers.
    Forbidden,
    /// Something in the request is wrong.
    InvalidRequest(&'static str),
    /// Something here does not work.
    Internal,
}

impl PortalError {
    fn parts(self) -> (u16, &'static str, &'static str) {
        match self {
            Self::Unauthorized => (
                401,
                "UnauthorizedException",
                "Session token not found or invalid",
            ),
            Self::Forbidden => (403, "ForbiddenException", "No access"),
            Self::InvalidRequest(message) => (400, "InvalidRequestException", message),
            Self::Internal => (500, "InternalServerException", "Internal server error"),
        }
    }

    pub(super) fn into_response(self, op: &Op) -> Response<Body> {
        let (status, exception, message) = self.parts();
        let content = json!({
            "message": message,
            "__type": format!("com.amazonaws.switchboard.portal#{exception}"),
        });
        let mut response = body::answer(
            status,
            &op.request_id,
            "application/json",
            content.to_string(),
        );
        response
            .headers_mut()
            .insert("x-amzn-errortype", HeaderValue::from_static(exception));
        response
    }
}

impl From<StoreError> for PortalError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the state file cannot be read or written");
        Self::Internal
    }
}

impl From<AccessError> for PortalError {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::SignedOut => Self::Unauthorized,
            AccessError::NoAccess => Self::Forbidden,
            AccessError::Internal => Self::Internal,
        }
    }
}
