//! Days of the week and times of day in the conditions of a policy.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime, UtcOffset, Weekday};

use super::as_text::as_text;

const MINUTES_OF_DAY: u16 = 24 * 60;

/// A time of day on certain days of the week, at a place with a fixed distance from UTC.
///
/// It begins on each of its days. When `until` is not later than `from` it ends on the day after:
/// 22:00 to 06:00 on a Friday covers the early Saturday. The distance from UTC does not follow
/// daylight saving time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWindow {
    /// At least one.
    pub days: BTreeSet<Day>,
    /// The first minute.
    pub from: TimeOfDay,
    /// The minute after the last one; `24:00` is the end of the day.
    pub until: TimeOfDay,
    pub utc_offset: Offset,
}

impl TimeWindow {
    /// Whether the instant is in it.
    pub fn contains(&self, at: OffsetDateTime) -> bool {
        let local = self.utc_offset.minute_of_week(at);
        let length = self.length();
        self.days.iter().any(|day| {
            let start = i32::from(day.start() + self.from.0);
            (local - start).rem_euclid(MINUTES_OF_WEEK) < length
        })
    }

    /// In minutes.
    fn length(&self) -> i32 {
        let (from, until) = (i32::from(self.from.0), i32::from(self.until.0));
        if until > from {
            until - from
        } else {
            until + i32::from(MINUTES_OF_DAY) - from
        }
    }

    /// One instant of the present or next week for each minute at which it begins or ends.
    pub(super) fn edges(&self, week: Date) -> impl Iterator<Item = OffsetDateTime> {
        let midnight = week.midnight().assume_utc();
        let (now, length) = (self.utc_offset.minute_of_week(midnight), self.length());
        let starts = self
            .days
            .iter()
            .map(|day| i32::from(day.start() + self.from.0));
        starts
            .flat_map(move |start| [start, start + length])
            .map(move |minute| {
                let ahead = (minute - now).rem_euclid(MINUTES_OF_WEEK);
                midnight + time::Duration::minutes(i64::from(ahead))
            })
    }
}

const MINUTES_OF_WEEK: i32 = 7 * MINUTES_OF_DAY as i32;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Day {
    /// The whole week, beginning on Monday.
    pub const ALL: [Self; 7] = [
        Self::Monday,
        Self::Tuesday,
        Self::Wednesday,
        Self::Thursday,
        Self::Friday,
        Self::Saturday,
        Self::Sunday,
    ];

    /// Minutes between the beginning of the week and that of the day.
    fn start(self) -> u16 {
        self as u16 * MINUTES_OF_DAY
    }
}

impl From<Weekday> for Day {
    fn from(day: Weekday) -> Self {
        Self::ALL[usize::from(day.number_days_from_monday())]
    }
}

/// Minutes since midnight, written `HH:MM`; from `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TimeOfDay(u16);

impl TimeOfDay {
    pub const MIDNIGHT: Self = Self(0);
    /// `24:00`: only as the end of a window.
    pub const END_OF_DAY: Self = Self(MINUTES_OF_DAY);
}

/// The distance of local time from UTC, written `+01:00`, `-03:30` or `Z`; whole minutes from
/// `-12:00` to `+14:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Offset(i16);

impl Offset {
    pub const UTC: Self = Self(0);

    /// Minutes since the beginning of Monday, there.
    fn minute_of_week(self, at: OffsetDateTime) -> i32 {
        let at = at.to_offset(UtcOffset::UTC);
        let utc = i32::from(Day::from(at.weekday()).start())
            + i32::from(at.hour()) * 60
            + i32::from(at.minute());
        (utc + i32::from(self.0)).rem_euclid(MINUTES_OF_WEEK)
    }

    /// The day, the hour and the minute of the instant, there.
    pub(super) fn local(self, at: OffsetDateTime) -> (Day, TimeOfDay) {
        let minute = self.minute_of_week(at).unsigned_abs();
        let day = Day::ALL[(minute / u32::from(MINUTES_OF_DAY)) as usize % 7];
        let time = u16::try_from(minute % u32::from(MINUTES_OF_DAY)).unwrap_or(0);
        (day, TimeOfDay(time))
    }
}

/// The text is not a time of day, or not a distance from UTC.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    #[error("write the time of day as HH:MM, from 00:00 to 24:00")]
    TimeOfDay,
    #[error("write the distance from UTC as +01:00 or -03:30, from -12:00 to +14:00")]
    Offset,
}

/// Minutes of exactly `HH:MM`.
fn minutes(text: &str) -> Option<u16> {
    let (hours, minutes) = text.split_once(':')?;
    let number = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<u16>().ok()).flatten()
    };
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    (minutes < 60).then_some(hours * 60 + minutes)
}

impl FromStr for TimeOfDay {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        minutes(text)
            .filter(|minutes| *minutes <= MINUTES_OF_DAY)
            .map(Self)
            .ok_or(TimeError::TimeOfDay)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for Offset {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        if text == "Z" {
            return Ok(Self::UTC);
        }
        let (sign, rest) = match text.split_at_checked(1) {
            Some(("+", rest)) => (1, rest),
            Some(("-", rest)) => (-1, rest),
            _ => return Err(TimeError::Offset),
        };
        let minutes = minutes(rest).and_then(|minutes| i16::try_from(minutes).ok());
        minutes
            .map(|minutes| sign * minutes)
            .filter(|minutes| (-12 * 60..=14 * 60).contains(minutes))
            .map(Self)
            .ok_or(TimeError::Offset)
    }
}

impl fmt::Display for Offset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { '-' } else { '+' };
        let minutes = self.0.unsigned_abs();
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

as_text!(TimeOfDay, Offset);
