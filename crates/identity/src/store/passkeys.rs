//! Storage of security keys and passkeys, and of ceremonies that came back.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::factors::FactorOwner;
use crate::factors::webauthn::PasskeyRecord;
use crate::ids::PasskeyId;

/// Questions about security keys and passkeys.
#[async_trait]
pub trait ReadPasskeys: Send {
    /// The oldest first.
    async fn passkeys(&mut self, owner: FactorOwner) -> Result<Vec<PasskeyRecord>, StoreError>;
    /// Whoever owns it.
    async fn passkey_by_credential(
        &mut self,
        credential_id: &[u8],
    ) -> Result<Option<PasskeyRecord>, StoreError>;
}

/// Changes to security keys and passkeys.
#[async_trait]
pub trait WritePasskeys: Send {
    async fn insert_passkey(&mut self, record: &PasskeyRecord) -> Result<(), StoreError>;
    /// Whether this owner has such a key.
    async fn rename_passkey(
        &mut self,
        owner: FactorOwner,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StoreError>;
    /// Whether this owner had such a key.
    async fn delete_passkey(
        &mut self,
        owner: FactorOwner,
        id: PasskeyId,
    ) -> Result<bool, StoreError>;
    /// How many there were.
    async fn delete_passkeys(&mut self, owner: FactorOwner) -> Result<u64, StoreError>;
    /// Notes a use, if what is stored is still `before`. Whether it was.
    async fn note_passkey_use(
        &mut self,
        used: &PasskeyRecord,
        before: &str,
    ) -> Result<bool, StoreError>;
    /// It is not believed any longer.
    async fn distrust_passkey(
        &mut self,
        id: PasskeyId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    /// Notes that a ceremony came back. Whether it is the first time.
    async fn use_ceremony(
        &mut self,
        id: &str,
        expires_at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Forgets ceremonies that were over before `now`.
    async fn prune_used_ceremonies(&mut self, now: OffsetDateTime) -> Result<(), StoreError>;
}
