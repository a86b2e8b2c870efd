//! Ending one's own session of the admin portal.

use serde_json::json;

use crate::events::EventKind;
use crate::op::{Actor, Op};
use crate::sessions::TokenHash;
use crate::store::{Store, StoreError};

/// Ends the session of this cookie, at once and on every node. Nothing happens when there is none.
pub async fn sign_out_administrator(
    op: &mut Op,
    store: &dyn Store,
    token: &str,
) -> Result<(), StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(());
    };
    let mut write = store.write().await?;
    let Some((session, administrator)) = write.administrator_session(&hash).await? else {
        return Ok(());
    };
    write.delete_administrator_session(session.id).await?;
    let detail = json!({"session": session.id.to_string()});
    let target = Some(administrator.target());
    let mut event = op.event(EventKind::AdminLogout, true, target, detail);
    event.actor = Actor::Administrator {
        id: administrator.id,
        label: administrator.email,
    };
    write.insert_event(&event).await?;
    write.commit().await
}
