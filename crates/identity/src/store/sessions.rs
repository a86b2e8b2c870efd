//! Storage of sessions and of the counters of failed sign-ins.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::applications::Application;
use crate::factors::FactorOwner;
use crate::ids::{SessionId, UserId};
use crate::sessions::{FailureKey, Failures, Session, TokenHash};
use crate::users::User;

/// Questions about sessions and sign-ins.
#[async_trait]
pub trait ReadSessions: Send {
    /// The session with this token and its user, expired or not.
    async fn session(&mut self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError>;
    /// Everything that decides a single sign-on, as of one instant.
    async fn sso_subject(
        &mut self,
        token: &TokenHash,
        slug: &str,
    ) -> Result<Option<Arc<SsoSubject>>, StoreError>;
    async fn sessions_of(&mut self, user: UserId) -> Result<Vec<Session>, StoreError>;
    /// The browsers that the owner has signed in with, in no order.
    async fn known_devices(&mut self, owner: FactorOwner) -> Result<Vec<TokenHash>, StoreError>;
    /// Whether the owner has signed in with this browser before.
    async fn is_known_device(
        &mut self,
        owner: FactorOwner,
        device: &TokenHash,
    ) -> Result<bool, StoreError>;
    async fn failures(&mut self, key: &FailureKey) -> Result<Option<Failures>, StoreError>;
    /// Those of these keys that have any.
    async fn failures_among(
        &mut self,
        keys: &[FailureKey],
    ) -> Result<HashMap<FailureKey, Failures>, StoreError>;
}

/// A session, its user, and the application that is asked for, if there is one of that name.
#[derive(Debug, Clone)]
pub struct SsoSubject {
    pub session: Session,
    pub user: User,
    pub application: Option<SsoApplication>,
}

/// The application of a single sign-on.
#[derive(Debug, Clone)]
pub struct SsoApplication {
    pub application: Arc<Application>,
    /// A group of the user is assigned to it.
    pub assigned: bool,
}

/// Changes to sessions and the failure counters.
#[async_trait]
pub trait WriteSessions: Send {
    async fn insert_session(
        &mut self,
        session: &Session,
        token: &TokenHash,
    ) -> Result<(), StoreError>;
    async fn put_known_device(
        &mut self,
        owner: FactorOwner,
        device: &TokenHash,
        now: OffsetDateTime,
    ) -> Result<(), StoreError>;
    /// Forgets those that were not used since `before`.
    async fn prune_known_devices(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
    async fn delete_session(&mut self, id: SessionId) -> Result<(), StoreError>;
    /// Ends all sessions of a user except `keep`, and the sign-ins that wait for a second factor; how
    /// many sessions there were.
    async fn delete_sessions_of(
        &mut self,
        user: UserId,
        keep: Option<SessionId>,
    ) -> Result<u64, StoreError>;
    /// Forgets sessions that ended before `now` by their absolute limit.
    async fn prune_sessions(&mut self, now: OffsetDateTime) -> Result<(), StoreError>;
    async fn set_failures(
        &mut self,
        key: &FailureKey,
        failures: &Failures,
    ) -> Result<(), StoreError>;
    async fn clear_failures(&mut self, key: &FailureKey) -> Result<(), StoreError>;
    /// Forgets counters below `few` whose last failure was before `few_before`, and all whose last
    /// failure was before `all_before`.
    async fn prune_failures(
        &mut self,
        few: u32,
        few_before: OffsetDateTime,
        all_before: OffsetDateTime,
    ) -> Result<(), StoreError>;
}
