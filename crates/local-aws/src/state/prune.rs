//! Records that end by themselves, and tables that strangers can fill.

use std::sync::{Mutex, PoisonError};

use redb::{ReadableTable, ReadableTableMetadata};
use serde::Deserialize;

use super::{
    batch::Batch,
    store::{Store, StoreError, decode},
    tables::Table,
};

/// Seconds between two searches of a table for what is over.
const INTERVAL: i64 = 60;
/// Records of a table that anybody can add to.
const MAX_UNASKED: u64 = 10_000;

/// When each table was searched last; Unix seconds.
#[derive(Debug, Default)]
pub(super) struct Prunings(Mutex<Vec<(Table, i64)>>);

impl Prunings {
    /// Whether a table is to be searched now. A clock that was set back does not put it off.
    fn is_due(&self, table: Table, now: i64) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((_, at)) = last.iter_mut().find(|(known, _)| *known == table) else {
            last.push((table, now));
            return true;
        };
        if (*at..*at + INTERVAL).contains(&now) {
            return false;
        }
        *at = now;
        true
    }
}

impl Store {
    /// Removes records whose `expires_at` (Unix seconds) is not after `now`, at most once a minute:
    /// it reads the whole table. Whoever reads a record looks at its end anyway.
    pub(crate) fn prune_expired(&self, table: Table, now: i64) -> Result<(), StoreError> {
        #[derive(Deserialize)]
        struct Ends {
            expires_at: i64,
        }
        if !self.prunings.is_due(table, now) {
            return Ok(());
        }
        let over = |key: &str, json: &str| {
            decode::<Ends>(table, key, json).map(|record| record.expires_at <= now)
        };
        let mut batch = Batch::default();
        let transaction = self.database().begin_read()?;
        let open = transaction.open_table(table.definition())?;
        for entry in open.iter()? {
            let (key, value) = entry?;
            if over(key.value(), value.value())? {
                batch.remove(table, key.value());
            }
        }
        if batch.is_empty() {
            Ok(())
        } else {
            self.commit(&batch)
        }
    }

    /// Whether a table to which anybody can add holds as much as it may.
    pub(crate) fn is_full(&self, table: Table) -> Result<bool, StoreError> {
        let transaction = self.database().begin_read()?;
        Ok(transaction.open_table(table.definition())?.len()? >= MAX_UNASKED)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_table_is_searched_at_most_once_a_minute_whichever_way_the_clock_goes() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.redb")).unwrap();
        let mut batch = Batch::default();
        batch
            .put(Table::Grants, "over", &json!({ "expires_at": 0 }))
            .unwrap();
        let left_after_pruning_at = |now| {
            store.commit(&batch).unwrap();
            store.prune_expired(Table::Grants, now).unwrap();
            !store.is_empty(Table::Grants).unwrap()
        };
        let seen: Vec<bool> = [1000, 1059, 1060, 1061, 500, 501]
            .map(left_after_pruning_at)
            .to_vec();
        assert_eq!(seen, [false, true, false, true, false, true]);
    }
}
