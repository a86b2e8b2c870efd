//! Storage of the activity log.

use async_trait::async_trait;

use super::StoreError;
use crate::events::Event;
use crate::ids::EventId;

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

/// Additions to the activity log.
#[async_trait]
pub trait WriteEvents: Send {
    async fn insert_event(&mut self, event: &Event) -> Result<(), StoreError>;
}
