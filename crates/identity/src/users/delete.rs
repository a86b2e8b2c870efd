//! Removing people for good (requirements D07, S05).

use serde_json::json;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError, Write};
use crate::users::User;
use crate::users::bulk::{BulkOutcome, PER_TRANSACTION};

/// Why a person was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteUserError {
    #[error("there is no such user")]
    NoSuchUser,
    /// Somebody else changed them since they were read. Holds what they are now.
    #[error("somebody else changed this person in the meantime")]
    Stale(Box<User>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Deletes a person with their sessions, memberships, keys and schedules. The event `user_delete`
/// keeps their name, address and the groups they were in. `expected_version` is the version that the
/// administrator saw; `None` deletes whatever is there.
pub async fn delete_user(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
    expected_version: Option<i64>,
) -> Result<(), DeleteUserError> {
    let mut write = store.write().await?;
    if let Some(expected) = expected_version
        && let Some(user) = write.user(id).await?
        && user.version != expected
    {
        return Err(DeleteUserError::Stale(Box::new(user)));
    }
    if !delete_in(write.as_mut(), op, id).await? {
        return Err(DeleteUserError::NoSuchUser);
    }
    write.commit().await?;
    Ok(())
}

/// Deletes many, in transactions of a few hundred. What each came to, in the order of `ids`.
pub async fn delete_users(
    op: &mut Op,
    store: &dyn Store,
    ids: &[UserId],
) -> Result<Vec<(UserId, BulkOutcome)>, StoreError> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for some in ids.chunks(PER_TRANSACTION) {
        let mut write = store.write().await?;
        for id in some {
            let found = delete_in(write.as_mut(), op, *id).await?;
            let outcome = if found {
                BulkOutcome::Done
            } else {
                BulkOutcome::NoSuchUser
            };
            outcomes.push((*id, outcome));
        }
        write.commit().await?;
    }
    Ok(outcomes)
}

async fn delete_in(write: &mut dyn Write, op: &mut Op, id: UserId) -> Result<bool, StoreError> {
    let Some(user) = write.user(id).await? else {
        return Ok(false);
    };
    let groups = write.groups_of(id).await?;
    let groups: Vec<_> = groups
        .iter()
        .filter(|group| !group.everyone)
        .map(|group| group.name.as_str())
        .collect();
    let detail = json!({
        "username": user.username, "name": user.label(), "state": user.state.as_str(),
        "groups": groups,
    });
    let ended = write.delete_sessions_of(id, None).await?;
    write.delete_user(id).await?;
    let mut detail = detail;
    detail["sessions_ended"] = ended.into();
    let event = op.event(EventKind::UserDelete, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    Ok(true)
}
