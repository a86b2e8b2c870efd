//! Who a session cookie of the admin portal belongs to.

use crate::administrators::{Administrator, AdministratorSession};
use crate::op::Op;
use crate::sessions::{TOUCH_EVERY, TokenHash};
use crate::settings::OrganisationSettings;
use crate::store::{Store, StoreError};

/// A live session, its administrator, and the settings that every page of theirs shows.
#[derive(Debug, Clone)]
pub struct SignedInAdministrator {
    pub session: AdministratorSession,
    pub administrator: Administrator,
    pub settings: OrganisationSettings,
}

/// The administrator behind a session cookie. `None` when there is no such session, when it is
/// past its idle or absolute limit, or when the administrator is suspended.
pub async fn current_administrator(
    op: &Op,
    store: &dyn Store,
    token: &str,
) -> Result<Option<SignedInAdministrator>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some((session, administrator)) = read.administrator_session(&hash).await? else {
        return Ok(None);
    };
    let settings = read.settings().await?;
    drop(read);
    if !session.admits(&administrator, op.now) {
        if !session.is_live(op.now) {
            // If the clock is set back later, it stays ended.
            let mut write = store.write().await?;
            write.delete_administrator_session(session.id).await?;
            write.commit().await?;
        }
        return Ok(None);
    }
    if op.now - session.last_seen_at >= TOUCH_EVERY {
        let mut write = store.write().await?;
        write
            .touch_administrator_session(session.id, op.now)
            .await?;
        write.commit().await?;
    }
    Ok(Some(SignedInAdministrator {
        session,
        administrator,
        settings,
    }))
}
