//! Granting an application to a group.

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::association_event;
use crate::ids::{ApplicationId, GroupId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the assignment was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AssignGroupError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("there is no such group")]
    NoSuchGroup,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Grants the application to everyone in the group, now and later (requirements K02, K03, E08). Whether the
/// group was not assigned before; if it was, nothing changes and no event is written.
pub async fn assign_group(
    op: &mut Op,
    store: &dyn Store,
    application: ApplicationId,
    group: GroupId,
) -> Result<bool, AssignGroupError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::GrantApplications).await??;
    let application = write
        .application(application)
        .await?
        .ok_or(AssignGroupError::NoSuchApplication)?;
    let group = write
        .group(group)
        .await?
        .ok_or(AssignGroupError::NoSuchGroup)?;
    if !write.assign_group(application.id, group.id, op.now).await? {
        return Ok(false);
    }
    let event = association_event(op, "add", application.target(), &[group.target()]);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
