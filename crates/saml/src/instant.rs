//! `xs:dateTime` in the only form SAML uses: UTC (SAML core 1.3.3).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time, UtcOffset};

/// Writes `2026-11-22T04:12:40Z`, cut to whole seconds. `None` outside the years 0 to 9999.
pub(crate) fn format(instant: OffsetDateTime) -> Option<String> {
    let utc = instant.checked_to_offset(UtcOffset::UTC)?;
    if !(0..=9999).contains(&utc.year()) {
        return None;
    }
    Some(format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        utc.year(),
        u8::from(utc.month()),
        utc.day(),
        utc.hour(),
        utc.minute(),
        utc.second()
    ))
}

/// As [`parse`], and with any offset: some clients write the time of where they are. For what is
/// only compared with a clock.
pub(crate) fn parse_anywhere(text: &str) -> Option<OffsetDateTime> {
    if let Some(instant) = parse(text) {
        return Some(instant);
    }
    let (local, offset) = text.split_at_checked(text.len().checked_sub(6)?)?;
    let sign = match offset.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let (hours, minutes) = offset.get(1..)?.split_once(':')?;
    let part = |part: &str| {
        let two_digits = Some(part.as_bytes()).filter(|bytes| bytes.len() == 2)?;
        i8::try_from(digits(two_digits)?).ok()
    };
    let (hours, minutes) = (part(hours)?, part(minutes)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let offset = UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()?;
    let local = parse(&format!("{local}Z"))?;
    local.checked_sub(time::Duration::seconds(offset.whole_seconds().into()))
}

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction]` followed by `Z` or `+00:00`. Nothing else: no other
/// offset, no missing zone, no leap second, no 24:00:00. Digits past nanoseconds are cut.
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let local = text
        .strip_suffix('Z')
        .or_else(|| text.strip_suffix("+00:00"))?;
    let (whole, fraction) = match local.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (local, None),
    };
    let bytes = whole.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    if bytes.len() != 19 || separators.iter().any(|&(at, sep)| bytes[at] != sep) {
        return None;
    }
    let month = Month::try_from(u8::try_from(digits(&bytes[5..7])?).ok()?).ok()?;
    let date = Date::from_calendar_date(
        i32::try_from(digits(&bytes[..4])?).ok()?,
        month,
        u8::try_from(digits(&bytes[8..10])?).ok()?,
    )
    .ok()?;
    let time = Time::from_hms_nano(
        u8::try_from(digits(&bytes[11..13])?).ok()?,
        u8::try_from(digits(&bytes[14..16])?).ok()?,
        u8::try_from(digits(&bytes[17..19])?).ok()?,
        fraction.map_or(Some(0), nanoseconds)?,
    )
    .ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

fn digits(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0_u32, |value, byte| {
        byte.is_ascii_digit()
            .then(|| value * 10 + u32::from(byte - b'0'))
    })
}

fn nanoseconds(fraction: &str) -> Option<u32> {
    let bytes = fraction.as_bytes();
    if bytes.is_empty() || bytes.len() > 32 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut padded = [b'0'; 9];
    let kept = bytes.len().min(9);
    padded[..kept].copy_from_slice(&bytes[..kept]);
    digits(&padded)
}

#[cfg(test)]
mod tests {
    use super::{format, parse, parse_anywhere};

    #[test]
    fn only_utc_date_times_with_an_optional_fraction_are_read() {
        let whole = parse("2026-11-22T04:12:40Z").unwrap();
        assert_eq!(format(whole).unwrap(), "2026-11-22T04:12:40Z");
        assert_eq!(parse("2026-11-22T04:12:40+00:00"), Some(whole));
        let fine = parse("2026-11-22T04:12:40.1234567891Z").unwrap();
        assert_eq!((fine - whole).whole_nanoseconds(), 123_456_789);
        for bad in [
            "",
            "2026-11-22",
            "2026-11-22T04:12:40",
            "2026-11-22 04:12:40Z",
            "2026-11-22T04:12:40+01:00",
            "2026-11-22T04:12:40.Z",
            "2026-11-22T04:12:60Z",
            "2026-11-22T24:00:00Z",
            "2026-02-30T00:00:00Z",
            "+026-11-22T04:12:40Z",
            "12026-11-22T04:12:40Z",
            " 2026-11-22T04:12:40Z",
            "2026-11-22T04:12:40zZ",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_time_of_a_request_may_be_that_of_any_place() {
        let whole = parse("2026-11-22T04:12:40Z").unwrap();
        for text in [
            "2026-11-22T04:12:40Z",
            "2026-11-22T05:12:40+01:00",
            "2026-11-21T23:42:40-04:30",
            "2026-11-22T18:12:40+14:00",
        ] {
            assert_eq!(parse_anywhere(text), Some(whole), "{text}");
        }
        for bad in [
            "",
            "+01:00",
            "2026-11-22T05:12:40+1:00",
            "2026-11-22T05:12:40+1:000",
            "2026-11-22T05:12:40+0100",
            "2026-11-22T05:12:40+15:00",
            "2026-11-22T05:12:40+01:60",
            "2026-11-22T05:12:40Z+01:00",
            "2026-11-22T05:12:40+-1:00",
            "2026-11-22T05:12:40 01:00",
        ] {
            assert_eq!(parse_anywhere(bad), None, "{bad}");
        }
    }
}
