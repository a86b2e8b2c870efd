//! Setting or replacing a password.

use secrecy::SecretString;
use serde_json::json;

use crate::credentials::queue_password_notice;
use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHash, PasswordHashers, Replacement};
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};
use crate::users::User;

/// Why the password was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets the password, checked by the organisation's rules, and, in the same transaction, ends every
/// session and link of the person. A mail tells them.
pub async fn set_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    id: UserId,
    password: SecretString,
) -> Result<(), SetPasswordError> {
    let mut read = store.read().await?;
    let next = Replacement::read(read.as_mut(), id).await?;
    let next = next.ok_or(SetPasswordError::NoSuchUser)?;
    drop(read);
    let hash = next.hash(op, hashers, &password).await?;
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(SetPasswordError::NoSuchUser)?;
    put_password(write.as_mut(), op, sealing, &next, &user, &hash).await?;
    write.commit().await?;
    Ok(())
}

/// Puts the hash in place with everything that goes with it. `user` was read in the same
/// transaction.
pub(super) async fn put_password(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    next: &Replacement,
    user: &User,
    hash: &PasswordHash,
) -> Result<(), StoreError> {
    next.put(write, op, hash).await?;
    let ended = write.delete_sessions_of(user.id, None).await?;
    let kind = match user.password_changed_at {
        None => EventKind::UserPasswordSet,
        Some(_) => EventKind::UserPasswordChange,
    };
    let detail = json!({"sessions_ended": ended});
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    let organisation = &next.settings.profile.name;
    queue_password_notice(write, op, sealing, organisation, user).await
}
