//! How many events there were over time: the chart above the log.

use time::{Duration, OffsetDateTime};

use crate::events::EventFilter;
use crate::store::{Store, StoreError};

/// Most columns of a chart.
pub const MAX_BUCKETS: u32 = 400;

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub from: OffsetDateTime,
    /// Exclusive.
    pub to: OffsetDateTime,
    pub succeeded: u64,
    pub failed: u64,
}

/// Counts what passes `filter` from `from` until `to` in `buckets` spans of the same length (1 to
/// 400; whole milliseconds, so the last may end later than `to`). `filter.from` and `filter.to`
/// are not looked at.
pub async fn event_histogram(
    store: &dyn Store,
    filter: &EventFilter,
    (from, to): (OffsetDateTime, OffsetDateTime),
    buckets: u32,
) -> Result<Vec<Bucket>, StoreError> {
    let count = i64::from(buckets.clamp(1, MAX_BUCKETS));
    let span = i64::try_from((to - from).whole_milliseconds()).unwrap_or(i64::MAX / 2);
    let width = span.max(1).saturating_add(count - 1) / count;
    let mut columns = Vec::new();
    let mut start = from;
    for _ in 0..count {
        let end = start
            .checked_add(Duration::milliseconds(width))
            .unwrap_or(start);
        columns.push(Bucket {
            from: start,
            to: end,
            succeeded: 0,
            failed: 0,
        });
        start = end;
    }
    let mut filter = filter.clone();
    (filter.from, filter.to) = (Some(from), Some(start));
    if !filter.is_answerable() {
        return Ok(columns);
    }
    let counted = store
        .read()
        .await?
        .event_histogram(&filter, from, width)
        .await?;
    for part in counted {
        let Ok(index) = usize::try_from(part.bucket) else {
            continue;
        };
        if let Some(column) = columns.get_mut(index) {
            let sum = if part.success {
                &mut column.succeeded
            } else {
                &mut column.failed
            };
            *sum += part.events;
        }
    }
    Ok(columns)
}
