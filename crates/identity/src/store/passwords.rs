//! Storage of what is kept of passwords beside the present hash.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::UserId;
use crate::passwords::PasswordHash;

/// Questions about passwords.
#[async_trait]
pub trait ReadPasswords: Send {
    /// The hashes of former passwords, newest first.
    async fn password_history(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<PasswordHash>, StoreError>;
    /// Whether the present password only lets its owner choose another one.
    async fn password_change_required(&mut self, user: UserId) -> Result<bool, StoreError>;
}

/// Changes to them.
#[async_trait]
pub trait WritePasswords: Send {
    async fn add_to_password_history(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        replaced_at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    /// Keeps the newest `keep` former hashes and forgets the others.
    async fn trim_password_history(&mut self, user: UserId, keep: u32) -> Result<(), StoreError>;
    async fn set_password_change_required(
        &mut self,
        user: UserId,
        required: bool,
    ) -> Result<(), StoreError>;
}
