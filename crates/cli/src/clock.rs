//! The one place that asks for the time. A command asks once and keeps the answer, so that its
//! checks agree with each other.

use std::time::{Duration, Instant};

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

const FOR_PEOPLE: &[BorrowedFormatItem<'_>] = format_description!(
    "[year]-[month]-[day] [hour]:[minute]:[second] [offset_hour sign:mandatory][offset_minute]"
);

/// The current time, in UTC.
#[expect(
    clippy::disallowed_methods,
    reason = "the edge: every command takes its time from here"
)]
pub(crate) fn now() -> OffsetDateTime {
    OffsetDateTime::now_utc()
}

/// Waits before a request is repeated.
#[expect(
    clippy::disallowed_methods,
    reason = "a pause between retries is a wait on the clock"
)]
pub(crate) fn pause(length: Duration) {
    std::thread::sleep(length);
}

/// An instant that the clock of the wall does not move.
pub(crate) struct Deadline(Instant);

impl Deadline {
    pub(crate) fn after(length: Duration) -> Self {
        Self(Instant::now() + length)
    }

    /// Nothing once it has passed.
    pub(crate) fn left(&self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

/// `9:05`, minutes and seconds.
pub(crate) fn countdown(seconds: u64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// RFC 3339 with the local offset, as in `x_security_token_expires`.
pub(crate) fn rfc3339_local(at: OffsetDateTime) -> String {
    let local = to_local(at);
    // Formatting fails for years beyond 9999 only.
    local.format(&Rfc3339).unwrap_or_else(|_| local.to_string())
}

/// `2026-11-22 03:40:51 +0000 UTC`: local time for the eyes of a person.
pub(crate) fn for_people(at: OffsetDateTime) -> String {
    let local = to_local(at);
    let text = local
        .format(FOR_PEOPLE)
        .unwrap_or_else(|_| local.to_string());
    if local.offset().is_utc() {
        format!("{text} UTC")
    } else {
        text
    }
}

/// UTC where the machine doesn't tell its zone; the offset is always shown with the time.
fn to_local(at: OffsetDateTime) -> OffsetDateTime {
    at.to_offset(UtcOffset::local_offset_at(at).unwrap_or(UtcOffset::UTC))
}

/// `1 h 30 min`, `45 min`, `30 s`.
pub(crate) fn duration_for_people(seconds: i64) -> String {
    let (hours, minutes) = (seconds / 3600, seconds % 3600 / 60);
    match (hours, minutes) {
        (0, 0) => format!("{seconds} s"),
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn a_time_for_people_names_its_offset() {
        let text = for_people(datetime!(2026-11-22 03:40:51 UTC));
        assert!(text.contains(" +") || text.contains(" -"), "{text}");
    }

    #[test]
    fn a_countdown_has_two_digits_of_seconds() {
        assert_eq!(countdown(600), "10:00");
        assert_eq!(countdown(65), "1:05");
        assert_eq!(countdown(9), "0:09");
    }

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(duration_for_people(43_200), "12 h");
        assert_eq!(duration_for_people(5_400), "1 h 30 min");
        assert_eq!(duration_for_people(900), "15 min");
        assert_eq!(duration_for_people(12), "12 s");
    }
}
