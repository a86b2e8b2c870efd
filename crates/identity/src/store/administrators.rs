//! Storage of administrators and their sessions.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::administrators::{Administrator, AdministratorSession};
use crate::ids::{AdministratorId, SessionId};
use crate::passwords::PasswordHash;
use crate::sessions::TokenHash;

/// Questions about administrators.
#[async_trait]
pub trait ReadAdministrators: Send {
    /// All of them, by e-mail address.
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError>;
    async fn administrator(
        &mut self,
        id: AdministratorId,
    ) -> Result<Option<Administrator>, StoreError>;
    /// The administrator with this address, in any spelling, and the stored password hash.
    async fn administrator_credential(
        &mut self,
        email: &str,
    ) -> Result<Option<(Administrator, Option<PasswordHash>)>, StoreError>;
    /// How many active full administrators other than `except`, and not sealed, have a password or have
    /// signed in.
    async fn other_full_administrators(
        &mut self,
        except: AdministratorId,
    ) -> Result<u64, StoreError>;
    /// The session with this token and its administrator, expired or not.
    async fn administrator_session(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<(AdministratorSession, Administrator)>, StoreError>;
    async fn administrator_sessions(
        &mut self,
        id: AdministratorId,
    ) -> Result<Vec<AdministratorSession>, StoreError>;
}

/// Changes to administrators.
#[async_trait]
pub trait WriteAdministrators: Send {
    /// Errors: [`Unique::Email`].
    async fn insert_administrator(
        &mut self,
        administrator: &Administrator,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError>;
    /// Name, role, state and version.
    async fn put_administrator(&mut self, administrator: &Administrator) -> Result<(), StoreError>;
    /// `changed_at` is when the password last changed; a re-hash passes the old instant.
    async fn set_administrator_password(
        &mut self,
        id: AdministratorId,
        hash: &PasswordHash,
        changed_at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    async fn note_administrator_sign_in(
        &mut self,
        id: AdministratorId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    /// With all sessions and API keys.
    async fn delete_administrator(&mut self, id: AdministratorId) -> Result<(), StoreError>;
    async fn insert_administrator_session(
        &mut self,
        session: &AdministratorSession,
        token: &TokenHash,
    ) -> Result<(), StoreError>;
    /// Notes a use, unless a later one is known.
    async fn touch_administrator_session(
        &mut self,
        id: SessionId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    async fn delete_administrator_session(&mut self, id: SessionId) -> Result<(), StoreError>;
    /// Ends all sessions of an administrator except `keep`; how many there were.
    async fn delete_administrator_sessions(
        &mut self,
        id: AdministratorId,
        keep: Option<SessionId>,
    ) -> Result<u64, StoreError>;
    /// Forgets sessions that ended before `now` by their absolute limit.
    async fn prune_administrator_sessions(&mut self, now: OffsetDateTime)
    -> Result<(), StoreError>;
}
