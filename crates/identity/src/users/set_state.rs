//! Activating, suspending and staging a person.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::users::UserState;

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
    if user.state == state {
        return Ok(());
    }
    write.set_user_state(id, state).await?;
    let ended = match state {
        UserState::Active => 0,
        UserState::Staged | UserState::Suspended => write.delete_sessions_of(id, None).await?,
    };
    let detail = json!({
        "from": user.state.as_str(), "to": state.as_str(), "sessions_ended": ended,
    });
    let kind = event_kind(user.state, state);
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

fn event_kind(from: UserState, to: UserState) -> EventKind {
    match (from, to) {
        (UserState::Suspended, UserState::Active) => EventKind::UserUnsuspended,
        (_, UserState::Active) => EventKind::UserActivated,
        (_, UserState::Suspended) => EventKind::UserSuspended,
        (_, UserState::Staged) => EventKind::UserUpdate,
    }
}
