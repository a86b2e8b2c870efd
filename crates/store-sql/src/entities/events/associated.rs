//! The other side of associations in the index of who is in what was sealed: a person in the log of
//! a group, a group in the log of an application.

use std::fmt::Write as _;
use std::sync::LazyLock;

use jetway_identity::StoreError;
use jetway_identity::events::associated_ids;
use serde_json::Value;
use sqlx::query;

use crate::fields::Fields;
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    ASSOCIATIONS = "SELECT position, detail FROM events WHERE position > $1 AND position <= $2 \
                    AND kind = 'association_change' ORDER BY position";
}

/// Rows in one statement. A short list is filled up with its last row.
const BATCH: usize = 32;

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let mut sql = "INSERT INTO event_subjects (chunk, subject, position) VALUES ".to_owned();
    for row in 0..BATCH {
        let separator = if row == 0 { "" } else { ", " };
        let (subject, position) = (row * 2 + 2, row * 2 + 3);
        // Writing to a String cannot fail.
        let _ = write!(
            sql,
            "{separator}(CAST($1 AS BIGINT), ${subject}, ${position})"
        );
    }
    sql.push_str(" ON CONFLICT (chunk, subject, position) DO NOTHING");
    sql
});

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    std::iter::once(INSERT.as_str())
}

/// Adds who is on the other side of the associations at the positions `after` to `up_to`.
pub(super) async fn insert(
    unit: &mut Unit,
    chunk: i64,
    after: i64,
    up_to: i64,
) -> Result<(), StoreError> {
    let mut found = Vec::new();
    for row in unit
        .rows(query(ASSOCIATIONS).bind(after).bind(up_to))
        .await?
    {
        let mut fields = Fields::of(&row);
        let position = fields.integer()?;
        let detail: Value = fields.json()?;
        found.extend(associated_ids(&detail).map(|id| (id.to_owned(), position)));
    }
    for batch in found.chunks(BATCH) {
        let mut statement = query(INSERT.as_str()).bind(chunk);
        for index in 0..BATCH {
            if let Some((id, position)) = batch.get(index).or(batch.last()) {
                statement = statement.bind(id.clone()).bind(*position);
            }
        }
        unit.execute(statement).await?;
    }
    Ok(())
}
