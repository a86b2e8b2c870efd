//! Sessions of the admin portal. They are never sessions of a user (requirement A01).

use std::net::IpAddr;

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::administrators::{Administrator, AdministratorState};
use crate::events::EventKind;
use crate::ids::{AdministratorId, SessionId};
use crate::op::Op;
use crate::sessions::ProvedFactor;
use crate::store::{Store, StoreError};

/// One browser in which an administrator is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdministratorSession {
    pub id: SessionId,
    pub administrator: AdministratorId,
    pub created_at: OffsetDateTime,
    /// Exact to a minute.
    pub last_seen_at: OffsetDateTime,
    /// The session ends after this long without use, as was set when it began.
    pub idle_limit: Duration,
    /// The absolute limit.
    pub expires_at: OffsetDateTime,
    pub ip: Option<IpAddr>,
    pub user_agent: Option<String>,
    pub method: SignInMethod,
    /// When the administrator last proved who they are: not later than the beginning.
    pub proved_at: OffsetDateTime,
    /// The second factor that it began with.
    pub factor: Option<ProvedFactor>,
}

/// What an administrator signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInMethod {
    Password,
    /// "Sign in with …" (requirement A04).
    OpenIdConnect,
}

impl SignInMethod {
    /// The name in the database, the log and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::OpenIdConnect => "openid_connect",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "password" => Some(Self::Password),
            "openid_connect" => Some(Self::OpenIdConnect),
            _ => None,
        }
    }
}

impl AdministratorSession {
    /// Whether neither limit has passed at `now`.
    pub(crate) fn is_live(&self, now: OffsetDateTime) -> bool {
        now < self.expires_at && now < self.last_seen_at + self.idle_limit
    }

    /// Whether the session lets `administrator` do anything at `now`.
    pub(crate) fn admits(&self, administrator: &Administrator, now: OffsetDateTime) -> bool {
        administrator.id == self.administrator
            && administrator.state == AdministratorState::Active
            && self.is_live(now)
    }
}

/// The live sessions of an administrator, newest use first.
pub async fn list_administrator_sessions(
    op: &Op,
    store: &dyn Store,
    id: AdministratorId,
) -> Result<Vec<AdministratorSession>, StoreError> {
    let mut sessions = store.read().await?.administrator_sessions(id).await?;
    sessions.retain(|session| session.is_live(op.now));
    sessions.sort_by_key(|session| std::cmp::Reverse((session.last_seen_at, session.id)));
    Ok(sessions)
}

/// Ends one of the administrator's own sessions. Whether there was one.
pub async fn revoke_administrator_session(
    op: &mut Op,
    store: &dyn Store,
    administrator: &Administrator,
    session: SessionId,
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let theirs = write.administrator_sessions(administrator.id).await?;
    if !theirs.iter().any(|known| known.id == session) {
        return Ok(false);
    }
    write.delete_administrator_session(session).await?;
    let detail = json!({"sessions": [session.to_string()], "sessions_ended": 1});
    let target = Some(administrator.target());
    let event = op.event(EventKind::AdminSessionsRevoke, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}

/// Ends all sessions of the administrator except `keep`; how many there were.
pub async fn revoke_administrator_sessions(
    op: &mut Op,
    store: &dyn Store,
    administrator: &Administrator,
    keep: Option<SessionId>,
) -> Result<u64, StoreError> {
    let mut write = store.write().await?;
    let ended = write
        .delete_administrator_sessions(administrator.id, keep)
        .await?;
    if ended > 0 {
        let target = Some(administrator.target());
        let detail = json!({ "sessions_ended": ended });
        let event = op.event(EventKind::AdminSessionsRevoke, true, target, detail);
        write.insert_event(&event).await?;
        write.commit().await?;
    }
    Ok(ended)
}
