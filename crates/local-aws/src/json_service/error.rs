//! Errors of the JSON services: HTTP 400 with `__type` and `Message`, and members that some
//! exceptions have beside them.

use std::borrow::Cow;

use jetway_aws_wire::AwsError;
use serde_json::{Map, Value, json};

use crate::{StoreError, authorize::Denied, iam::IamError};

/// An exception of a JSON service.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct JsonError {
    /// HTTP status: 400, or 500 for ours.
    pub(crate) status: u16,
    /// `ConflictException`
    pub(crate) code: Cow<'static, str>,
    /// Text for the caller.
    pub(crate) message: String,
    /// Members beside the message, such as `Reason`; boxed, for most errors have none and every
    /// operation returns one by value.
    pub(crate) members: Box<Map<String, Value>>,
}

impl JsonError {
    /// HTTP 400 with this exception.
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self {
            status: 400,
            code: code.into(),
            message: message.into(),
            members: Box::default(),
        }
    }

    /// With a member beside the message.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("ValidationException", message)
    }

    pub(crate) fn conflict(message: impl Into<String>) -> Self {
        Self::new("ConflictException", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new("ResourceNotFoundException", message)
    }

    pub(crate) fn access_denied(message: impl Into<String>) -> Self {
        Self::new("AccessDeniedException", message)
    }

    pub(super) fn unknown_operation() -> Self {
        Self {
            status: 404,
            ..Self::new("UnknownOperationException", "")
        }
    }

    pub(super) fn serialization() -> Self {
        Self::new(
            "SerializationException",
            "The request body is not a JSON object.",
        )
    }

    /// The cause belongs in the log, not in front of the caller.
    pub(crate) fn internal() -> Self {
        Self {
            status: 500,
            ..Self::new(
                "InternalServerException",
                "The request could not be completed because of a fault of the service.",
            )
        }
    }

    /// The body.
    pub(super) fn body(&self) -> String {
        let mut body = (*self.members).clone();
        body.insert("__type".to_owned(), json!(self.code));
        body.insert("Message".to_owned(), json!(self.message));
        Value::Object(body).to_string()
    }
}

impl From<Denied> for JsonError {
    fn from(denied: Denied) -> Self {
        Self::access_denied(denied.message)
    }
}

impl From<StoreError> for JsonError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a change could not be stored");
        Self::internal()
    }
}

impl From<IamError> for JsonError {
    fn from(error: IamError) -> Self {
        match error {
            IamError::Store(error) => error.into(),
            other => Self::validation(other.to_string()),
        }
    }
}

/// The faults of signatures and bodies, in the words of this protocol.
impl From<AwsError> for JsonError {
    fn from(error: AwsError) -> Self {
        let code: Cow<'static, str> = match error.code.as_ref() {
            "MissingAuthenticationToken" => {
                return Self::new(
                    "MissingAuthenticationTokenException",
                    "Missing Authentication Token",
                );
            }
            "InvalidClientTokenId" => {
                return Self::new(
                    "UnrecognizedClientException",
                    "The security token included in the request is invalid.",
                );
            }
            "ExpiredToken" => "ExpiredTokenException".into(),
            "SignatureDoesNotMatch" => "InvalidSignatureException".into(),
            "IncompleteSignature" => "IncompleteSignatureException".into(),
            "InternalFailure" => return Self::internal(),
            other => other.to_owned().into(),
        };
        Self {
            status: if error.status == 413 { 413 } else { 400 },
            ..Self::new(code, error.message)
        }
    }
}
