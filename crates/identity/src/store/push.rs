//! Storage of phones, and of the questions to them.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::factors::Phone;
use crate::ids::{PhoneId, PushId, UserId};
use crate::sessions::TokenHash;
use crate::sessions::push::PushChallenge;

/// Questions about phones.
#[async_trait]
pub trait ReadPush: Send {
    /// The phones of a person, the oldest first.
    async fn phones(&mut self, user: UserId) -> Result<Vec<Phone>, StoreError>;
    async fn phone_by_secret(&mut self, secret: &TokenHash) -> Result<Option<Phone>, StoreError>;
    /// Expired or not.
    async fn push(&mut self, id: PushId) -> Result<Option<PushChallenge>, StoreError>;
    /// The one that this person was asked last.
    async fn newest_push(&mut self, user: UserId) -> Result<Option<PushChallenge>, StoreError>;
}

/// Changes to phones.
#[async_trait]
pub trait WritePush: Send {
    async fn insert_phone(&mut self, phone: &Phone, secret: &TokenHash) -> Result<(), StoreError>;
    /// Whether the person had it.
    async fn delete_phone(&mut self, user: UserId, id: PhoneId) -> Result<bool, StoreError>;
    /// How many there were.
    async fn delete_phones_of(&mut self, user: UserId) -> Result<u64, StoreError>;
    async fn note_phone_use(&mut self, id: PhoneId, at: OffsetDateTime) -> Result<(), StoreError>;
    async fn insert_push(&mut self, challenge: &PushChallenge) -> Result<(), StoreError>;
    /// Notes the answer.
    async fn update_push(&mut self, challenge: &PushChallenge) -> Result<(), StoreError>;
    async fn delete_push(&mut self, id: PushId) -> Result<(), StoreError>;
    /// Forgets those that expired before `before`.
    async fn prune_pushes(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
}
