//! Giving an application to groups and to single users, and taking it away, from the application's
//! side (requirements K02 and K04).

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::{Target, association_event};
use crate::ids::{ApplicationId, GroupId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// What to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessChange {
    pub grant_groups: Vec<GroupId>,
    pub withdraw_groups: Vec<GroupId>,
    pub grant_users: Vec<UserId>,
    pub withdraw_users: Vec<UserId>,
}

/// How many have the application that had it not, and the other way round.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AccessChanged {
    pub granted: usize,
    pub withdrawn: usize,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeAccessError {
    #[error("there is no such application")]
    NoSuchApplication,
    #[error("there is no group {0}")]
    NoSuchGroup(GroupId),
    #[error("there is no user {0}")]
    NoSuchUser(UserId),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes who has an application, in one transaction, with one event `association_change` for those
/// who got it and one for those who lost it. Who has it already, or not anyway, is left as it is. A
/// group or user that does not exist can be withdrawn: then nothing is left to do.
pub async fn change_access(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    change: &AccessChange,
) -> Result<AccessChanged, ChangeAccessError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::GrantApplications).await??;
    let application = write.application(id).await?;
    let application = application.ok_or(ChangeAccessError::NoSuchApplication)?;
    let (mut granted, mut withdrawn): (Vec<Target>, Vec<Target>) = Default::default();
    for group in &change.grant_groups {
        let found = write.group(*group).await?;
        let found = found.ok_or(ChangeAccessError::NoSuchGroup(*group))?;
        if write.assign_group(id, *group, op.now).await? {
            granted.push(found.target());
        }
    }
    for user in &change.grant_users {
        let found = write.user(*user).await?;
        let found = found.ok_or(ChangeAccessError::NoSuchUser(*user))?;
        if write.assign_user(id, *user, op.now).await? {
            granted.push(found.target());
        }
    }
    for group in &change.withdraw_groups {
        if write.unassign_group(id, *group).await?
            && let Some(found) = write.group(*group).await?
        {
            withdrawn.push(found.target());
        }
    }
    for user in &change.withdraw_users {
        if write.unassign_user(id, *user).await?
            && let Some(found) = write.user(*user).await?
        {
            withdrawn.push(found.target());
        }
    }
    for (word, targets) in [("add", &granted), ("remove", &withdrawn)] {
        if !targets.is_empty() {
            let event = association_event(op, word, application.target(), targets);
            write.insert_event(&event).await?;
        }
    }
    write.commit().await?;
    Ok(AccessChanged {
        granted: granted.len(),
        withdrawn: withdrawn.len(),
    })
}
