//! Who a session cookie belongs to.

use crate::op::Op;
use crate::sessions::{Session, TOUCH_EVERY, TokenHash};
use crate::store::{Store, StoreError};
use crate::users::User;

/// A live session and its user.
#[derive(Debug, Clone)]
pub struct SignedInUser {
    pub session: Session,
    pub user: User,
}

/// The person behind a session cookie. `None` when there is no such session, when it is past its
/// idle or absolute limit, or when the person is not active.
pub async fn current_session(
    op: &mut Op,
    store: &dyn Store,
    token: &str,
) -> Result<Option<SignedInUser>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let found = store.read().await?.session(&hash).await?;
    let Some((session, user)) = found else {
        return Ok(None);
    };
    if !session.admits(&user, op.now) {
        end_if_over(op, store, &session).await?;
        return Ok(None);
    }
    touch(op, store, &session).await?;
    Ok(Some(SignedInUser { session, user }))
}

/// Forgets a session that is past a limit: if the clock is set back later, it stays ended.
pub(crate) async fn end_if_over(
    op: &Op,
    store: &dyn Store,
    session: &Session,
) -> Result<(), StoreError> {
    if session.is_live(op.now) {
        return Ok(());
    }
    let mut write = store.write().await?;
    write.delete_session(session.id).await?;
    write.commit().await
}

/// Notes the use of a session, at most once a minute.
pub(crate) async fn touch(op: &Op, store: &dyn Store, session: &Session) -> Result<(), StoreError> {
    if op.now - session.last_seen_at < TOUCH_EVERY {
        return Ok(());
    }
    store.touch_session(session.id, op.now).await
}
