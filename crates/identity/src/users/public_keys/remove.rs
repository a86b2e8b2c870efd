//! Removing a public key.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::{PublicKeyId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Whether the person had this key. Adds the event `user_update` with name and fingerprint.
pub async fn remove_public_key(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    id: PublicKeyId,
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let Some(user) = write.user(user).await? else {
        return Ok(false);
    };
    let keys = write.public_keys_of(user.id).await?;
    let Some(key) = keys.iter().find(|key| key.id == id) else {
        return Ok(false);
    };
    write.delete_public_key(id).await?;
    let shown = format!("{} ({})", key.name, key.fingerprint);
    let detail = json!({"changes": [{"field": "public_keys", "from": shown, "to": null}]});
    let event = op.event(EventKind::UserUpdate, true, Some(user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
