//! What can go wrong in the identity store.

use crate::StoreError;

/// What an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A user.
    User,
    /// A group.
    Group,
}

/// Why the identity store was not changed. SCIM and the APIs word it each in their own way.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Somebody else has this value of an attribute that is unique.
    #[error("another {kind:?} has the same {attribute}")]
    Duplicate {
        /// Of whom.
        kind: Kind,
        /// `userName`, `emails`, `externalId`, `displayName`.
        attribute: &'static str,
    },
    /// There is no such user or group.
    #[error("there is no such {0:?}")]
    NotFound(Kind),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}
