//! Storage of the activity log.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::events::{Event, EventFilter, EventKind, EventPage, Seal};
use crate::ids::EventId;

/// What a seal vouches for of one event: all that is stored, as one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// The event's place in the order of commits.
    pub position: i64,
    pub content: String,
}

/// One number of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BucketCount {
    /// Counted from 0.
    pub bucket: i64,
    pub success: bool,
    pub events: u64,
}

/// Questions about the activity log.
#[async_trait]
pub trait ReadEvents: Send {
    /// A page of what passes the filter.
    async fn events(
        &mut self,
        filter: &EventFilter,
        page: EventPage,
    ) -> Result<Vec<Event>, StoreError>;

    async fn event(&mut self, id: EventId) -> Result<Option<Event>, StoreError>;

    /// How many pass the filter, counted up to `most`.
    async fn count_events(&mut self, filter: &EventFilter, most: u32) -> Result<u64, StoreError>;

    /// How many pass the filter in each span of `width` milliseconds from `from`; a span may come
    /// in several parts, and those without events do not come.
    async fn event_histogram(
        &mut self,
        filter: &EventFilter,
        from: OffsetDateTime,
        width: i64,
    ) -> Result<Vec<BucketCount>, StoreError>;

    /// The last place in the order of commits; `None` when there is no event.
    async fn newest_position(&mut self) -> Result<Option<i64>, StoreError>;

    /// By position, behind `after`, up to and with `up_to`.
    async fn log_entries(
        &mut self,
        after: i64,
        up_to: i64,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError>;

    /// The events of these kinds (empty: of all) at the positions behind the first, up to and with
    /// the second, in that order.
    async fn events_at(
        &mut self,
        positions: (i64, i64),
        kinds: &[EventKind],
        limit: u32,
    ) -> Result<Vec<(i64, Event)>, StoreError>;

    /// How many events there are behind this position.
    async fn count_entries(&mut self, after: i64) -> Result<u64, StoreError>;

    /// In order, behind this sequence number.
    async fn seals(&mut self, after: i64, limit: u32) -> Result<Vec<Seal>, StoreError>;

    async fn last_seal(&mut self) -> Result<Option<Seal>, StoreError>;
}

/// Additions to the activity log.
#[async_trait]
pub trait WriteEvents: Send {
    async fn insert_event(&mut self, event: &Event) -> Result<(), StoreError>;

    /// The position up to which nothing can appear any more: no transaction that was given one is
    /// still under way on any node. Others wait to write events until this transaction ends, so
    /// end it at once.
    async fn settled_position(&mut self) -> Result<i64, StoreError>;

    /// Adds a seal over the positions behind `after`, and notes who is in those events so that
    /// [`ReadEvents::events`] finds them, under stretch `chunk` of the log.
    async fn insert_seal(&mut self, seal: &Seal, after: i64, chunk: i64) -> Result<(), StoreError>;
}
