//! Session durations: ISO 8601, as far as sso-admin's model takes it.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What a session of a permission set may last, in seconds.
pub(crate) const SESSION_SECONDS: std::ops::RangeInclusive<i64> = HOUR..=12 * HOUR;

/// `PT1H`: what a permission set gets whose creator names none.
pub(crate) const DEFAULT_SESSION: &str = "PT1H";

/// The seconds of an ISO 8601 duration such as `PT8H`; `None` when it is none. A year has 365 days
/// and a month 30; fractions of a second are cut off.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let rest = rest.strip_prefix('P')?;
    let (date, time) = rest.split_once('T').unwrap_or((rest, ""));
    if date.is_empty() && time.is_empty() {
        return None;
    }
    let mut total: i64 = 0;
    let mut left = date;
    for units in [
        &[('Y', 365 * DAY)][..],
        &[('M', 30 * DAY)],
        &[('D', DAY), ('W', 7 * DAY)],
    ] {
        left = add(&mut total, left, units);
    }
    if !left.is_empty() {
        return None;
    }
    left = time;
    for unit in [('H', HOUR), ('M', MINUTE), ('S', 1)] {
        left = add(&mut total, left, &[unit]);
    }
    if !left.is_empty() {
        let (whole, fraction) = left.split_once('.')?;
        let digits = fraction.strip_suffix('S')?;
        if !is_number(whole) || !is_number(digits) {
            return None;
        }
        total = total.saturating_add(whole.parse().unwrap_or(i64::MAX));
    }
    Some(sign * total)
}

/// Adds a number with one of these units, if `text` begins with one, and gives what follows.
fn add<'a>(total: &mut i64, text: &'a str, units: &[(char, i64)]) -> &'a str {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    for (unit, factor) in units {
        if let Some(rest) = rest.strip_prefix(*unit).filter(|_| !digits.is_empty()) {
            let number: i64 = digits.parse().unwrap_or(i64::MAX);
            *total = total.saturating_add(number.saturating_mul(*factor));
            return rest;
        }
    }
    text
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_seconds() {
        for (text, expected) in [
            ("PT1H", 3600),
            ("PT12H", 43_200),
            ("PT90M", 5400),
            ("PT1H30M15.5S", 5415),
            ("P1D", 86_400),
            ("P1W", 604_800),
            ("P1DT2H", 93_600),
            ("-PT1H", -3600),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in [
            "", "P", "PT", "1H", "PTH", "PT1", "PT1H2", "P1H", "PT1M1H", "PT1.5H", "P1W1D", "pt1h",
            "PT+1H", "PT1.S",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_of_any_length_does_not_overflow() {
        assert_eq!(seconds("PT99999999999999999999H"), Some(i64::MAX));
    }
}
