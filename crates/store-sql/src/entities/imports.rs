//! Files of people on their way into the directory.

use async_trait::async_trait;
use jetway_identity::store::{ReadImports, WriteImports};
use jetway_identity::users::transfer::{ImportProblem, ImportRow, ImportState, UserImport};
use jetway_identity::{Actor, ImportId, StoreError, UserState};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The columns that [`read_import`] takes.
macro_rules! import_columns {
    () => {
        "id, file_name, state, initial_state, actor, total, refused, added, failed, created_at, \
         started_at, finished_at"
    };
}

statements! {
    BY_ID = concat!("SELECT ", import_columns!(), " FROM user_imports WHERE id = $1");
    LATEST = concat!(
        "SELECT ", import_columns!(), " FROM user_imports ORDER BY created_at DESC, id DESC LIMIT $1"
    );
    RUNNING = concat!(
        "SELECT ", import_columns!(),
        " FROM user_imports WHERE state = 'running' ORDER BY created_at, id LIMIT 1"
    );
    INSERT = concat!(
        "INSERT INTO user_imports (", import_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    UPDATE = "UPDATE user_imports SET file_name = $2, state = $3, initial_state = $4, actor = $5, \
              total = $6, refused = $7, added = $8, failed = $9, created_at = $10, \
              started_at = $11, finished_at = $12 WHERE id = $1";
    DELETE = "DELETE FROM user_imports WHERE id = $1";
    PRUNE = "DELETE FROM user_imports WHERE state = 'preview' AND created_at < $1";
    INSERT_PIECE =
        "INSERT INTO user_import_pieces (import_id, number, people) VALUES ($1, $2, $3)";
    NEXT_PIECE = "SELECT number, people FROM user_import_pieces WHERE import_id = $1 \
                  AND number > $2 ORDER BY number LIMIT 1";
    DELETE_PIECE = "DELETE FROM user_import_pieces WHERE import_id = $1 AND number = $2";
    PROBLEMS = "SELECT line, field, problem FROM user_import_problems WHERE import_id = $1 \
                ORDER BY line, number LIMIT $2";
    INSERT_PROBLEM = "INSERT INTO user_import_problems (import_id, number, line, field, problem) \
                      SELECT CAST($1 AS TEXT), COALESCE(MAX(number), 0) + 1, CAST($2 AS BIGINT), \
                      CAST($3 AS TEXT), CAST($4 AS TEXT) FROM user_import_problems \
                      WHERE import_id = $1";
}

fn number(fields: &mut Fields<'_>) -> Result<u64, StoreError> {
    Ok(u64::try_from(fields.integer()?).unwrap_or(0))
}

fn read_import(row: &AnyRow) -> Result<UserImport, StoreError> {
    let mut fields = Fields::of(row);
    Ok(UserImport {
        id: fields.parsed()?,
        file_name: fields.text()?,
        state: fields.word(ImportState::from_name)?,
        initial_state: fields.word(UserState::from_name)?,
        actor: read_actor(&mut fields)?,
        total: number(&mut fields)?,
        refused: number(&mut fields)?,
        added: number(&mut fields)?,
        failed: number(&mut fields)?,
        created_at: fields.time()?,
        started_at: fields.optional_time()?,
        finished_at: fields.optional_time()?,
    })
}

/// Kind, identifier and label.
fn actor_text(actor: &Actor) -> Result<String, StoreError> {
    let parts = match actor {
        Actor::Anonymous => ["anonymous".to_owned(), String::new(), String::new()],
        Actor::System(label) => ["system".to_owned(), String::new(), label.clone()],
        Actor::User { id, label } => ["user".to_owned(), id.to_string(), label.clone()],
        Actor::Administrator { id, label } => ["admin".to_owned(), id.to_string(), label.clone()],
        Actor::ApiKey { id, label } => ["api_key".to_owned(), id.to_string(), label.clone()],
    };
    json(&parts)
}

fn read_actor(fields: &mut Fields<'_>) -> Result<Actor, StoreError> {
    let [kind, id, label]: [String; 3] = fields.json()?;
    let unreadable = |error: &dyn std::fmt::Display| fields.unreadable(error);
    match kind.as_str() {
        "anonymous" => Ok(Actor::Anonymous),
        "system" => Ok(Actor::System(label)),
        "user" => match id.parse() {
            Ok(id) => Ok(Actor::User { id, label }),
            Err(error) => Err(unreadable(&error)),
        },
        "admin" => match id.parse() {
            Ok(id) => Ok(Actor::Administrator { id, label }),
            Err(error) => Err(unreadable(&error)),
        },
        "api_key" => match id.parse() {
            Ok(id) => Ok(Actor::ApiKey { id, label }),
            Err(error) => Err(unreadable(&error)),
        },
        _ => Err(unreadable(&"unknown actor")),
    }
}

fn bind(statement: Statement, import: &UserImport) -> Result<Statement, StoreError> {
    let stored = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    Ok(statement
        .bind(import.id.to_string())
        .bind(import.file_name.clone())
        .bind(import.state.as_str())
        .bind(import.initial_state.as_str())
        .bind(actor_text(&import.actor)?)
        .bind(stored(import.total))
        .bind(stored(import.refused))
        .bind(stored(import.added))
        .bind(stored(import.failed))
        .bind(millis(import.created_at))
        .bind(import.started_at.map(millis))
        .bind(import.finished_at.map(millis)))
}

#[async_trait]
impl ReadImports for Unit {
    async fn import(&mut self, id: ImportId) -> Result<Option<UserImport>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(read_import).transpose()
    }

    async fn latest_imports(&mut self, limit: u32) -> Result<Vec<UserImport>, StoreError> {
        let rows = self.rows(query(LATEST).bind(i64::from(limit))).await?;
        rows.iter().map(read_import).collect()
    }

    async fn running_import(&mut self) -> Result<Option<UserImport>, StoreError> {
        let row = self.row(query(RUNNING)).await?;
        row.as_ref().map(read_import).transpose()
    }

    async fn next_import_piece(
        &mut self,
        id: ImportId,
        after: i64,
    ) -> Result<Option<(i64, Vec<ImportRow>)>, StoreError> {
        let statement = query(NEXT_PIECE).bind(id.to_string()).bind(after);
        let row = self.row(statement).await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok((fields.integer()?, fields.json()?))
        })
        .transpose()
    }

    async fn import_problems(
        &mut self,
        id: ImportId,
        limit: u32,
    ) -> Result<Vec<ImportProblem>, StoreError> {
        let statement = query(PROBLEMS).bind(id.to_string()).bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        let problems = rows.iter().map(|row| {
            let mut fields = Fields::of(row);
            Ok(ImportProblem {
                line: number(&mut fields)?,
                field: fields.text()?,
                reason: fields.text()?,
            })
        });
        problems.collect()
    }
}

#[async_trait]
impl WriteImports for Unit {
    async fn insert_import(
        &mut self,
        import: &UserImport,
        pieces: &[&[ImportRow]],
        problems: &[ImportProblem],
    ) -> Result<(), StoreError> {
        self.execute(bind(query(INSERT), import)?).await?;
        for (number, piece) in (1_i64..).zip(pieces) {
            let statement = query(INSERT_PIECE)
                .bind(import.id.to_string())
                .bind(number)
                .bind(json(piece)?);
            self.execute(statement).await?;
        }
        for problem in problems {
            self.insert_import_problem(import.id, problem).await?;
        }
        Ok(())
    }

    async fn update_import(&mut self, import: &UserImport) -> Result<(), StoreError> {
        self.execute(bind(query(UPDATE), import)?).await.map(drop)
    }

    async fn insert_import_problem(
        &mut self,
        id: ImportId,
        problem: &ImportProblem,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT_PROBLEM)
            .bind(id.to_string())
            .bind(i64::try_from(problem.line).unwrap_or(i64::MAX))
            .bind(problem.field.clone())
            .bind(problem.reason.clone());
        self.execute(statement).await.map(drop)
    }

    async fn delete_import_piece(&mut self, id: ImportId, number: i64) -> Result<(), StoreError> {
        let statement = query(DELETE_PIECE).bind(id.to_string()).bind(number);
        self.execute(statement).await.map(drop)
    }

    async fn delete_import(&mut self, id: ImportId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string()))
            .await
            .map(drop)
    }

    async fn prune_imports(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(before)))
            .await
            .map(drop)
    }
}
