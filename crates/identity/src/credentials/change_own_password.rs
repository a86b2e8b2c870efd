//! A signed-in person changes their password.

use secrecy::SecretString;
use serde_json::json;
use time::Duration;

use super::notices::queue_password_notice;
use crate::events::EventKind;
use crate::ids::{SessionId, UserId};
use crate::op::Op;
use crate::passwords::{Busy, HashError, PasswordHashers, Replacement};
use crate::sealing::SealingKey;
use crate::sessions::{FailureKey, Failures};
use crate::store::{Store, StoreError};

/// What the person typed, and in which session.
#[derive(Debug)]
pub struct ChangePassword {
    pub user: UserId,
    pub current: SecretString,
    pub new: SecretString,
    /// Stays; all others end.
    pub keep: SessionId,
}

/// Why the password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeOwnPasswordError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("this is not your present password")]
    WrongPassword,
    #[error("too many wrong passwords; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Busy> for ChangeOwnPasswordError {
    fn from(busy: Busy) -> Self {
        Self::Password(busy.into())
    }
}

/// Changes the password. It takes the present one, so that a browser left open is not enough, and
/// guessing that counts like guessing at the sign-in. The person's other sessions end, and a mail
/// tells them.
pub async fn change_own_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    change: ChangePassword,
) -> Result<(), ChangeOwnPasswordError> {
    let mut read = store.read().await?;
    let next = Replacement::read(read.as_mut(), change.user).await?;
    let next = next.ok_or(ChangeOwnPasswordError::NoSuchUser)?;
    let key = FailureKey::of(&next.user.email);
    let failures = read.failures(&key).await?;
    drop(read);
    let policy = &next.settings.lockout;
    if let Some(retry_after) = failures.and_then(|failures| failures.wait(policy, op.now)) {
        return Err(ChangeOwnPasswordError::LockedOut { retry_after });
    }
    let share = hashers.share(&key)?;
    let current = hashers
        .verify(&change.current, next.present.clone())
        .await?;
    drop(share);
    if !current.matches {
        return Err(count_failure(op, store, &key, &next).await?);
    }
    next.refuse_present(hashers, &change.new).await?;
    let hash = next.hash(op, hashers, &change.new).await?;

    let mut write = store.write().await?;
    if write.password_hash(change.user).await? != next.present {
        return Err(ChangeOwnPasswordError::WrongPassword);
    }
    let user = write.user(change.user).await?;
    let user = user.ok_or(ChangeOwnPasswordError::NoSuchUser)?;
    next.put(write.as_mut(), op, &hash).await?;
    write.clear_failures(&key).await?;
    let ended = write.delete_sessions_of(user.id, Some(change.keep)).await?;
    let detail = json!({"by": "owner", "sessions_ended": ended});
    let kind = EventKind::UserPasswordChange;
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    let organisation = &next.settings.profile.name;
    queue_password_notice(write.as_mut(), op, sealing, organisation, &user).await?;
    write.commit().await?;
    Ok(())
}

/// A wrong present password.
async fn count_failure(
    op: &mut Op,
    store: &dyn Store,
    key: &FailureKey,
    next: &Replacement,
) -> Result<ChangeOwnPasswordError, StoreError> {
    let policy = &next.settings.lockout;
    let mut write = store.write().await?;
    let before = write.failures(key).await?;
    if let Some(retry_after) = before.and_then(|failures| failures.wait(policy, op.now)) {
        // Others failed while this one was hashed.
        return Ok(ChangeOwnPasswordError::LockedOut { retry_after });
    }
    let after = Failures::after_failure(policy, before, op.now);
    write.set_failures(key, &after).await?;
    let target = Some(next.user.target());
    let detail = json!({"by": "owner", "reason": "wrong_password"});
    let kind = EventKind::UserPasswordChange;
    let event = op.event(kind, false, target.clone(), detail);
    write.insert_event(&event).await?;
    if let Some(wait) = after.wait(policy, op.now) {
        let detail = json!({
            "email": next.user.email, "failures": after.count, "seconds": wait.whole_seconds(),
        });
        let event = op.event(EventKind::UserLockout, true, target, detail);
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(ChangeOwnPasswordError::WrongPassword)
}
