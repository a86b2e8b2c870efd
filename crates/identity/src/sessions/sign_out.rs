//! Ending one's own session.

use serde_json::json;

use crate::credentials::end_phone_link;
use crate::events::EventKind;
use crate::op::{Actor, Op};
use crate::sessions::TokenHash;
use crate::store::{Store, StoreError};

/// Ends the session of this cookie, at once and on every node. Nothing happens when there is none.
pub async fn sign_out(op: &mut Op, store: &dyn Store, token: &str) -> Result<(), StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(());
    };
    let mut write = store.write().await?;
    let Some((session, user)) = write.session(&hash).await? else {
        return Ok(());
    };
    write.delete_session(session.id).await?;
    end_phone_link(write.as_mut(), user.id).await?;
    let detail = json!({"session": session.id.to_string(), "via": session.via.as_str()});
    let mut event = op.event(EventKind::UserLogout, true, Some(user.target()), detail);
    event.actor = Actor::User {
        id: user.id,
        label: user.email,
    };
    write.insert_event(&event).await?;
    write.commit().await
}
