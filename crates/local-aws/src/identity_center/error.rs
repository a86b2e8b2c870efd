//! What can go wrong when Identity Center is administered, for the API and the console alike.

use crate::{
    StoreError,
    json_service::{JsonError, Pattern},
};
use jetway_aws_wire::ValidationErrors;

/// Why Identity Center was not changed. The text is for the caller, except for [`Self::Store`] and
/// [`Self::Internal`], whose text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum CenterError {
    /// There is no such instance, permission set, assignment, user, group or account.
    #[error("{0}")]
    NotFound(String),
    /// It is there already, or still in use.
    #[error("{0}")]
    Conflict(String),
    /// A value is not acceptable.
    #[error("{0}")]
    Validation(String),
    /// The caller may not do this.
    #[error("{0}")]
    Denied(String),
    /// A quota is used up.
    #[error("{0}")]
    Quota(String),
    /// Something inside failed that the caller can do nothing about.
    #[error("{0}")]
    Internal(String),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CenterError {
    /// IAM Identity Center was never enabled.
    pub(crate) fn not_enabled() -> Self {
        Self::NotFound("IAM Identity Center is not enabled; enable it first.".into())
    }

    /// There is no permission set with this id.
    pub(crate) fn no_permission_set(id: &str) -> Self {
        Self::NotFound(format!("Could not find PermissionSet with id {id}"))
    }
}

impl From<CenterError> for JsonError {
    fn from(error: CenterError) -> Self {
        let message = error.to_string();
        match error {
            CenterError::NotFound(_) => Self::not_found(message),
            CenterError::Conflict(_) => Self::conflict(message),
            CenterError::Validation(_) => Self::validation(message),
            CenterError::Denied(_) => Self::access_denied(message),
            CenterError::Quota(_) => Self::new("ServiceQuotaExceededException", message),
            CenterError::Internal(_) => {
                tracing::error!(error = message, "Identity Center could not be changed");
                Self::internal()
            }
            CenterError::Store(error) => error.into(),
        }
    }
}

/// Checks one value against the model, in AWS's words.
pub(crate) fn require(name: &str, value: &str, pattern: Pattern) -> Result<(), CenterError> {
    let mut errors = ValidationErrors::new();
    errors.pattern(name, value, pattern.text, (pattern.matches)(value));
    errors.length(name, value, pattern.min, pattern.max);
    errors
        .into_result()
        .map_err(|error| CenterError::Validation(error.message))
}
