//! Reading the activity log, newest first.

use crate::events::Event;
use crate::ids::EventId;
use crate::store::{Store, StoreError};

/// Longest page.
const MAX_PAGE: u32 = 1000;

/// At most `limit` entries (1 to 1000), newest first, older than `before` when given: pass the id of the
/// last entry of one page to get the next.
pub async fn list_events(
    store: &dyn Store,
    before: Option<EventId>,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    store
        .read()
        .await?
        .events(before, limit.clamp(1, MAX_PAGE))
        .await
}
