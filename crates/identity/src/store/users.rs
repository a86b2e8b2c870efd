//! Storage of people.

use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::ids::{PublicKeyId, ScheduleId, UserId};
use crate::passwords::PasswordHash;
use crate::users::{Matches, PublicKey, StateSchedule, User, UserCounts, UserQuery, UserState};

/// Questions about people.
#[async_trait]
pub trait ReadUsers: Send {
    async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError>;
    /// `email` in any spelling; compared by [`crate::email::key`].
    async fn user_by_email(&mut self, email: &str) -> Result<Option<User>, StoreError>;
    /// The user with this address together with the stored password hash, if one is set.
    async fn credential(&mut self, email: &str) -> Result<Option<Credential>, StoreError>;
    /// The people a list asks for, in its order, and how many match without `after` and `limit`.
    async fn users(&mut self, query: &UserQuery) -> Result<(Vec<User>, Matches), StoreError>;
    async fn user_counts(&mut self) -> Result<UserCounts, StoreError>;
    async fn user_by_username(&mut self, username: &str) -> Result<Option<User>, StoreError>;
    /// Which of these addresses (by [`crate::email::key`]) and usernames (in lower case) people
    /// have.
    async fn taken(
        &mut self,
        emails: &[String],
        usernames: &[String],
    ) -> Result<(HashSet<String>, HashSet<String>), StoreError>;
    /// Names and types of all custom attributes that anyone has.
    async fn custom_attribute_names(
        &mut self,
    ) -> Result<BTreeSet<(String, &'static str)>, StoreError>;
    /// The oldest first.
    async fn public_keys_of(&mut self, user: UserId) -> Result<Vec<PublicKey>, StoreError>;
    /// The next to come first.
    async fn schedules_of(&mut self, user: UserId) -> Result<Vec<StateSchedule>, StoreError>;
    /// Those of each of these people, the next to come first.
    async fn schedules_among(&mut self, users: &[UserId])
    -> Result<Vec<StateSchedule>, StoreError>;
    /// Those whose time has come, the oldest first.
    async fn due_schedules(
        &mut self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<StateSchedule>, StoreError>;
    async fn password_hash(&mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError>;
}

/// What a sign-in needs to know about a person.
#[derive(Debug, Clone)]
pub struct Credential {
    pub user: User,
    pub password_hash: Option<PasswordHash>,
}

/// Changes to people.
#[async_trait]
pub trait WriteUsers: Send {
    /// Errors: [`Unique::Email`], [`Unique::Username`].
    async fn insert_user(
        &mut self,
        user: &User,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError>;
    /// Writes everything but the password. Errors: [`Unique::Email`], [`Unique::Username`].
    async fn update_user(&mut self, user: &User) -> Result<(), StoreError>;
    /// With their sessions, memberships, words, keys and schedules.
    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError>;
    /// Notes a successful sign-in.
    async fn note_sign_in(&mut self, id: UserId, at: OffsetDateTime) -> Result<(), StoreError>;
    /// Also counts [`User::version`] up.
    async fn set_user_state(
        &mut self,
        id: UserId,
        state: UserState,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    async fn insert_public_key(&mut self, key: &PublicKey) -> Result<(), StoreError>;
    async fn delete_public_key(&mut self, id: PublicKeyId) -> Result<(), StoreError>;
    async fn insert_schedule(&mut self, schedule: &StateSchedule) -> Result<(), StoreError>;
    async fn delete_schedule(&mut self, id: ScheduleId) -> Result<(), StoreError>;
    /// `changed_at` is when the person's password last changed; a re-hash passes the old instant.
    async fn set_password_hash(
        &mut self,
        id: UserId,
        hash: &PasswordHash,
        changed_at: OffsetDateTime,
    ) -> Result<(), StoreError>;
}
