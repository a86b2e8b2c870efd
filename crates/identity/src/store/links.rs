//! Storage of one-time links and of the counters that slow down who asks for them.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::links::{Link, LinkPurpose, RequestCount, RequestKey};
use crate::sessions::TokenHash;

/// Questions about links.
#[async_trait]
pub trait ReadLinks: Send {
    /// The link with this token, expired or not.
    async fn link(&mut self, token: &TokenHash) -> Result<Option<Link>, StoreError>;
    async fn request_count(&mut self, key: &RequestKey)
    -> Result<Option<RequestCount>, StoreError>;
}

/// Changes to links.
#[async_trait]
pub trait WriteLinks: Send {
    /// Takes the place of an earlier link of the same purpose and subject.
    async fn put_link(&mut self, link: &Link, token: &TokenHash) -> Result<(), StoreError>;
    /// Whether it was there.
    async fn delete_link(&mut self, token: &TokenHash) -> Result<bool, StoreError>;
    async fn delete_link_of(
        &mut self,
        purpose: LinkPurpose,
        subject: &str,
    ) -> Result<bool, StoreError>;
    /// Forgets links that ended before `now`.
    async fn prune_links(&mut self, now: OffsetDateTime) -> Result<(), StoreError>;
    async fn put_request_count(
        &mut self,
        key: &RequestKey,
        count: &RequestCount,
    ) -> Result<(), StoreError>;
    /// Forgets counters that began before `before`.
    async fn prune_request_counts(&mut self, before: OffsetDateTime) -> Result<(), StoreError>;
}
