//! What can go wrong with an organisation, with the codes, reasons and texts of AWS.

use jetway_iam::MalformedPolicy;

use crate::{json_service::JsonError, state::store::StoreError};

/// An error of an operation on the organisation. The text is what the caller sees.
#[derive(Debug, thiserror::Error)]
pub enum OrganizationError {
    /// The account belongs to no organisation.
    #[error("Your account is not a member of an organization.")]
    NotInUse,
    /// The account belongs to an organisation already.
    #[error("The provided account is already a member of an organization.")]
    AlreadyIn,
    /// Only the management account may do this.
    #[error("You don't have permissions to access this resource.")]
    AccessDenied,
    /// No root or unit has this id.
    #[error("You specified parent that doesn't exist.")]
    ParentNotFound,
    /// No root or unit has the id of the place to move from.
    #[error("You specified a source parent that doesn't exist.")]
    SourceParentNotFound,
    /// No root or unit has the id of the place to move to.
    #[error("You specified a destination parent that doesn't exist.")]
    DestinationParentNotFound,
    /// No unit and no account has this id.
    #[error("You specified a child that doesn't exist.")]
    ChildNotFound,
    /// No root, unit or account has this id.
    #[error("You specified a target that doesn't exist.")]
    TargetNotFound,
    /// No unit has this id.
    #[error("You specified an organizational unit that doesn't exist.")]
    UnitNotFound,
    /// Another unit below the same parent has the name.
    #[error("An OU with the same name already exists.")]
    DuplicateUnit,
    /// The unit still has accounts or units.
    #[error(
        "The specified organizational unit is not empty. Move all accounts to another root or to other OUs, remove all child OUs, and try the operation again."
    )]
    UnitNotEmpty,
    /// The organisation still has member accounts.
    #[error(
        "To delete an organization you must first remove all member accounts (except the master)."
    )]
    NotEmpty,
    /// No account of the organisation has this id.
    #[error("You specified an account that doesn't exist.")]
    AccountNotFound,
    /// The account is where it should be moved to.
    #[error("That account is already present in the specified destination.")]
    DuplicateAccount,
    /// The management account cannot leave.
    #[error("You can't remove a management account from an organization.")]
    ManagementCannotLeave,
    /// The account was closed before.
    #[error("The provided account is already closed.")]
    AlreadyClosed,
    /// No request to create an account has this id.
    #[error("You specified a create account request that doesn't exist.")]
    CreationNotFound,
    /// The account administers the service already.
    #[error("The provided account is already a delegated administrator for your organization.")]
    AlreadyRegistered,
    /// The account administers nothing.
    #[error(
        "The provided account is not a registered delegated administrator for your organization."
    )]
    NotRegistered,
    /// A limit or a rule of the organisation is in the way.
    #[error("{message}")]
    Constraint {
        /// `OU_DEPTH_LIMIT_EXCEEDED` and so on; absent where AWS has no word for it.
        reason: Option<&'static str>,
        /// For the caller.
        message: &'static str,
    },
    /// A parameter has a value that it cannot have.
    #[error("{message}")]
    InvalidInput {
        /// `INVALID_PATTERN` and so on.
        reason: &'static str,
        /// For the caller.
        message: &'static str,
    },
    /// The trust policy of the role for the management account cannot be compiled.
    #[error("the role of a new account is not valid: {0}")]
    Role(#[from] MalformedPolicy),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OrganizationError {
    pub(super) const fn constraint(reason: &'static str, message: &'static str) -> Self {
        Self::Constraint {
            reason: Some(reason),
            message,
        }
    }

    pub(super) const fn invalid(reason: &'static str, message: &'static str) -> Self {
        Self::InvalidInput { reason, message }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::NotInUse => "AWSOrganizationsNotInUseException",
            Self::AlreadyIn => "AlreadyInOrganizationException",
            Self::AccessDenied => "AccessDeniedException",
            Self::ParentNotFound => "ParentNotFoundException",
            Self::SourceParentNotFound => "SourceParentNotFoundException",
            Self::DestinationParentNotFound => "DestinationParentNotFoundException",
            Self::ChildNotFound => "ChildNotFoundException",
            Self::TargetNotFound => "TargetNotFoundException",
            Self::UnitNotFound => "OrganizationalUnitNotFoundException",
            Self::DuplicateUnit => "DuplicateOrganizationalUnitException",
            Self::UnitNotEmpty => "OrganizationalUnitNotEmptyException",
            Self::NotEmpty => "OrganizationNotEmptyException",
            Self::AccountNotFound => "AccountNotFoundException",
            Self::DuplicateAccount => "DuplicateAccountException",
            Self::ManagementCannotLeave => "MasterCannotLeaveOrganizationException",
            Self::AlreadyClosed => "AccountAlreadyClosedException",
            Self::CreationNotFound => "CreateAccountStatusNotFoundException",
            Self::AlreadyRegistered => "AccountAlreadyRegisteredException",
            Self::NotRegistered => "AccountNotRegisteredException",
            Self::Constraint { .. } => "ConstraintViolationException",
            Self::InvalidInput { .. } => "InvalidInputException",
            Self::Role(_) | Self::Store(_) => "ServiceException",
        }
    }

    const fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Constraint { reason, .. } => *reason,
            Self::InvalidInput { reason, .. } => Some(reason),
            _ => None,
        }
    }
}

impl From<OrganizationError> for JsonError {
    fn from(error: OrganizationError) -> Self {
        if let OrganizationError::Role(_) | OrganizationError::Store(_) = &error {
            tracing::error!(%error, "a change of the organisation could not be made");
            return Self {
                code: error.code().into(),
                ..Self::internal()
            };
        }
        let answer = Self::new(error.code(), error.to_string());
        match error.reason() {
            Some(reason) => answer.with("Reason", reason),
            None => answer,
        }
    }
}
