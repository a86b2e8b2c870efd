//! Revoking an API key.

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::ids::ApiKeyId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why the key was not revoked.
#[derive(Debug, thiserror::Error)]
pub enum RevokeApiKeyError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such key")]
    NoSuchKey,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Revokes the key, at once and on every node, and adds the event `api_key_delete`.
pub async fn revoke_api_key(
    op: &mut Op,
    store: &dyn Store,
    id: ApiKeyId,
) -> Result<(), RevokeApiKeyError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageApiKeys).await??;
    let (key, owner) = write
        .api_key(id)
        .await?
        .ok_or(RevokeApiKeyError::NoSuchKey)?;
    write.delete_api_key(id).await?;
    let detail = json!({"owner": owner.email});
    let event = op.event(EventKind::ApiKeyDelete, true, Some(key.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
