//! Points in time: ISO 8601 or seconds since 1970, to the millisecond.

/// Years that a 64-bit count of milliseconds can express, the range AWS accepts.
const YEARS: std::ops::RangeInclusive<i64> = -292_275_054..=292_278_993;

/// Milliseconds since 1970-01-01T00:00:00Z.
///
/// A text without `T` and `-` is a count of seconds; anything else is
/// `year[-month[-day]][Thour[:minute[:second[.fraction]]][Z|±hh[:mm]]]`, UTC where it does not say.
/// What is finer than a millisecond is cut off.
pub(crate) fn parse(text: &str) -> Option<i128> {
    if !text.is_ascii() {
        return None;
    }
    if !text.contains(['-', 'T', 't']) {
        let seconds: i64 = number(text)?;
        return Some(i128::from(seconds) * 1_000);
    }
    let (date, time) = match text.split_once(['T', 't']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let days = days(date)?;
    let milliseconds = time.map_or(Some(0), time_of_day)?;
    Some(i128::from(days) * 86_400_000 + i128::from(milliseconds))
}

/// Days since 1970-01-01 of `[-]year[-month[-day]]`. A day beyond the end of its month runs into
/// the next one, as in AWS's parser.
fn days(date: &str) -> Option<i64> {
    let (sign, date) = match date.strip_prefix('-') {
        Some(date) => (-1, date),
        None => (1, date),
    };
    let mut parts = date.split('-');
    let year = sign * number(parts.next()?)?;
    let month = parts.next().map_or(Some(1), number)?;
    let day = parts.next().map_or(Some(1), number)?;
    let sound = YEARS.contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    (sound && parts.next().is_none()).then(|| days_from_civil(year, month) + day - 1)
}

/// Days from 1970-01-01 to the first of a month, in the proleptic Gregorian calendar. Years are
/// counted from March, so that the leap day ends them.
fn days_from_civil(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Milliseconds since midnight UTC; empty is midnight.
fn time_of_day(time: &str) -> Option<i64> {
    if time.is_empty() {
        return Some(0);
    }
    let (time, offset) = split_zone(time)?;
    let mut parts = time.split(':');
    let hour = bounded(parts.next()?, 23)?;
    let minute = parts.next().map_or(Some(0), |part| bounded(part, 59))?;
    let (second, fraction) = match parts.next() {
        Some(part) => part
            .split_once('.')
            .map_or((part, None), |(s, f)| (s, Some(f))),
        None => ("0", None),
    };
    let second = bounded(second, 59)?;
    let milliseconds = fraction.map_or(Some(0), milliseconds)?;
    let seconds = hour * 3_600 + minute * 60 + second;
    parts
        .next()
        .is_none()
        .then_some(seconds * 1_000 + milliseconds - offset)
}

/// The first three of up to nine digits.
fn milliseconds(fraction: &str) -> Option<i64> {
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || fraction.len() > 9 {
        return None;
    }
    let first: String = fraction.chars().chain("00".chars()).take(3).collect();
    number(&first)
}

/// The time without its zone, and the zone in milliseconds east of UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.find(['+', '-']) else {
        return Some((time, 0));
    };
    let (hours, minutes) = time[at + 1..]
        .split_once(':')
        .unwrap_or((&time[at + 1..], "00"));
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let east = (bounded(hours, 23)? * 60 + bounded(minutes, 59)?) * 60_000;
    Some((
        &time[..at],
        if time[at..].starts_with('-') {
            -east
        } else {
            east
        },
    ))
}

fn bounded(text: &str, most: i64) -> Option<i64> {
    number(text).filter(|number| *number <= most)
}

/// Digits and nothing else.
fn number(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
