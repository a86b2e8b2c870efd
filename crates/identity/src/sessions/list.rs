//! Where a person is signed in (requirement: the Devices tab; security.md item 40).

use crate::ids::UserId;
use crate::op::Op;
use crate::sessions::Session;
use crate::store::{Store, StoreError};

/// The live sessions of a person, last used first.
pub async fn list_sessions(
    op: &Op,
    store: &dyn Store,
    user: UserId,
) -> Result<Vec<Session>, StoreError> {
    let mut sessions = store.read().await?.sessions_of(user).await?;
    sessions.retain(|session| session.is_live(op.now));
    sessions.sort_by_key(|session| std::cmp::Reverse((session.last_seen_at, session.id)));
    Ok(sessions)
}
