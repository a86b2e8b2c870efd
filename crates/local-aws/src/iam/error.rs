//! What can go wrong in IAM, with AWS's codes and texts (aws-iam-sts.md §3.2, §3.3).

use jetway_aws_wire::AwsError;
use jetway_iam::MalformedPolicy;

use crate::state::store::StoreError;

/// An error of an IAM operation. The text is what the caller sees, except for [`Self::Store`],
/// whose text is for the log.
#[derive(Debug, thiserror::Error)]
pub enum IamError {
    /// The entity does not exist.
    #[error("{0}")]
    NoSuchEntity(String),
    /// An entity of this name exists.
    #[error("{0}")]
    AlreadyExists(String),
    /// The entity is still in use.
    #[error("{0}")]
    DeleteConflict(String),
    /// A quota is used up.
    #[error("{0}")]
    LimitExceeded(String),
    /// The policy document is not valid.
    #[error("{0}")]
    MalformedPolicy(String),
    /// A value is not acceptable in its context.
    #[error("{0}")]
    InvalidInput(String),
    /// A value violates the model.
    #[error("{0}")]
    Validation(String),
    /// The policy cannot be attached.
    #[error("{0}")]
    NotAttachable(String),
    /// The caller may not touch it (an AWS managed policy).
    #[error("{0}")]
    Forbidden(String),
    /// It belongs to AWS: nobody else changes it.
    #[error("{0}")]
    Unmodifiable(String),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IamError {
    pub(crate) fn no_account(account: &str) -> Self {
        Self::NoSuchEntity(format!("The account {account} does not exist here."))
    }

    pub(crate) fn no_role(name: &str) -> Self {
        Self::NoSuchEntity(format!("The role with name {name} cannot be found."))
    }

    pub(crate) fn protected(kind: &str, name: &str) -> Self {
        Self::Unmodifiable(format!(
            "Cannot perform the operation on the protected {kind} '{name}' - this {kind} is only modifiable by AWS"
        ))
    }

    pub(crate) fn no_policy(arn: &str) -> Self {
        Self::NoSuchEntity(format!("Policy {arn} was not found."))
    }
}

impl From<MalformedPolicy> for IamError {
    fn from(error: MalformedPolicy) -> Self {
        Self::MalformedPolicy(error.to_string())
    }
}

impl From<IamError> for AwsError {
    fn from(error: IamError) -> Self {
        let message = error.to_string();
        match error {
            IamError::NoSuchEntity(_) => Self::sender(404, "NoSuchEntity", message),
            IamError::AlreadyExists(_) => Self::sender(409, "EntityAlreadyExists", message),
            IamError::DeleteConflict(_) => Self::sender(409, "DeleteConflict", message),
            IamError::LimitExceeded(_) => Self::sender(409, "LimitExceeded", message),
            IamError::MalformedPolicy(_) => Self::bad_request("MalformedPolicyDocument", message),
            IamError::InvalidInput(_) => Self::bad_request("InvalidInput", message),
            IamError::Validation(_) => Self::validation(message),
            IamError::NotAttachable(_) => Self::bad_request("PolicyNotAttachable", message),
            IamError::Unmodifiable(_) => Self::bad_request("UnmodifiableEntity", message),
            IamError::Forbidden(_) => Self::access_denied(message),
            IamError::Store(error) => {
                tracing::error!(%error, "a change of IAM could not be stored");
                Self::internal()
            }
        }
    }
}
