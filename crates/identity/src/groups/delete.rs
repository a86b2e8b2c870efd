//! Deleting a group.

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::groups::Group;
use crate::ids::GroupId;
use crate::op::Op;
use crate::sign_in_policies::forget_group;
use crate::store::{Store, StoreError};

/// Why the group was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteGroupError {
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("the built-in group contains everyone; it cannot be deleted")]
    BuiltIn,
    /// Somebody else changed the group since it was read. Holds what it is now.
    #[error("the group was changed by somebody else in the meantime")]
    Stale(Box<Group>),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes a group. Its members stay in the directory and lose, from the next assertion on, what
/// they had through the group alone; policies about sign-ins are about it no more. The event
/// `group_delete` says how many members and applications it had. `expected` is the version that the person saw; `None` takes whatever is
/// there.
pub async fn delete_group(
    op: &mut Op,
    store: &dyn Store,
    id: GroupId,
    expected: Option<i64>,
) -> Result<(), DeleteGroupError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteGroups).await??;
    let group = write
        .group(id)
        .await?
        .ok_or(DeleteGroupError::NoSuchGroup)?;
    if group.everyone {
        return Err(DeleteGroupError::BuiltIn);
    }
    if expected.is_some_and(|version| version != group.version) {
        return Err(DeleteGroupError::Stale(Box::new(group)));
    }
    let (members, applications) = write.group_counts(id).await?;
    write.delete_group(id).await?;
    forget_group(op, write.as_mut(), id).await?;
    let detail = json!({"members": members, "applications": applications});
    let event = op.event(EventKind::GroupDelete, true, Some(group.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
