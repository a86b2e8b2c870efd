//! The pages of a refused sign-in, in AWS's words (aws-iam-sts.md §2.1).

use axum::{
    body::Body,
    http::{Response, StatusCode},
};
use jetway_aws_wire::AwsError;
use jetway_pages::local::SignInRefused;

use super::respond;
use crate::{LocalAws, Op, sts::Refusal};

/// A sign-in that is refused.
#[derive(Debug)]
pub(super) struct Refused {
    status: u16,
    message: String,
    diagnosis: Vec<String>,
}

impl Refused {
    /// No Role attribute, or not readable, or against the rules of the browser side.
    pub(super) fn invalid(diagnosis: impl Into<String>) -> Self {
        Self {
            status: 400,
            message: "Your request included an invalid SAML response. To logout, click here."
                .into(),
            diagnosis: vec![diagnosis.into()],
        }
    }

    /// The field is missing or longer than the page takes.
    pub(super) fn no_assertion(diagnosis: impl Into<String>) -> Self {
        Self {
            status: 400,
            message: "Response did not contain a valid SAML assertion".into(),
            diagnosis: vec![diagnosis.into()],
        }
    }

    /// What STS says, wrapped as the sign-in page wraps it.
    pub(super) fn sts(refusal: Refusal, request_id: &str) -> Self {
        Self::error(&refusal.into_error(request_id), request_id)
    }

    /// A form that this endpoint's own page did not make.
    pub(super) fn forged() -> Self {
        Self {
            status: 403,
            message: "The request did not come from the console.".into(),
            diagnosis: vec!["Open the console and use its own button.".into()],
        }
    }

    /// Something here does not work.
    pub(super) fn internal(request_id: &str) -> Self {
        Self::error(&AwsError::internal(), request_id)
    }

    fn error(error: &AwsError, request_id: &str) -> Self {
        let message = if error.message.contains("(Service: ") {
            format!("Error: Failed to assume role: {}", error.message)
        } else {
            format!(
                "{} (Service: AWSSecurityTokenService; Status Code: {}; Error Code: {}; Request ID: {request_id}). Please try again.",
                error.message, error.status, error.code
            )
        };
        Self {
            status: error.status,
            message,
            diagnosis: Vec::new(),
        }
    }

    /// The page.
    pub(super) fn into_page(self, aws: &LocalAws, op: &Op) -> Response<Body> {
        for reason in &self.diagnosis {
            tracing::warn!(request.id = op.request_id, "sign-in refused: {reason}");
        }
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let page = SignInRefused {
            message: self.message,
            diagnosis: self.diagnosis,
            reference: op.request_id.clone(),
        };
        respond(aws, op, status, "Local AWS", page)
    }
}
