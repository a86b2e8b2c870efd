//! Removing an administrator.

use serde_json::json;

use crate::administrators::update::is_last_full;
use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why an administrator was not removed.
#[derive(Debug, thiserror::Error)]
pub enum DeleteAdministratorError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error("this is a break-glass account; remove its seal first")]
    Sealed,
    #[error(
        "this is the last full administrator who can sign in; make another one a full administrator first"
    )]
    LastFull,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Removes the administrator with all sessions and API keys, and adds the event `admin_delete`.
pub async fn delete_administrator(
    op: &mut Op,
    store: &dyn Store,
    id: AdministratorId,
) -> Result<(), DeleteAdministratorError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    let administrator = write
        .administrator(id)
        .await?
        .ok_or(DeleteAdministratorError::NoSuchAdministrator)?;
    if write.break_glass_account(id).await?.is_some() {
        return Err(DeleteAdministratorError::Sealed);
    }
    if is_last_full(write.as_mut(), &administrator).await? {
        return Err(DeleteAdministratorError::LastFull);
    }
    let keys = write.api_keys_of(id).await?.len();
    write.delete_administrator(id).await?;
    let detail = json!({"role": administrator.role.as_str(), "api_keys": keys});
    let target = Some(administrator.target());
    let event = op.event(EventKind::AdminDelete, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
