//! Reading the activity log.

use crate::events::{Event, EventFilter, EventPage};
use crate::ids::EventId;
use crate::store::{Store, StoreError};

/// Longest page.
pub const MAX_EVENT_PAGE: u32 = 1000;

/// At most `limit` entries (1 to 1000) that pass `filter`, newest first, behind `before` when
/// given: pass the id of the last entry of one page to get the next.
pub async fn list_events(
    store: &dyn Store,
    filter: &EventFilter,
    before: Option<EventId>,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let page = EventPage {
        after: before,
        oldest_first: false,
        limit,
    };
    page_of_events(store, filter, page).await
}

/// As [`list_events`], in either order.
pub async fn page_of_events(
    store: &dyn Store,
    filter: &EventFilter,
    page: EventPage,
) -> Result<Vec<Event>, StoreError> {
    if !filter.is_answerable() {
        return Ok(Vec::new());
    }
    let limit = page.limit.clamp(1, MAX_EVENT_PAGE);
    let page = EventPage { limit, ..page };
    store.read().await?.events(filter, page).await
}

/// One entry.
pub async fn find_event(store: &dyn Store, id: EventId) -> Result<Option<Event>, StoreError> {
    store.read().await?.event(id).await
}

/// How many entries pass `filter`; counting stops at `most`.
pub async fn count_events(
    store: &dyn Store,
    filter: &EventFilter,
    most: u32,
) -> Result<u64, StoreError> {
    if !filter.is_answerable() {
        return Ok(0);
    }
    store.read().await?.count_events(filter, most).await
}
