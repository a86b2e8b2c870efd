//! Ending a lock-out early.

use serde_json::json;
use time::Duration;

use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::sessions::FailureKey;
use crate::store::{Read, Store, StoreError};
use crate::users::User;

/// Why nobody was unlocked.
#[derive(Debug, thiserror::Error)]
pub enum UnlockUserError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How long this person is still refused after wrong passwords, in a browser that is known or
/// elsewhere.
pub async fn lockout_of(
    op: &Op,
    store: &dyn Store,
    user: &User,
) -> Result<Option<Duration>, StoreError> {
    let mut read = store.read().await?;
    let policy = read.settings().await?.sections.lockout;
    let keys = failure_keys(read.as_mut(), user).await?;
    let failures = read.failures_among(&keys).await?;
    let waits = failures
        .values()
        .filter_map(|failures| failures.wait(&policy, op.now));
    Ok(waits.max())
}

/// Under what wrong passwords of this person are counted: the address, and each browser that they
/// have signed in with.
pub(crate) async fn failure_keys(
    read: &mut dyn Read,
    user: &User,
) -> Result<Vec<FailureKey>, StoreError> {
    let devices = read.known_devices(user.id.into()).await?;
    let of_devices = devices
        .iter()
        .map(|device| FailureKey::of_device(&user.email, device));
    let of_address = std::iter::once(FailureKey::of(&user.email));
    Ok(of_address.chain(of_devices).collect())
}

/// Forgets the wrong passwords counted for this person, anywhere. `false`, and no event, when there
/// are none.
pub async fn unlock_user(
    op: &mut Op,
    store: &dyn Store,
    id: UserId,
) -> Result<bool, UnlockUserError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(UnlockUserError::NoSuchUser)?;
    let keys = failure_keys(write.as_mut(), &user).await?;
    let failures = write.failures_among(&keys).await?;
    if failures.is_empty() {
        return Ok(false);
    }
    for key in failures.keys() {
        write.clear_failures(key).await?;
    }
    let count: u32 = failures.values().map(|failures| failures.count).sum();
    let detail = json!({ "failures": count });
    let event = op.event(EventKind::UserUnlocked, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
