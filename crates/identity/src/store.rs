//! Storage as the use cases need it. `jetway-store-sql` implements it on SQLite and PostgreSQL.
//!
//! Writes are serial: [`Store::write`] waits for its turn and holds it until the transaction ends,
//! so what was read inside is still true at commit. Never hash a password, sign or call the
//! network while one is open. A [`Write`] that is dropped without [`Write::commit`] changes
//! nothing. Lookups return `Option`; only violated rules and failures are errors.

use std::error::Error;
use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use crate::applications::{Application, SigningKeyRecord, Tile};
use crate::events::Event;
use crate::groups::Group;
use crate::ids::{ApplicationId, EventId, GroupId, KeyId, SessionId, UserId};
use crate::passwords::PasswordHash;
use crate::sessions::{FailureKey, Failures, Session, TokenHash};
use crate::users::{User, UserState};

/// Why storage could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another record already has this value.
    #[error("{0} is already taken")]
    Taken(Unique),
    /// The change refers to a record that does not exist (any more).
    #[error("the record that this change refers to does not exist")]
    Missing,
    /// The database failed or cannot be reached. The source is for the log, not for the caller.
    #[error("the database is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
}

/// Values of which no two records may have the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    Email,
    Username,
    GroupName,
    Slug,
}

impl std::fmt::Display for Unique {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Email => "the e-mail address",
            Self::Username => "the username",
            Self::GroupName => "the group name",
            Self::Slug => "the application's name in the URL",
        })
    }
}

/// A database.
#[async_trait]
pub trait Store: Send + Sync {
    /// For reading. Each question sees one committed state; where several facts must agree with
    /// each other there is one method that asks for all of them.
    async fn read(&self) -> Result<Box<dyn Read + '_>, StoreError>;

    /// For a change: waits until no other change is under way on any node.
    async fn write(&self) -> Result<Box<dyn Write + '_>, StoreError>;

    /// Adds one event that belongs to no other change. Returns once it is durable; many at once
    /// share one commit.
    async fn record(&self, event: Event) -> Result<(), StoreError>;

    /// Notes that a session was in use at `at`, unless a later use is known.
    async fn touch_session(&self, id: SessionId, at: OffsetDateTime) -> Result<(), StoreError>;

    /// Whether the database answers (for `/readyz`).
    async fn ping(&self) -> Result<(), StoreError>;
}

/// Questions about people.
#[async_trait]
pub trait ReadUsers: Send {
    async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
    /// `email` in any spelling; compared by [`crate::email::key`].
    async fn user_by_email(&mut self, email: &str) -> Result<Option<User>, StoreError>;
    /// The user with this address together with the stored password hash, if one is set.
    async fn credential(&mut self, email: &str) -> Result<Option<Credential>, StoreError>;
    async fn password_hash(&mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError>;
}

/// What a sign-in needs to know about a person.
#[derive(Debug, Clone)]
pub struct Credential {
    pub user: User,
    pub password_hash: Option<PasswordHash>,
}

/// Questions about groups.
#[async_trait]
pub trait ReadGroups: Send {
    async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError>;
    /// `name` in any letter case.
    async fn group_by_name(&mut self, name: &str) -> Result<Option<Group>, StoreError>;
    /// The built-in group that contains everyone, once it was made.
    async fn everyone_group(&mut self) -> Result<Option<Group>, StoreError>;
    /// The groups of a user, by name, the built-in one included.
    async fn groups_of(&mut self, user: UserId) -> Result<Vec<Group>, StoreError>;
    async fn members(&mut self, group: GroupId) -> Result<Vec<UserId>, StoreError>;
}

/// Questions about applications.
#[async_trait]
pub trait ReadApplications: Send {
    async fn application(
        &mut self,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, StoreError>;
    async fn application_by_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<Arc<Application>>, StoreError>;
    async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKeyRecord>, StoreError>;
    /// What the portal shows an active user: active, visible applications granted to a group of
    /// theirs, by label.
    async fn tiles(&mut self, user: UserId) -> Result<Vec<Tile>, StoreError>;
}

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
    async fn failures(&mut self, key: &FailureKey) -> Result<Option<Failures>, StoreError>;
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

/// Questions about the activity log.
#[async_trait]
pub trait ReadEvents: Send {
    /// Newest first, older than `before` when given.
    async fn events(
        &mut self,
        before: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError>;
}

/// All questions.
pub trait Read: ReadUsers + ReadGroups + ReadApplications + ReadSessions + ReadEvents {}

/// Changes to people.
#[async_trait]
pub trait WriteUsers: Send {
    /// Errors: [`Unique::Email`], [`Unique::Username`].
    async fn insert_user(
        &mut self,
        user: &User,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError>;
    async fn set_user_state(&mut self, id: UserId, state: UserState) -> Result<(), StoreError>;
    /// `changed_at` is when the person's password last changed; a re-hash passes the old instant.
    async fn set_password_hash(
        &mut self,
        id: UserId,
        hash: &PasswordHash,
        changed_at: OffsetDateTime,
    ) -> Result<(), StoreError>;
}

/// Changes to groups.
#[async_trait]
pub trait WriteGroups: Send {
    /// Errors: [`Unique::GroupName`].
    async fn insert_group(&mut self, group: &Group) -> Result<(), StoreError>;
    /// Whether the user was not a member before. Errors: [`StoreError::Missing`].
    async fn add_member(
        &mut self,
        group: GroupId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Whether the user was a member before.
    async fn remove_member(&mut self, group: GroupId, user: UserId) -> Result<bool, StoreError>;
}

/// Changes to applications.
#[async_trait]
pub trait WriteApplications: Send {
    /// Errors: [`Unique::Slug`].
    async fn insert_application(
        &mut self,
        application: &Application,
        key: &SigningKeyRecord,
    ) -> Result<(), StoreError>;
    async fn set_application_active(
        &mut self,
        id: ApplicationId,
        active: bool,
    ) -> Result<(), StoreError>;
    /// Whether the group was not assigned before. Errors: [`StoreError::Missing`].
    async fn assign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Whether the group was assigned before.
    async fn unassign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
    ) -> Result<bool, StoreError>;
}

/// Changes to sessions and the failure counters.
#[async_trait]
pub trait WriteSessions: Send {
    async fn insert_session(
        &mut self,
        session: &Session,
        token: &TokenHash,
    ) -> Result<(), StoreError>;
    async fn delete_session(&mut self, id: SessionId) -> Result<(), StoreError>;
    /// Ends all sessions of a user except `keep`; how many there were.
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

/// Additions to the activity log.
#[async_trait]
pub trait WriteEvents: Send {
    async fn insert_event(&mut self, event: &Event) -> Result<(), StoreError>;
}

/// A change under way. Reads inside it see its own writes.
#[async_trait]
pub trait Write:
    Read + WriteUsers + WriteGroups + WriteApplications + WriteSessions + WriteEvents
{
    /// Makes the change durable. Without this call nothing happened.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}
