//! The activity log.

use std::fmt::Write as _;
use std::sync::LazyLock;

use async_trait::async_trait;
use jetway_identity::store::{ReadEvents, WriteEvents};
use jetway_identity::{Actor, Event, EventId, EventKind, StoreError, Target, TargetKind};
use sqlx::any::AnyRow;
use sqlx::query;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

statements! {
    PAGE = "SELECT id, at, kind, actor_kind, actor_id, actor_label, target_kind, target_id, \
            target_label, success, detail, ip, user_agent, request_id FROM events \
            WHERE id < $1 ORDER BY id DESC LIMIT $2";
}

/// Above every UUIDv7.
const AFTER_ALL: &str = "ffffffff-ffff-ffff-ffff-ffffffffffff";

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
    let mut fields = Fields::of(row);
    Ok(Event {
        id: fields.parsed()?,
        at: fields.time()?,
        kind: fields.word(EventKind::from_name)?,
        actor: read_actor(&mut fields)?,
        target: read_target(&mut fields)?,
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

#[async_trait]
impl ReadEvents for Unit {
    async fn events(
        &mut self,
        before: Option<EventId>,
        limit: u32,
    ) -> Result<Vec<Event>, StoreError> {
        let before = before.map_or(AFTER_ALL.to_owned(), |id| id.to_string());
        let rows = self
            .rows(query(PAGE).bind(before).bind(i64::from(limit)))
            .await?;
        rows.iter().map(read_event).collect()
    }
}

#[async_trait]
impl WriteEvents for Unit {
    async fn insert_event(&mut self, event: &Event) -> Result<(), StoreError> {
        self.execute(insert(&[event])?).await?;
        Ok(())
    }
}
