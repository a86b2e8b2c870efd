//! Timestamps as the query services write them.

use time::{OffsetDateTime, macros::format_description};

/// ISO 8601 in UTC with whole seconds: `2026-11-22T04:12:40Z`. `seconds` is Unix time.
pub(crate) fn iso8601(seconds: i64) -> String {
    let instant =
        OffsetDateTime::from_unix_timestamp(seconds).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    instant
        .format(format_description!(
            "[year]-[month]-[day]T[hour]:[minute]:[second]Z"
        ))
        .unwrap_or_default()
}

/// The same day and time so many years later; 29 February becomes the 28th.
pub(crate) fn years_later(seconds: i64, years: i32) -> i64 {
    let Ok(instant) = OffsetDateTime::from_unix_timestamp(seconds) else {
        return seconds;
    };
    instant
        .replace_year(instant.year() + years)
        .or_else(|_| {
            instant
                .replace_day(28)
                .and_then(|day| day.replace_year(day.year() + years))
        })
        .map_or(seconds, OffsetDateTime::unix_timestamp)
}
