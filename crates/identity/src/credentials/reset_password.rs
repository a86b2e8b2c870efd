//! Setting a password by a reset link, or one that may not be used any longer.

use secrecy::SecretString;
use serde_json::json;

use super::notices::queue_password_notice;
use super::unlock::failure_keys;
use super::{UseLinkError, link_owner};
use crate::events::EventKind;
use crate::links::{LinkPurpose, peek_link, redeem_link};
use crate::op::{Actor, Op};
use crate::passwords::{PasswordHashers, Replacement};
use crate::sealing::SealingKey;
use crate::store::Store;
use crate::users::User;

/// A link and the password that its holder chose.
#[derive(Debug)]
pub struct NewPasswordByLink<'a> {
    /// [`LinkPurpose::ResetUserPassword`] or [`LinkPurpose::ChangeUserPassword`].
    pub purpose: LinkPurpose,
    pub token: &'a str,
    pub password: SecretString,
}

/// Sets the password, ends all sessions of the person and tells them by mail. Uses the link up; of
/// many at once exactly one succeeds. Clears a lock-out, since the right owner is here. Nobody is
/// signed in by it: that takes the password, and a second factor where there is one.
pub async fn reset_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    sealing: &SealingKey,
    new: NewPasswordByLink<'_>,
) -> Result<User, UseLinkError> {
    let by = match new.purpose {
        LinkPurpose::ResetUserPassword => "reset_link",
        LinkPurpose::ChangeUserPassword => "required_change",
        _ => return Err(UseLinkError::LinkGone),
    };
    let mut read = store.read().await?;
    let of = peek_link(read.as_mut(), op, new.purpose, new.token).await?;
    let of = of.ok_or(UseLinkError::LinkGone)?;
    let owner = link_owner::owner(read.as_mut(), new.purpose, &of).await?;
    let owner = owner.ok_or(UseLinkError::LinkGone)?;
    let next = Replacement::read(read.as_mut(), owner.id).await?;
    let next = next.ok_or(UseLinkError::LinkGone)?;
    drop(read);
    if new.purpose == LinkPurpose::ChangeUserPassword {
        next.refuse_present(hashers, &new.password).await?;
    }
    let hash = next.hash(op, hashers, &new.password).await?;

    let mut write = store.write().await?;
    let of = redeem_link(write.as_mut(), op, new.purpose, new.token).await?;
    let owner = match &of {
        Some(of) => link_owner::owner(write.as_mut(), new.purpose, of).await?,
        None => None,
    };
    let Some(user) = owner else {
        write.commit().await?;
        return Err(UseLinkError::LinkGone);
    };
    next.put(write.as_mut(), op, &hash).await?;
    let ended = write.delete_sessions_of(user.id, None).await?;
    for key in failure_keys(write.as_mut(), &user).await? {
        write.clear_failures(&key).await?;
    }
    op.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    let detail = json!({"by": by, "sessions_ended": ended});
    let kind = match user.password_changed_at {
        None => EventKind::UserPasswordSet,
        Some(_) => EventKind::UserPasswordChange,
    };
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    let organisation = &next.settings.profile.name;
    queue_password_notice(write.as_mut(), op, sealing, organisation, &user).await?;
    write.commit().await?;
    Ok(user)
}
