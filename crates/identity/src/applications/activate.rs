//! Switching an application on and off.

use serde_json::json;

use crate::applications::InvalidApplication;
use crate::events::EventKind;
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the application was not switched.
#[derive(Debug, thiserror::Error)]
pub enum SetApplicationActiveError {
    #[error("there is no such application")]
    NoSuchApplication,
    /// It cannot work yet (requirement J02).
    #[error(transparent)]
    Incomplete(#[from] InvalidApplication),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Switches an application on, if it can work, or off: then nobody gets an assertion for it. When
/// nothing changes, no event is written.
pub async fn set_application_active(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    active: bool,
) -> Result<(), SetApplicationActiveError> {
    let mut write = store.write().await?;
    let application = write
        .application(id)
        .await?
        .ok_or(SetApplicationActiveError::NoSuchApplication)?;
    if application.active == active {
        return Ok(());
    }
    if let (true, Some(saml)) = (active, application.sign_on.saml()) {
        saml.settings.check_aws()?;
    }
    write.set_application_active(id, active).await?;
    let detail = json!({"changes": [{"field": "active", "from": !active, "to": active}]});
    let event = op.event(
        EventKind::ApplicationUpdate,
        true,
        Some(application.target()),
        detail,
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
