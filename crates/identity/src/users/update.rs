//! Changing what is known of a person (requirement C17).

use serde_json::json;

use crate::credentials::queue_address_notice;
use crate::email;
use crate::events::{Change, EventKind, changes_between};
use crate::groups;
use crate::ids::UserId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};
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
///
/// Another e-mail address ends every session of the person, and a mail tells the former one.
pub async fn update_user(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: UserId,
    expected_version: Option<i64>,
    change: UserChange,
) -> Result<User, UpdateUserError> {
    let mut write = store.write().await?;
    let before = write.user(id).await?.ok_or(UpdateUserError::NoSuchUser)?;
    if expected_version.is_some_and(|version| version != before.version) {
        return Err(UpdateUserError::Stale(Box::new(before)));
    }
    let user = apply(write.as_mut(), op, sealing, before, change).await?;
    write.commit().await?;
    Ok(user)
}

/// Makes the change to `before`, which was read in the same transaction.
pub(super) async fn apply(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    before: User,
    change: UserChange,
) -> Result<User, UpdateUserError> {
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
        let mut detail = json!({ "changes": Change::list(&changes) });
        if email::key(&user.email) != email::key(&before.email) {
            let ended = write.delete_sessions_of(user.id, None).await?;
            detail["sessions_ended"] = ended.into();
            if before.password_changed_at.is_some() {
                queue_address_notice(write, op, sealing, &before).await?;
            }
        }
        let event = op.event(EventKind::UserUpdate, true, Some(user.target()), detail);
        write.insert_event(&event).await?;
        groups::reevaluate(write, op, &user).await?;
    }
    if change_state(write, op, &user, state).await? {
        user.state = state;
        user.version += 1;
        user.updated_at = op.now;
    }
    Ok(user)
}
