//! Storage of the keys that sign for applications.

use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::applications::{Application, SigningKeyRecord};
use crate::ids::{ApplicationId, KeyId};

/// Questions about keys.
#[async_trait]
pub trait ReadSigningKeys: Send {
    async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKeyRecord>, StoreError>;
    /// All keys of an application, the newest first.
    async fn signing_keys(
        &mut self,
        application: ApplicationId,
    ) -> Result<Vec<SigningKeyRecord>, StoreError>;
    /// Keys in use whose certificate ends before `end`, with the application, soonest first.
    async fn keys_ending_before(
        &mut self,
        end: OffsetDateTime,
    ) -> Result<Vec<(Arc<Application>, SigningKeyRecord)>, StoreError>;
}

/// Changes to keys.
#[async_trait]
pub trait WriteSigningKeys: Send {
    async fn insert_signing_key(&mut self, key: &SigningKeyRecord) -> Result<(), StoreError>;
    async fn set_key_retired(&mut self, id: KeyId, retired: bool) -> Result<(), StoreError>;
    async fn set_key_warned(&mut self, id: KeyId, days: i64) -> Result<(), StoreError>;
    async fn delete_signing_key(&mut self, id: KeyId) -> Result<(), StoreError>;
}
