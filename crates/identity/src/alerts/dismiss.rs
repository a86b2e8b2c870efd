//! Dismissing an alert: somebody has seen it.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::AlertId;
use crate::op::{Actor, Op};
use crate::store::{Store, StoreError};

/// Why the alert was not dismissed.
#[derive(Debug, thiserror::Error)]
pub enum DismissAlertError {
    #[error("there is no such alert")]
    NoSuchAlert,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Closes the alert. One that is closed already stays as it is, and leaves no event.
pub async fn dismiss_alert(
    op: &mut Op,
    store: &dyn Store,
    id: AlertId,
) -> Result<(), DismissAlertError> {
    let mut write = store.write().await?;
    let alert = write.alert(id).await?;
    let alert = alert.ok_or(DismissAlertError::NoSuchAlert)?;
    let by = match &op.actor {
        Actor::Anonymous => "",
        Actor::System(label)
        | Actor::User { label, .. }
        | Actor::Administrator { label, .. }
        | Actor::ApiKey { label, .. } => label,
    };
    if !write.close_alert(id, op.now, by).await? {
        return Ok(());
    }
    let detail = json!({"alert": alert.kind.as_str()});
    let event = op.event(EventKind::AlertDismiss, true, Some(alert.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
