//! Granting applications to a group, and taking others away, from the group's side
//! (requirements E04, K03).

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::association_event;
use crate::ids::{ApplicationId, GroupId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// What to change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GrantChange {
    pub grant: Vec<ApplicationId>,
    pub withdraw: Vec<ApplicationId>,
}

/// How many applications are granted that were not, and withdrawn that were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GrantsChanged {
    pub granted: usize,
    pub withdrawn: usize,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeGrantsError {
    #[error("there is no such group")]
    NoSuchGroup,
    #[error("there is no application {0}")]
    NoSuchApplication(ApplicationId),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes what a group has, in one transaction, with an event `association_change` for each
/// application. What is granted already, or not granted anyway, is left as it is.
pub async fn change_grants(
    op: &mut Op,
    store: &dyn Store,
    group: GroupId,
    change: &GrantChange,
) -> Result<GrantsChanged, ChangeGrantsError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::GrantApplications).await??;
    let group = write
        .group(group)
        .await?
        .ok_or(ChangeGrantsError::NoSuchGroup)?;
    let mut changed = GrantsChanged::default();
    let granted = change.grant.iter().map(|id| (*id, true));
    let withdrawn = change.withdraw.iter().map(|id| (*id, false));
    for (id, grant) in granted.chain(withdrawn) {
        let application = write
            .application(id)
            .await?
            .ok_or(ChangeGrantsError::NoSuchApplication(id))?;
        let (differs, word) = if grant {
            (write.assign_group(id, group.id, op.now).await?, "add")
        } else {
            (write.unassign_group(id, group.id).await?, "remove")
        };
        if !differs {
            continue;
        }
        let event = association_event(op, word, application.target(), &[group.target()]);
        write.insert_event(&event).await?;
        if grant {
            changed.granted += 1;
        } else {
            changed.withdrawn += 1;
        }
    }
    write.commit().await?;
    Ok(changed)
}
