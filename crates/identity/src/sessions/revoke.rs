//! Ending sessions from elsewhere: one's own other ones, or an administrator anybody's.

use serde_json::json;

use crate::credentials::end_phone_link;
use crate::events::EventKind;
use crate::ids::{SessionId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why no session ended.
#[derive(Debug, thiserror::Error)]
pub enum RevokeSessionError {
    #[error("there is no such user")]
    NoSuchUser,
    /// Or it is somebody else's.
    #[error("there is no such session; it may have ended already")]
    NoSuchSession,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Ends one session of this person, at once and on every node.
pub async fn revoke_session(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    session: SessionId,
) -> Result<(), RevokeSessionError> {
    let mut write = store.write().await?;
    let person = write.user(user).await?;
    let person = person.ok_or(RevokeSessionError::NoSuchUser)?;
    let sessions = write.sessions_of(user).await?;
    let found = sessions.into_iter().find(|found| found.id == session);
    let found = found.ok_or(RevokeSessionError::NoSuchSession)?;
    write.delete_session(found.id).await?;
    end_phone_link(write.as_mut(), user).await?;
    let detail = json!({
        "session": found.id.to_string(), "via": found.via.as_str(), "sessions_ended": 1,
    });
    let kind = EventKind::UserSessionsRevoke;
    let event = op.event(kind, true, Some(person.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// Ends every session of this person except `keep`; how many there were. Without any, nothing
/// happens and no event is written.
pub async fn revoke_sessions(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    keep: Option<SessionId>,
) -> Result<u64, RevokeSessionError> {
    let mut write = store.write().await?;
    let person = write.user(user).await?;
    let person = person.ok_or(RevokeSessionError::NoSuchUser)?;
    let ended = write.delete_sessions_of(user, keep).await?;
    if ended == 0 {
        return Ok(0);
    }
    end_phone_link(write.as_mut(), user).await?;
    let kind = EventKind::UserSessionsRevoke;
    let detail = json!({"sessions_ended": ended});
    let event = op.event(kind, true, Some(person.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(ended)
}
