//! Taking an application away from a group.

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::association_event;
use crate::ids::{ApplicationId, GroupId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the assignment was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UnassignGroupError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("there is no such group")]
    NoSuchGroup,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes the application away from the group, from the next assertion on. Whether the group was
/// assigned before; if not, nothing changes and no event is written.
pub async fn unassign_group(
    op: &mut Op,
    store: &dyn Store,
    application: ApplicationId,
    group: GroupId,
) -> Result<bool, UnassignGroupError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::GrantApplications).await??;
    let application = write
        .application(application)
        .await?
        .ok_or(UnassignGroupError::NoSuchApplication)?;
    let group = write
        .group(group)
        .await?
        .ok_or(UnassignGroupError::NoSuchGroup)?;
    if !write.unassign_group(application.id, group.id).await? {
        return Ok(false);
    }
    let event = association_event(op, "remove", application.target(), &[group.target()]);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
