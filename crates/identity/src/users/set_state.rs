//! Activating, suspending and staging people (requirements D01, D03, D04).

use serde_json::json;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError, Write};
use crate::users::bulk::{BulkOutcome, PER_TRANSACTION};
use crate::users::{User, UserState};

/// Why the state was not changed.
#[derive(Debug, thiserror::Error)]
pub enum SetUserStateError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes the state. Leaving [`UserState::Active`] ends every session of the person in the same
/// transaction, so that nothing works any more once this returns. Setting the present state again
/// changes nothing and writes no event.
pub async fn set_user_state(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
    state: UserState,
) -> Result<(), SetUserStateError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(SetUserStateError::NoSuchUser)?;
    if change_state(write.as_mut(), op, &user, state).await? {
        write.commit().await?;
    }
    Ok(())
}

/// [`set_user_state`] for many, in transactions of a few hundred. What each came to, in the order
/// of `ids`.
pub async fn set_user_states(
    op: &mut Op,
    store: &dyn Store,
    ids: &[UserId],
    state: UserState,
) -> Result<Vec<(UserId, BulkOutcome)>, StoreError> {
    let mut outcomes = Vec::with_capacity(ids.len());
    for some in ids.chunks(PER_TRANSACTION) {
        let mut write = store.write().await?;
        for id in some {
            let outcome = match write.user(*id).await? {
                None => BulkOutcome::NoSuchUser,
                Some(user) if change_state(write.as_mut(), op, &user, state).await? => {
                    BulkOutcome::Done
                }
                Some(_) => BulkOutcome::Unchanged,
            };
            outcomes.push((*id, outcome));
        }
        write.commit().await?;
    }
    Ok(outcomes)
}

/// Whether the state was another one. `user` was read in the same transaction.
pub(crate) async fn change_state(
    write: &mut dyn Write,
    op: &mut Op,
    user: &User,
    state: UserState,
) -> Result<bool, StoreError> {
    if user.state == state {
        return Ok(false);
    }
    write.set_user_state(user.id, state, op.now).await?;
    let ended = match state {
        UserState::Active => 0,
        UserState::Staged | UserState::Suspended => write.delete_sessions_of(user.id, None).await?,
    };
    let (from, to) = (user.state.as_str(), state.as_str());
    let detail = json!({
        "from": from, "to": to, "sessions_ended": ended,
        "changes": [{"field": "state", "from": from, "to": to}],
    });
    let kind = event_kind(user.state, state);
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    Ok(true)
}

fn event_kind(from: UserState, to: UserState) -> EventKind {
    match (from, to) {
        (UserState::Suspended, UserState::Active) => EventKind::UserUnsuspended,
        (_, UserState::Active) => EventKind::UserActivated,
        (_, UserState::Suspended) => EventKind::UserSuspended,
        (_, UserState::Staged) => EventKind::UserUpdate,
    }
}
