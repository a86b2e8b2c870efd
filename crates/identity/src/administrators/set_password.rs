//! Setting an administrator's password from outside a session: sample data, and the operator on
//! the host (requirement A05).

use secrecy::SecretString;
use serde_json::json;

use crate::administrators::lockout::lift_lockout;
use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::ids::{AdministratorId, SessionId};
use crate::links::LinkPurpose;
use crate::op::Op;
use crate::passwords::{HashError, PasswordHash, PasswordHashers};
use crate::store::{Store, StoreError, Write};

/// Why the password was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetAdministratorPasswordError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error(transparent)]
    Password(#[from] HashError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sets the password, lifts a lock-out and ends every session and every link of the administrator,
/// in one transaction.
pub async fn set_administrator_password(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    id: AdministratorId,
    password: SecretString,
) -> Result<(), SetAdministratorPasswordError> {
    let hash = hashers.hash(&mut op.rng, password).await?;
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    if !replace(write.as_mut(), op, id, &hash, SetBy::Other).await? {
        return Err(SetAdministratorPasswordError::NoSuchAdministrator);
    }
    write.commit().await?;
    Ok(())
}

/// How a password came to be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SetBy {
    /// Signed in, with the present one.
    Owner,
    /// By the link of an invitation.
    Invitation,
    /// By the link of a reset: whoever holds the link, which is to be its owner.
    Link,
    /// By somebody else.
    Other,
}

impl SetBy {
    /// The word in the event.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Invitation => "invitation",
            Self::Link => "link",
            Self::Other => "other",
        }
    }
}

/// Puts the hash in place with everything that goes with it. Whether there is such an
/// administrator.
pub(crate) async fn replace(
    write: &mut dyn Write,
    op: &mut Op,
    id: AdministratorId,
    hash: &PasswordHash,
    by: SetBy,
) -> Result<bool, StoreError> {
    replace_keeping(write, op, id, hash, by, None).await
}

/// The same, except that the session `keep` stays.
pub(crate) async fn replace_keeping(
    write: &mut dyn Write,
    op: &mut Op,
    id: AdministratorId,
    hash: &PasswordHash,
    by: SetBy,
    keep: Option<SessionId>,
) -> Result<bool, StoreError> {
    let Some(administrator) = write.administrator(id).await? else {
        return Ok(false);
    };
    write.set_administrator_password(id, hash, op.now).await?;
    for purpose in [
        LinkPurpose::InviteAdministrator,
        LinkPurpose::ResetAdministratorPassword,
    ] {
        write.delete_link_of(purpose, &id.to_string()).await?;
    }
    lift_lockout(write, &administrator).await?;
    let ended = write.delete_administrator_sessions(id, keep).await?;
    let detail = json!({"by": by.as_str(), "sessions_ended": ended});
    let target = Some(administrator.target());
    let event = op.event(EventKind::AdminPasswordChange, true, target, detail);
    write.insert_event(&event).await?;
    Ok(true)
}
