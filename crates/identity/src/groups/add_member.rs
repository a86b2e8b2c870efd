//! Adding a user to a group.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::{GroupId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the membership was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AddMemberError {
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("there is no such user")]
    NoSuchUser,
    #[error("everyone is in the built-in group; its members cannot be changed")]
    BuiltIn,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether the user was not a member before; if they were, nothing changes and no event is written.
pub async fn add_member(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    user: UserId,
) -> Result<bool, AddMemberError> {
    let mut write = store.write().await?;
    let group = write
        .group(group)
        .await?
        .ok_or(AddMemberError::NoSuchGroup)?;
    let user = write.user(user).await?.ok_or(AddMemberError::NoSuchUser)?;
    if group.everyone {
        return Err(AddMemberError::BuiltIn);
    }
    if !write.add_member(group.id, user.id, op.now).await? {
        return Ok(false);
    }
    let detail = json!({"op": "add", "user": {"id": user.id.to_string(), "email": user.email}});
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
