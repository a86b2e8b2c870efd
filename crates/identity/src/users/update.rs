//! Changing what is known of a person (requirement C17).

use serde_json::json;

use crate::events::{Change, EventKind, changes_between};
use crate::groups;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError};
use crate::users::change::editable;
use crate::users::set_state::change_state;
use crate::users::{InvalidField, User, UserChange, check_fields, in_words};

/// Why a person was not changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateUserError {
    #[error("there is no such user")]
    NoSuchUser,
    /// Somebody else changed them since they were read. Holds what they are now; the newest
    /// `user_update` of the activity log says who did it.
    #[error("somebody else changed this person in the meantime")]
    Stale(Box<User>),
    /// Each with its field.
    #[error("{}", in_words(.0))]
    Invalid(Vec<InvalidField>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes a person and adds the event `user_update` with what changed, and with another
/// state those of [`set_user_state`](crate::users::set_user_state); rules of groups are applied in
/// the same transaction. A change to what is already there does nothing. `expected_version` is the
/// version that the administrator saw; `None` takes whatever is there.
pub async fn update_user(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
    expected_version: Option<i64>,
    change: UserChange,
) -> Result<User, UpdateUserError> {
    let mut write = store.write().await?;
    let before = write.user(id).await?.ok_or(UpdateUserError::NoSuchUser)?;
    if expected_version.is_some_and(|version| version != before.version) {
        return Err(UpdateUserError::Stale(Box::new(before)));
    }
    let mut user = before.clone();
    let state = change.state.unwrap_or(before.state);
    change.apply(&mut user);
    check_fields(&user).map_err(UpdateUserError::Invalid)?;
    let changes = changes_between(&editable(&before), &editable(&user));
    if changes.is_empty() && state == before.state {
        return Ok(before);
    }
    if !changes.is_empty() {
        user.version += 1;
        user.updated_at = op.now;
        write.update_user(&user).await?;
        let detail = json!({ "changes": Change::list(&changes) });
        let event = op.event(EventKind::UserUpdate, true, Some(user.target()), detail);
        write.insert_event(&event).await?;
        groups::reevaluate(write.as_mut(), op, &user).await?;
    }
    if change_state(write.as_mut(), op, &user, state).await? {
        user.state = state;
        user.version += 1;
        user.updated_at = op.now;
    }
    write.commit().await?;
    Ok(user)
}
