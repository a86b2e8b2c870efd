//! The activity log: writing, and reading single events. Lists are in `search.rs`, the chain over
//! the log in `seals.rs`.

pub(crate) mod associated;
pub(crate) mod seals;
pub(crate) mod search;

use std::fmt::Write as _;
use std::sync::LazyLock;

use async_trait::async_trait;
use jetway_identity::events::{EventPage, Seal};
use jetway_identity::store::{BucketCount, LogEntry, ReadEvents, WriteEvents};
use jetway_identity::{
    Actor, Event, EventFilter, EventId, EventKind, StoreError, Target, TargetKind,
};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The columns that [`read_event`] takes.
macro_rules! event_columns {
    () => {
        "e.id, e.at, e.kind, e.actor_kind, e.actor_id, e.actor_label, e.target_kind, e.target_id, \
         e.target_label, e.success, e.detail, e.ip, e.user_agent, e.request_id"
    };
}
use event_columns;

statements! {
    BY_ID = concat!("SELECT ", event_columns!(), " FROM events e WHERE e.id = $1");
    AT = concat!(
        "SELECT e.position, ", event_columns!(), " FROM events e WHERE e.position > $1 \
         AND e.position <= $2 AND ($3 = '' OR $3 LIKE '%,' || e.kind || ',%') \
         ORDER BY e.position LIMIT $4"
    );
}

/// Most events in one statement.
pub(crate) const MAX_BATCH: usize = 16;

const INSERT: &str = "INSERT INTO events (id, at, kind, actor_kind, actor_id, actor_label, \
                      target_kind, target_id, target_label, success, detail, ip, user_agent, \
                      request_id) VALUES ";
const COLUMNS: usize = 14;

/// One statement for each size of a batch, made of constants and numbers alone.
static BATCHES: LazyLock<Vec<String>> =
    LazyLock::new(|| (1..=MAX_BATCH).map(insert_statement).collect());

fn insert_statement(rows: usize) -> String {
    let mut sql = INSERT.to_owned();
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=COLUMNS {
            let separator = if column == 1 { "" } else { ", " };
            // Writing to a String cannot fail.
            let _ = write!(sql, "{separator}${}", row * COLUMNS + column);
        }
        sql.push(')');
    }
    sql
}

/// The statements that insert 1 to [`MAX_BATCH`] events.
pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    BATCHES.iter().map(String::as_str)
}

/// Inserts `events` (1 to [`MAX_BATCH`]) in one statement, hence in one commit.
pub(crate) fn insert(events: &[&Event]) -> Result<Statement, StoreError> {
    let sql: &'static str = BATCHES
        .get(events.len().saturating_sub(1))
        .or_else(|| BATCHES.last())
        .map_or(INSERT, String::as_str);
    let mut statement = query(sql);
    for event in events {
        statement = bind(statement, event)?;
    }
    Ok(statement)
}

fn bind(statement: Statement, event: &Event) -> Result<Statement, StoreError> {
    let (actor_kind, actor_id, actor_label) = match &event.actor {
        Actor::Anonymous => ("anonymous", None, None),
        Actor::System(name) => ("system", None, Some(name.clone())),
        Actor::User { id, label } => ("user", Some(id.to_string()), Some(label.clone())),
        Actor::Administrator { id, label } => ("admin", Some(id.to_string()), Some(label.clone())),
        Actor::ApiKey { id, label } => ("api_key", Some(id.to_string()), Some(label.clone())),
    };
    let target = event.target.as_ref();
    Ok(statement
        .bind(event.id.to_string())
        .bind(millis(event.at))
        .bind(event.kind.as_str())
        .bind(actor_kind)
        .bind(actor_id)
        .bind(actor_label)
        .bind(target.map(|target| target.kind.as_str()))
        .bind(target.map(|target| target.id.clone()))
        .bind(target.map(|target| target.label.clone()))
        .bind(i64::from(event.success))
        .bind(json(&event.detail)?)
        .bind(event.ip.map(|ip| ip.to_string()))
        .bind(event.user_agent.clone())
        .bind(event.request_id.clone()))
}

fn read_event(row: &AnyRow) -> Result<Event, StoreError> {
    read_event_fields(&mut Fields::of(row))
}

fn read_event_fields(fields: &mut Fields<'_>) -> Result<Event, StoreError> {
    Ok(Event {
        id: fields.parsed()?,
        at: fields.time()?,
        kind: fields.word(EventKind::from_name)?,
        actor: read_actor(fields)?,
        target: read_target(fields)?,
        success: fields.flag()?,
        detail: fields.json()?,
        ip: fields.optional_parsed()?,
        user_agent: fields.optional_text()?,
        request_id: fields.text()?,
    })
}

fn read_actor(fields: &mut Fields<'_>) -> Result<Actor, StoreError> {
    let kind = fields.text()?;
    let id = fields.optional_text()?.unwrap_or_default();
    let label = fields.optional_text()?.unwrap_or_default();
    match kind.as_str() {
        "anonymous" => Ok(Actor::Anonymous),
        "system" => Ok(Actor::System(label)),
        "user" => match id.parse() {
            Ok(id) => Ok(Actor::User { id, label }),
            Err(error) => Err(fields.unreadable(&error)),
        },
        "admin" => match id.parse() {
            Ok(id) => Ok(Actor::Administrator { id, label }),
            Err(error) => Err(fields.unreadable(&error)),
        },
        "api_key" => match id.parse() {
            Ok(id) => Ok(Actor::ApiKey { id, label }),
            Err(error) => Err(fields.unreadable(&error)),
        },
        _ => Err(fields.unreadable(&"unknown actor")),
    }
}

fn read_target(fields: &mut Fields<'_>) -> Result<Option<Target>, StoreError> {
    if fields.is_null()? {
        fields.skip(3);
        return Ok(None);
    }
    Ok(Some(Target {
        kind: fields.word(TargetKind::from_name)?,
        id: fields.text()?,
        label: fields.text()?,
    }))
}

/// Kinds as a list that `LIKE '%,' || kind || ',%'` finds them in; empty: all.
fn kind_list(kinds: &[EventKind]) -> String {
    let mut list = String::new();
    for kind in kinds {
        if list.is_empty() {
            list.push(',');
        }
        list.push_str(kind.as_str());
        list.push(',');
    }
    list
}

#[async_trait]
impl ReadEvents for Unit {
    async fn events(
        &mut self,
        filter: &EventFilter,
        page: EventPage,
    ) -> Result<Vec<Event>, StoreError> {
        search::page(self, filter, page).await
    }

    async fn event(&mut self, id: EventId) -> Result<Option<Event>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(read_event).transpose()
    }

    async fn count_events(&mut self, filter: &EventFilter, most: u32) -> Result<u64, StoreError> {
        search::count(self, filter, most).await
    }

    async fn event_histogram(
        &mut self,
        filter: &EventFilter,
        from: OffsetDateTime,
        width: i64,
    ) -> Result<Vec<BucketCount>, StoreError> {
        search::histogram(self, filter, from, width).await
    }

    async fn newest_position(&mut self) -> Result<Option<i64>, StoreError> {
        seals::newest_position(self).await
    }

    async fn log_entries(
        &mut self,
        after: i64,
        up_to: i64,
        limit: u32,
    ) -> Result<Vec<LogEntry>, StoreError> {
        seals::entries(self, after, up_to, limit).await
    }

    async fn events_at(
        &mut self,
        (after, up_to): (i64, i64),
        kinds: &[EventKind],
        limit: u32,
    ) -> Result<Vec<(i64, Event)>, StoreError> {
        let statement = query(AT)
            .bind(after)
            .bind(up_to)
            .bind(kind_list(kinds))
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| {
                let mut fields = Fields::of(row);
                Ok((fields.integer()?, read_event_fields(&mut fields)?))
            })
            .collect()
    }

    async fn count_entries(&mut self, after: i64) -> Result<u64, StoreError> {
        seals::count_entries(self, after).await
    }

    async fn seals(&mut self, after: i64, limit: u32) -> Result<Vec<Seal>, StoreError> {
        seals::page(self, after, limit).await
    }

    async fn last_seal(&mut self) -> Result<Option<Seal>, StoreError> {
        seals::last(self).await
    }
}

#[async_trait]
impl WriteEvents for Unit {
    async fn insert_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.execute(insert(&[event])?).await?;
        Ok(())
    }

    async fn settled_position(&mut self) -> Result<i64, StoreError> {
        self.wait_for_event_writers().await?;
        Ok(seals::newest_position(self).await?.unwrap_or(0))
    }

    async fn insert_seal(&mut self, seal: &Seal, after: i64, chunk: i64) -> Result<(), StoreError> {
        seals::insert(self, seal, after, chunk).await
    }
}
