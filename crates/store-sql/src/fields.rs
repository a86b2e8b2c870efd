//! Reading the columns of a row, one after the other.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::{CustomAttributes, CustomValue, StoreError};
use sqlx::Row;
use sqlx::any::AnyRow;
use time::OffsetDateTime;

use crate::errors::{Unreadable, unavailable};

/// A cursor over the columns of one row, in the order of the statement.
pub(crate) struct Fields<'r> {
    row: &'r AnyRow,
    next: usize,
}

impl<'r> Fields<'r> {
    pub(crate) fn of(row: &'r AnyRow) -> Self {
        Self { row, next: 0 }
    }

    fn take<T>(&mut self) -> Result<T, StoreError>
    where
        T: sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
    {
        let index = self.next;
        self.next += 1;
        self.row.try_get(index).map_err(unavailable)
    }

    /// An error about the column that was taken last.
    pub(crate) fn unreadable(&self, reason: &dyn Display) -> StoreError {
        unavailable(Unreadable {
            column: self.next - 1,
            reason: reason.to_string(),
        })
    }

    /// Passes over columns.
    pub(crate) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.take()
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        self.take()
    }

    pub(crate) fn integer(&mut self) -> Result<i64, StoreError> {
        self.take()
    }

    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, StoreError> {
        self.take()
    }

    pub(crate) fn flag(&mut self) -> Result<bool, StoreError> {
        Ok(self.integer()? != 0)
    }

    pub(crate) fn parsed<T: FromStr<Err: Display>>(&mut self) -> Result<T, StoreError> {
        let text: &str = self.take()?;
        text.parse()
            .map_err(|error: T::Err| self.unreadable(&error))
    }

    pub(crate) fn optional_parsed<T: FromStr<Err: Display>>(
        &mut self,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.take()?;
        text.map(|text| {
            text.parse()
                .map_err(|error: T::Err| self.unreadable(&error))
        })
        .transpose()
    }

    /// A word that `read` knows.
    pub(crate) fn word<T>(&mut self, read: impl Fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let text: &str = self.take()?;
        read(text).ok_or_else(|| self.unreadable(&format_args!("unknown word {text:?}")))
    }

    pub(crate) fn optional_word<T>(
        &mut self,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        if self.is_null()? {
            self.skip(1);
            return Ok(None);
        }
        self.word(read).map(Some)
    }

    pub(crate) fn time(&mut self) -> Result<OffsetDateTime, StoreError> {
        let milliseconds = self.integer()?;
        self.to_time(milliseconds)
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<OffsetDateTime>, StoreError> {
        let milliseconds: Option<i64> = self.take()?;
        milliseconds
            .map(|milliseconds| self.to_time(milliseconds))
            .transpose()
    }

    fn to_time(&self, milliseconds: i64) -> Result<OffsetDateTime, StoreError> {
        OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000)
            .map_err(|error| self.unreadable(&error))
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, StoreError> {
        let text: &str = self.take()?;
        serde_json::from_str(text).map_err(|error| self.unreadable(&error))
    }

    /// A map of texts; most are empty.
    pub(crate) fn map(&mut self) -> Result<BTreeMap<String, String>, StoreError> {
        let text: &str = self.take()?;
        if text == "{}" {
            return Ok(BTreeMap::new());
        }
        serde_json::from_str(text).map_err(|error| self.unreadable(&error))
    }

    pub(crate) fn optional_json<T: serde::de::DeserializeOwned>(
        &mut self,
    ) -> Result<Option<T>, StoreError> {
        let text: Option<&str> = self.take()?;
        text.map(|text| serde_json::from_str(text).map_err(|error| self.unreadable(&error)))
            .transpose()
    }

    /// Custom attributes; most are empty. Those written before values had a type are texts.
    pub(crate) fn custom_attributes(&mut self) -> Result<CustomAttributes, StoreError> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Stored {
            Text(String),
            Typed(CustomValue),
        }
        let text: &str = self.take()?;
        if text == "{}" {
            return Ok(CustomAttributes::new());
        }
        let stored: BTreeMap<String, Stored> =
            serde_json::from_str(text).map_err(|error| self.unreadable(&error))?;
        let typed = stored.into_iter().map(|(name, value)| match value {
            Stored::Text(text) => (name, CustomValue::String(text)),
            Stored::Typed(value) => (name, value),
        });
        Ok(typed.collect())
    }

    pub(crate) fn bytes(&mut self) -> Result<Vec<u8>, StoreError> {
        let text: &str = self.take()?;
        STANDARD
            .decode(text)
            .map_err(|error| self.unreadable(&error))
    }

    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        if self.is_null()? {
            self.skip(1);
            return Ok(None);
        }
        self.bytes().map(Some)
    }

    /// Whether the next column is NULL, without taking it.
    pub(crate) fn is_null(&self) -> Result<bool, StoreError> {
        let value: Option<&str> = self.row.try_get(self.next).map_err(unavailable)?;
        Ok(value.is_none())
    }
}

/// Milliseconds since 1970, as stored.
pub(crate) fn millis(at: OffsetDateTime) -> i64 {
    i64::try_from(at.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// Bytes, as stored.
pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A list or map, as stored.
pub(crate) fn json(value: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(unavailable)
}
