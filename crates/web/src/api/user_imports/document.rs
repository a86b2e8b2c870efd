//! An import as the API shows one.

use jetway_identity::users::transfer::{ImportProblem, ImportState, UserImport, import_problems};
use jetway_identity::{Store, StoreError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::Problem;
use crate::api::instant::Instant;
use crate::api::users::document::UserState;

/// Most problems in one answer.
const MAX_PROBLEMS: u32 = 1000;

/// A file of people on its way into the directory, without the problems of its rows.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserImportSummary {
    #[schema(format = "uuid")]
    id: String,
    file_name: String,
    state: UserImportState,
    /// The state of people whose row names none.
    initial_state: UserState,
    /// Rows of the file.
    total: u64,
    /// Rows that can be added, or could when the file was looked at.
    accepted: u64,
    /// Rows that cannot be added, as `problems` say.
    refused: u64,
    /// People who were added so far.
    added: u64,
    /// Rows that were accepted and could not be added any more.
    failed: u64,
    created_at: Instant,
    started_at: Option<Instant>,
    finished_at: Option<Instant>,
}

/// A file of people on its way into the directory.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserImport)]
pub(crate) struct Import {
    #[serde(flatten)]
    summary: UserImportSummary,
    /// What is wrong with which rows, by line; the first 1000.
    problems: Vec<UserImportProblem>,
}

/// What is wrong with a row.
#[derive(Debug, Serialize, ToSchema)]
struct UserImportProblem {
    /// Counted from 1; the first line has the names of the columns. 0: the import as a whole.
    line: u64,
    /// The name of the column.
    field: String,
    message: String,
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum UserImportState {
    /// It waits to be confirmed; after a day it is forgotten.
    Preview,
    Running,
    Done,
}

impl From<UserImport> for UserImportSummary {
    fn from(import: UserImport) -> Self {
        let accepted = import.accepted();
        Self {
            id: import.id.to_string(),
            file_name: import.file_name,
            state: match import.state {
                ImportState::Preview => UserImportState::Preview,
                ImportState::Running => UserImportState::Running,
                ImportState::Done => UserImportState::Done,
            },
            initial_state: import.initial_state.into(),
            total: import.total,
            accepted,
            refused: import.refused,
            added: import.added,
            failed: import.failed,
            created_at: Instant::new(import.created_at),
            started_at: import.started_at.map(Instant::new),
            finished_at: import.finished_at.map(Instant::new),
        }
    }
}

impl From<ImportProblem> for UserImportProblem {
    fn from(problem: ImportProblem) -> Self {
        Self {
            line: problem.line,
            field: problem.field,
            message: problem.reason,
        }
    }
}

/// With the problems of its rows.
pub(super) async fn shown(store: &dyn Store, import: UserImport) -> Result<Import, StoreError> {
    let problems = import_problems(store, import.id, MAX_PROBLEMS).await?;
    Ok(Import {
        summary: import.into(),
        problems: problems.into_iter().map(UserImportProblem::from).collect(),
    })
}

/// 404.
pub(super) fn none() -> Problem {
    Problem::not_found("import")
}

/// 409 for an import that is past its preview.
pub(super) fn begun() -> Problem {
    Problem::conflict("begun", "This import was begun already.")
}
