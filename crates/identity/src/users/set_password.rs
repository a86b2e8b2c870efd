//! Setting or replacing a password.

use secrecy::SecretString;
use serde_json::json;

use crate::events::EventKind;
use crate::ids::{SessionId, UserId};
use crate::op::Op;
use crate::passwords::{HashError, PasswordHashers, Replacement};
use crate::store::{Store, StoreError};

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

/// Sets the password, checked by the organisation's rules, and, in the same transaction, ends every session of the person except `keep`
/// (the one in which they changed it themselves).
pub async fn set_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    id: UserId,
    password: SecretString,
    keep: Option<SessionId>,
) -> Result<(), SetPasswordError> {
    let mut read = store.read().await?;
    let next = Replacement::read(read.as_mut(), id).await?;
    let next = next.ok_or(SetPasswordError::NoSuchUser)?;
    drop(read);
    let hash = next.hash(op, hashers, &password).await?;
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(SetPasswordError::NoSuchUser)?;
    next.put(write.as_mut(), op, &hash).await?;
    let ended = write.delete_sessions_of(id, keep).await?;
    let kind = match user.password_changed_at {
        None => EventKind::UserPasswordSet,
        Some(_) => EventKind::UserPasswordChange,
    };
    let event = op.event(
        kind,
        true,
        Some(user.target()),
        json!({"sessions_ended": ended}),
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
