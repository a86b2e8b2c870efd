//! Noting that somebody asked for what their role does not allow.

use serde_json::json;

use crate::administrators::Permission;
use crate::events::EventKind;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Adds the event `access_denied`: the permission that was missing and the address that was asked
/// for, without its query.
pub async fn record_access_denied(
    op: &mut Op,
    store: &dyn Store,
    permission: Permission,
    path: &str,
) -> Result<(), StoreError> {
    let path: String = path.chars().take(256).collect();
    let detail = json!({"permission": permission.as_str(), "path": path});
    let event = op.event(EventKind::AccessDenied, false, None, detail);
    store.record(event).await
}
