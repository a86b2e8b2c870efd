//! Storage of API keys.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::administrators::Administrator;
use crate::api_keys::{ApiKey, ApiKeyHash};
use crate::ids::{AdministratorId, ApiKeyId};

/// Questions about API keys.
#[async_trait]
pub trait ReadApiKeys: Send {
    /// All of them with their owners, oldest first.
    async fn api_keys(&mut self) -> Result<Vec<(ApiKey, Administrator)>, StoreError>;
    async fn api_keys_of(&mut self, owner: AdministratorId) -> Result<Vec<ApiKey>, StoreError>;
    async fn api_key(
        &mut self,
        id: ApiKeyId,
    ) -> Result<Option<(ApiKey, Administrator)>, StoreError>;
    async fn api_key_by_hash(
        &mut self,
        hash: &ApiKeyHash,
    ) -> Result<Option<(ApiKey, Administrator)>, StoreError>;
}

/// Changes to API keys.
#[async_trait]
pub trait WriteApiKeys: Send {
    async fn insert_api_key(&mut self, key: &ApiKey, hash: &ApiKeyHash) -> Result<(), StoreError>;
    /// Notes a use, unless a later one is known.
    async fn touch_api_key(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<(), StoreError>;
    async fn delete_api_key(&mut self, id: ApiKeyId) -> Result<(), StoreError>;
}
