//! The chain of seals over the log, and the index of who is in what was sealed.

use jetway_identity::StoreError;
use jetway_identity::events::Seal;
use jetway_identity::store::LogEntry;
use sqlx::any::AnyRow;
use sqlx::query;

use super::associated;
use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// One column as a text that says its length, so that no two rows give the same.
macro_rules! sealed {
    ($column:literal) => {
        concat!(
            "COALESCE(CAST(LENGTH(CAST(",
            $column,
            " AS TEXT)) AS TEXT) || ':' || CAST(",
            $column,
            " AS TEXT), '-')"
        )
    };
}

statements! {
    NEWEST = "SELECT MAX(position) FROM events";
    ENTRIES = concat!(
        "SELECT position, ", sealed!("id"), " || ", sealed!("at"), " || ", sealed!("kind"),
        " || ", sealed!("actor_kind"), " || ", sealed!("actor_id"), " || ", sealed!("actor_label"),
        " || ", sealed!("target_kind"), " || ", sealed!("target_id"), " || ",
        sealed!("target_label"), " || ", sealed!("success"), " || ", sealed!("detail"), " || ",
        sealed!("ip"), " || ", sealed!("user_agent"), " || ", sealed!("request_id"),
        " AS content FROM events WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3"
    );
    COUNT_BEHIND = "SELECT COUNT(*) FROM events WHERE position > $1";
    PAGE = "SELECT sequence, last_position, events, sealed_at, entries, hash, mark \
            FROM event_seals WHERE sequence > $1 ORDER BY sequence LIMIT $2";
    LAST = "SELECT sequence, last_position, events, sealed_at, entries, hash, mark \
            FROM event_seals ORDER BY sequence DESC LIMIT 1";
    INSERT = "INSERT INTO event_seals (sequence, last_position, events, sealed_at, entries, hash, \
              mark) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    INSERT_SUBJECTS = "INSERT INTO event_subjects (chunk, subject, position) \
        SELECT CAST($1 AS BIGINT), subject, position FROM (SELECT actor_id AS subject, position FROM events \
        WHERE position > $2 AND position <= $3 AND actor_id IS NOT NULL UNION \
        SELECT target_id AS subject, position FROM events \
        WHERE position > $2 AND position <= $3 AND target_id IS NOT NULL) AS subjects \
        WHERE true ON CONFLICT (chunk, subject, position) DO NOTHING";
    INSERT_CHUNK = "INSERT INTO event_chunks (chunk, oldest_id, newest_id, events) \
        SELECT CAST($1 AS BIGINT), MIN(id), MAX(id), COUNT(*) FROM events WHERE position > $2 AND position <= $3 \
        HAVING COUNT(*) > 0 ON CONFLICT (chunk) DO UPDATE SET \
        oldest_id = CASE WHEN excluded.oldest_id < event_chunks.oldest_id \
        THEN excluded.oldest_id ELSE event_chunks.oldest_id END, \
        newest_id = CASE WHEN excluded.newest_id > event_chunks.newest_id \
        THEN excluded.newest_id ELSE event_chunks.newest_id END, \
        events = event_chunks.events + excluded.events";
}

pub(super) async fn newest_position(unit: &mut Unit) -> Result<Option<i64>, StoreError> {
    let row = unit.row(query(NEWEST)).await?.ok_or(StoreError::Missing)?;
    Fields::of(&row).optional_integer()
}

pub(super) async fn entries(
    unit: &mut Unit,
    after: i64,
    up_to: i64,
    limit: u32,
) -> Result<Vec<LogEntry>, StoreError> {
    let statement = query(ENTRIES)
        .bind(after)
        .bind(up_to)
        .bind(i64::from(limit));
    let rows = unit.rows(statement).await?;
    rows.iter()
        .map(|row| {
            let mut fields = Fields::of(row);
            Ok(LogEntry {
                position: fields.integer()?,
                content: fields.text()?,
            })
        })
        .collect()
}

pub(super) async fn count_entries(unit: &mut Unit, after: i64) -> Result<u64, StoreError> {
    let row = unit.row(query(COUNT_BEHIND).bind(after)).await?;
    let row = row.ok_or(StoreError::Missing)?;
    Ok(u64::try_from(Fields::of(&row).integer()?).unwrap_or(0))
}

pub(super) async fn page(unit: &mut Unit, after: i64, limit: u32) -> Result<Vec<Seal>, StoreError> {
    let statement = query(PAGE).bind(after).bind(i64::from(limit));
    let rows = unit.rows(statement).await?;
    rows.iter().map(read_seal).collect()
}

pub(super) async fn last(unit: &mut Unit) -> Result<Option<Seal>, StoreError> {
    let row = unit.row(query(LAST)).await?;
    row.as_ref().map(read_seal).transpose()
}

pub(super) async fn insert(
    unit: &mut Unit,
    seal: &Seal,
    after: i64,
    chunk: i64,
) -> Result<(), StoreError> {
    let statement = query(INSERT)
        .bind(seal.sequence)
        .bind(seal.last_position)
        .bind(seal.events)
        .bind(millis(seal.sealed_at))
        .bind(seal.entries.clone())
        .bind(base64(&seal.hash))
        .bind(base64(&seal.mark));
    unit.execute(statement).await?;
    for sql in [INSERT_SUBJECTS, INSERT_CHUNK] {
        let statement = query(sql).bind(chunk).bind(after).bind(seal.last_position);
        unit.execute(statement).await?;
    }
    associated::insert(unit, chunk, after, seal.last_position).await
}

fn read_seal(row: &AnyRow) -> Result<Seal, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Seal {
        sequence: fields.integer()?,
        last_position: fields.integer()?,
        events: fields.integer()?,
        sealed_at: fields.time()?,
        entries: fields.text()?,
        hash: read_hash(&mut fields)?,
        mark: read_hash(&mut fields)?,
    })
}

/// What is no hash any more is one that fits nothing: verifying the log must come to its end.
fn read_hash(fields: &mut Fields<'_>) -> Result<[u8; 32], StoreError> {
    let text = fields.text()?;
    let decoded = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text);
    Ok(decoded
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .unwrap_or([0xff; 32]))
}
