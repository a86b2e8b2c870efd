//! Instants as people read them.

use askama::Template;
use askama::filters::HtmlSafe;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// An instant. Written into a template it is relative (`5 minutes ago`), with the exact instant
/// on hover; [`Moment::full`] is the exact one in words.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(
    source = r#"<time datetime="{{ iso }}" title="{{ absolute }} UTC" data-relative="">{{ relative }}</time>"#,
    ext = "html"
)]
pub struct Moment {
    /// `2024-03-01T12:23:06.511Z`.
    pub iso: String,
    /// `Mar 01, 2024 @ 12:23:06`, in UTC.
    pub absolute: String,
    /// `5 minutes ago`, `in 3 days`; the date beyond a month.
    pub relative: String,
}

impl HtmlSafe for Moment {}

/// The exact instant in words.
#[derive(Debug, Template)]
#[template(
    source = r#"<time datetime="{{ moment.iso }}" title="{{ moment.absolute }} UTC, {{ moment.relative }}">{{ moment.absolute }}</time>"#,
    ext = "html"
)]
pub struct Full<'a> {
    moment: &'a Moment,
}

impl HtmlSafe for Full<'_> {}

impl Moment {
    /// Both in milliseconds since 1970.
    pub fn new(at: i64, now: i64) -> Self {
        let (year, month, day) = date(at.div_euclid(DAY));
        let within = at.rem_euclid(DAY);
        let (hour, minute) = (within / HOUR, within % HOUR / MINUTE);
        let (second, milli) = (within % MINUTE / SECOND, within % SECOND);
        let name = usize::try_from(month - 1)
            .ok()
            .and_then(|index| MONTHS.get(index))
            .copied()
            .unwrap_or_default();
        Self {
            iso: format!(
                "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}Z"
            ),
            absolute: format!("{name} {day:02}, {year:04} @ {hour:02}:{minute:02}:{second:02}"),
            relative: relative(at, now).unwrap_or_else(|| format!("{name} {day:02}, {year:04}")),
        }
    }

    /// `Mar 01, 2024 @ 12:23:06` as an element.
    pub fn full(&self) -> Full<'_> {
        Full { moment: self }
    }
}

/// Year, month and day of a number of days since 1970, in the Gregorian calendar
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn date(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

/// `None` beyond thirty days.
fn relative(at: i64, now: i64) -> Option<String> {
    let distance = now.saturating_sub(at);
    let size = distance.saturating_abs();
    let (count, unit) = match size {
        _ if size < MINUTE => {
            return Some(
                if distance >= 0 {
                    "just now"
                } else {
                    "in a moment"
                }
                .to_owned(),
            );
        }
        _ if size < HOUR => (size / MINUTE, "minute"),
        _ if size < DAY => (size / HOUR, "hour"),
        _ if size <= 30 * DAY => (size / DAY, "day"),
        _ => return None,
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(if distance >= 0 {
        format!("{count} {unit}{plural} ago")
    } else {
        format!("in {count} {unit}{plural}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Requirement C11 (format), C12 (milliseconds).
    #[test]
    fn an_instant_reads_as_in_the_portal_and_as_iso_8601() {
        let moment = Moment::new(1_709_295_786_511, 1_709_295_786_511);
        assert_eq!(moment.iso, "2024-03-01T12:23:06.511Z");
        assert_eq!(moment.absolute, "Mar 01, 2024 @ 12:23:06");
        assert_eq!(moment.relative, "just now");
    }

    #[test]
    fn leap_days_and_years_before_1970_are_right() {
        assert_eq!(
            Moment::new(1_709_164_800_000, 0).iso,
            "2024-02-29T00:00:00.000Z"
        );
        assert_eq!(Moment::new(-1, 0).iso, "1969-12-31T23:59:59.999Z");
        assert_eq!(
            Moment::new(4_107_542_400_000, 0).iso,
            "2100-03-01T00:00:00.000Z"
        );
    }

    #[test]
    fn a_distance_is_told_in_its_largest_unit() {
        let told = |at| Moment::new(at, 10 * DAY).relative;
        assert_eq!(told(10 * DAY - 59 * SECOND), "just now");
        assert_eq!(told(10 * DAY - MINUTE), "1 minute ago");
        assert_eq!(told(10 * DAY - 23 * HOUR), "23 hours ago");
        assert_eq!(told(8 * DAY), "2 days ago");
        assert_eq!(told(13 * DAY), "in 3 days");
        assert_eq!(told(41 * DAY), "Feb 11, 1970");
    }
}
