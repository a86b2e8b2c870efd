//! Removing a user from a group.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::{GroupId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the membership was not changed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveMemberError {
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("there is no such user")]
    NoSuchUser,
    #[error("everyone is in the built-in group; its members cannot be changed")]
    BuiltIn,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the user was a member before; if not, nothing changes and no event is written. Access that came
/// from the group ends with the next assertion (security.md item 44).
pub async fn remove_member(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    user: UserId,
) -> Result<bool, RemoveMemberError> {
    let mut write = store.write().await?;
    let group = write
        .group(group)
        .await?
        .ok_or(RemoveMemberError::NoSuchGroup)?;
    let user = write
        .user(user)
        .await?
        .ok_or(RemoveMemberError::NoSuchUser)?;
    if group.everyone {
        return Err(RemoveMemberError::BuiltIn);
    }
    if !write.remove_member(group.id, user.id).await? {
        return Ok(false);
    }
    let detail = json!({"op": "remove", "user": {"id": user.id.to_string(), "email": user.email}});
    let event = op.event(
        EventKind::AssociationChange,
        true,
        Some(group.target()),
        detail,
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
