//! Writes that belong together.

use serde::Serialize;

use super::{store::StoreError, tables::Table};

/// Writes that belong together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    pub(super) writes: Vec<(Table, String, Option<String>)>,
}

impl Batch {
    /// Sets `key` of `table`.
    pub(crate) fn put(
        &mut self,
        table: Table,
        key: &str,
        value: &impl Serialize,
    ) -> Result<(), StoreError> {
        let json =
            serde_json::to_string(value).map_err(|error| StoreError::Storage(error.to_string()))?;
        self.writes.push((table, key.to_owned(), Some(json)));
        Ok(())
    }

    /// Removes `key` from `table`.
    pub(crate) fn remove(&mut self, table: Table, key: &str) {
        self.writes.push((table, key.to_owned(), None));
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }

    pub(super) fn to_json(&self) -> Result<String, StoreError> {
        let rows: Vec<_> = self
            .writes
            .iter()
            .map(|(table, key, value)| (table.name(), key, value))
            .collect();
        serde_json::to_string(&rows).map_err(|error| StoreError::Storage(error.to_string()))
    }

    pub(super) fn from_json(json: &str) -> Option<Self> {
        let rows: Vec<(String, String, Option<String>)> = serde_json::from_str(json).ok()?;
        let writes = rows
            .into_iter()
            .map(|(table, key, value)| Some((Table::by_name(&table)?, key, value)))
            .collect::<Option<_>>()?;
        Some(Self { writes })
    }
}
