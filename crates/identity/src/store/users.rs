//! Storage of people.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::ids::UserId;
use crate::passwords::PasswordHash;
use crate::users::{User, UserState};

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
