//! An administrator demands another password, for example since this one became known.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why nothing was demanded.
#[derive(Debug, thiserror::Error)]
pub enum RequirePasswordChangeError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("this person has no password yet; send an invitation instead")]
    NoPassword,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends the person's sessions, and lets the present password do no more than choose another one
/// (security.md item 24). Demanding it again changes nothing.
pub async fn require_password_change(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
) -> Result<(), RequirePasswordChangeError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?;
    let user = user.ok_or(RequirePasswordChangeError::NoSuchUser)?;
    if user.password_changed_at.is_none() {
        return Err(RequirePasswordChangeError::NoPassword);
    }
    if write.password_change_required(id).await? {
        return Ok(());
    }
    write.set_password_change_required(id, true).await?;
    let ended = write.delete_sessions_of(id, None).await?;
    let detail = json!({
        "changes": [{"field": "password_change_required", "from": false, "to": true}],
        "sessions_ended": ended,
    });
    let event = op.event(EventKind::UserUpdate, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
