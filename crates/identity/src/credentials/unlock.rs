//! Ending a lock-out early.

use serde_json::json;
use time::Duration;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::sessions::FailureKey;
use crate::store::{Store, StoreError};
use crate::users::User;

/// Why nobody was unlocked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockUserError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long this person's address is still refused after wrong passwords.
pub async fn lockout_of(
    op: &Op,
    store: &dyn Store,
    user: &User,
) -> Result<Option<Duration>, StoreError> {
    let mut read = store.read().await?;
    let policy = read.settings().await?.sections.lockout;
    let failures = read.failures(&FailureKey::of(&user.email)).await?;
    Ok(failures.and_then(|failures| failures.wait(&policy, op.now)))
}

/// Forgets the wrong passwords counted for this person's address. `false`, and no event, when there
/// are none.
pub async fn unlock_user(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
) -> Result<bool, UnlockUserError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(UnlockUserError::NoSuchUser)?;
    let key = FailureKey::of(&user.email);
    let Some(failures) = write.failures(&key).await? else {
        return Ok(false);
    };
    write.clear_failures(&key).await?;
    let detail = json!({"failures": failures.count});
    let event = op.event(EventKind::UserUnlocked, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
