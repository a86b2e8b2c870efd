//! Storage of requests that are done once.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::idempotency::RequestRecord;

/// Questions about requests.
#[async_trait]
pub trait ReadRequests: Send {
    async fn request(
        &mut self,
        caller: &str,
        key: &str,
    ) -> Result<Option<RequestRecord>, StoreError>;
}

/// Changes to requests.
#[async_trait]
pub trait WriteRequests: Send {
    async fn insert_request(&mut self, record: &RequestRecord) -> Result<(), StoreError>;
    async fn answer_request(
        &mut self,
        caller: &str,
        key: &str,
        sealed_answer: &[u8],
    ) -> Result<(), StoreError>;
    async fn delete_request(&mut self, caller: &str, key: &str) -> Result<(), StoreError>;
    /// Forgets those that were claimed before `before`.
    async fn prune_requests(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
}
