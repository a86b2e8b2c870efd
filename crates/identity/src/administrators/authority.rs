//! Whether the one who acts may do it, asked again inside the transaction: a role that was taken
//! away while a request was under way is gone.

use crate::administrators::{Administrator, Permission};
use crate::op::{Actor, Op};
use crate::store::{Read, StoreError};

/// The one who acts may not do this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("your role does not allow this")]
pub struct NotAllowed;

/// Refuses unless the actor has `permission` now. The administrator behind it; `None` for the
/// program itself.
pub(crate) async fn require(
    read: &mut dyn Read,
    op: &Op,
    permission: Permission,
) -> Result<Result<Option<Administrator>, NotAllowed>, StoreError> {
    match &op.actor {
        Actor::System(_) => Ok(Ok(None)),
        Actor::Administrator { id, .. } => {
            let administrator = read.administrator(*id).await?;
            Ok(administrator
                .filter(|administrator| administrator.may(permission))
                .map(Some)
                .ok_or(NotAllowed))
        }
        Actor::ApiKey { id, .. } => {
            let key = read.api_key(*id).await?;
            Ok(key
                .filter(|(key, owner)| key.allows(owner, permission, op.now))
                .map(|(_, owner)| Some(owner))
                .ok_or(NotAllowed))
        }
        Actor::Anonymous | Actor::User { .. } => Ok(Err(NotAllowed)),
    }
}

/// Whether the actor has `permission` now.
pub(crate) async fn may(
    read: &mut dyn Read,
    op: &Op,
    permission: Permission,
) -> Result<bool, StoreError> {
    Ok(require(read, op, permission).await?.is_ok())
}
