//! Instants in documents: RFC 3339 in UTC with milliseconds.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};
use utoipa::ToSchema;
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};

const FORMAT: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// [`instant`] as a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) OffsetDateTime);

impl Instant {
    pub(crate) fn new(at: OffsetDateTime) -> Self {
        Self(at)
    }
}

/// `2026-03-02T09:00:00.250Z`
pub(crate) fn instant(at: OffsetDateTime) -> String {
    at.to_offset(UtcOffset::UTC)
        .format(FORMAT)
        .unwrap_or_default()
}

/// An instant with any offset, in UTC. `None`: not RFC 3339, or outside the years 0 to 9999, which
/// cannot be written in UTC.
pub(crate) fn parse_instant(text: &str) -> Option<OffsetDateTime> {
    let at = OffsetDateTime::parse(text, &Rfc3339).ok()?;
    let at = at.checked_to_offset(UtcOffset::UTC)?;
    (0..=9999).contains(&at.year()).then_some(at)
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&instant(self.0))
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(field: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(field)?;
        let wrong = || D::Error::custom("write the time as 2026-03-02T09:00:00Z (RFC 3339)");
        parse_instant(&text).map(Self).ok_or_else(wrong)
    }
}

impl utoipa::PartialSchema for Instant {
    fn schema() -> utoipa::openapi::RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .into()
    }
}

impl ToSchema for Instant {}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    #[test]
    fn an_instant_that_utc_cannot_write_is_refused() {
        for text in ["9999-12-31T23:59:59-01:00", "0000-01-01T00:00:00+01:00"] {
            assert_eq!(parse_instant(text), None, "{text}");
        }
        for text in ["9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z"] {
            assert!(parse_instant(text).is_some(), "{text}");
        }
    }

    #[test]
    fn an_instant_is_written_in_utc_with_milliseconds_and_read_with_any_offset() {
        let at = datetime!(2026-03-02 10:00:00.25 +1);
        let text = serde_json::to_string(&Instant::new(at)).unwrap();
        assert_eq!(text, "\"2026-03-02T09:00:00.250Z\"");
        let read: Instant = serde_json::from_str(&text).unwrap();
        assert_eq!(read.0, at);
        let read: Instant = serde_json::from_str("\"2026-03-02T10:00:00.25+01:00\"").unwrap();
        assert_eq!(read.0, at);
        assert!(serde_json::from_str::<Instant>("\"yesterday\"").is_err());
    }
}
