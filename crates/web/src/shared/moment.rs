//! Instants for pages.

use jetway_pages::admin::parts::Moment;
use time::OffsetDateTime;

/// The instant as pages show it.
pub(crate) fn moment(at: OffsetDateTime, now: OffsetDateTime) -> Moment {
    Moment::new(millis(at), millis(now))
}

fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}
