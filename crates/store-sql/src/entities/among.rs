//! Questions about many keys at once, a few dozen in one statement.

use std::fmt::Write as _;

use jetway_identity::StoreError;
use sqlx::any::AnyRow;
use sqlx::query;

use crate::unit::Unit;

/// Keys in one question. A short list is filled up with its last key.
const BATCH: usize = 64;

/// `before` ends with `IN`.
pub(crate) fn with_list(before: &str, after: &str) -> String {
    let mut sql = format!("{before} (");
    for number in 1..=BATCH {
        let separator = if number == 1 { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(sql, "{separator}${number}");
    }
    sql.push(')');
    sql.push_str(after);
    sql
}

impl Unit {
    /// The rows that a statement of [`with_list`] finds.
    pub(crate) async fn rows_among(
        &mut self,
        sql: &'static str,
        keys: &[String],
    ) -> Result<Vec<AnyRow>, StoreError> {
        let mut found = Vec::new();
        for batch in keys.chunks(BATCH) {
            let mut statement = query(sql);
            for index in 0..BATCH {
                if let Some(key) = batch.get(index).or(batch.last()) {
                    statement = statement.bind(key.clone());
                }
            }
            found.extend(self.rows(statement).await?);
        }
        Ok(found)
    }
}
