//! Adding the people of a file that was confirmed, piece by piece: each piece is one transaction
//! that also takes the piece away, so that an import goes on where it stopped, also after a
//! restart and with several servers.

use serde_json::json;
use time::OffsetDateTime;

use super::preview::NEEDS_GROUPS;
use super::row::ImportRow;
use crate::administrators::{NotAllowed, Permission, may, require};
use crate::events::{EventKind, association_event};
use crate::groups::NewMember;
use crate::ids::ImportId;
use crate::op::{Actor, Op};
use crate::store::{Read, Store, StoreError, Write};
use crate::users::create::insert_new;
use crate::users::{User, UserState, check_fields, in_words};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportState {
    /// It waits to be confirmed; after a day it is forgotten.
    Preview,
    Running,
    Done,
}

impl ImportState {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Preview => "preview",
            Self::Running => "running",
            Self::Done => "done",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "preview" => Some(Self::Preview),
            "running" => Some(Self::Running),
            "done" => Some(Self::Done),
            _ => None,
        }
    }
}

/// A file of people on its way into the directory.
#[derive(Debug, Clone, PartialEq)]
pub struct UserImport {
    pub id: ImportId,
    pub file_name: String,
    pub state: ImportState,
    /// For rows that name no state.
    pub initial_state: UserState,
    /// Who brought the file, and in whose name people are added.
    pub actor: Actor,
    /// Rows of the file; of these `refused` cannot be added, as the preview says.
    pub total: u64,
    pub refused: u64,
    pub added: u64,
    /// Rows that were good in the preview and could not be added any more.
    pub failed: u64,
    pub created_at: OffsetDateTime,
    pub started_at: Option<OffsetDateTime>,
    pub finished_at: Option<OffsetDateTime>,
}

impl UserImport {
    /// Rows that are, or were, to be added.
    pub fn accepted(&self) -> u64 {
        self.total - self.refused
    }
}

/// The field of the problem that ended an import: no column of a file is called so.
const STOPPED: &str = "(import)";

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportProblem {
    /// Counted from 1; the first row has the names of the columns. 0: the import as a whole.
    pub line: u64,
    /// As in the first row.
    pub field: String,
    pub reason: String,
}

impl ImportProblem {
    /// Whether it ended the import before the last row.
    pub fn ended_the_import(&self) -> bool {
        self.field == STOPPED
    }
}

/// Why an import was not begun.
#[derive(Debug, thiserror::Error)]
pub enum ConfirmImportError {
    #[error("there is no such import; previews are kept for a day")]
    NoSuchImport,
    #[error("this import was begun already")]
    Begun,
    #[error("no row of this file can be added")]
    Nothing,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("the file names groups; who confirms it must be allowed to change groups")]
    NeedsGroups,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Begins an import: [`run_import_step`] does the rest. Who confirms it needs what its rows need,
/// whoever brought the file.
pub async fn confirm_import(
    op: &mut Op,
    store: &dyn Store,
    id: ImportId,
) -> Result<UserImport, ConfirmImportError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteUsers).await??;
    let import = write.import(id).await?;
    let mut import = import.ok_or(ConfirmImportError::NoSuchImport)?;
    if import.state != ImportState::Preview {
        return Err(ConfirmImportError::Begun);
    }
    if import.accepted() == 0 {
        return Err(ConfirmImportError::Nothing);
    }
    if !may(write.as_mut(), op, Permission::WriteGroups).await?
        && names_groups(write.as_mut(), id).await?
    {
        return Err(ConfirmImportError::NeedsGroups);
    }
    import.state = ImportState::Running;
    import.started_at = Some(op.now);
    import.actor = op.actor.clone();
    write.update_import(&import).await?;
    note(write.as_mut(), op, &import, "begun").await?;
    write.commit().await?;
    Ok(import)
}

async fn names_groups(read: &mut dyn Read, id: ImportId) -> Result<bool, StoreError> {
    let mut after = 0;
    while let Some((number, rows)) = read.next_import_piece(id, after).await? {
        if rows.iter().any(|row| !row.user.groups.is_empty()) {
            return Ok(true);
        }
        after = number;
    }
    Ok(false)
}

/// Why a preview was not thrown away.
#[derive(Debug, thiserror::Error)]
pub enum CancelImportError {
    #[error("there is no such import")]
    NoSuchImport,
    #[error("this import was begun already")]
    Begun,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Throws a preview away.
pub async fn cancel_import(
    op: &mut Op,
    store: &dyn Store,
    id: ImportId,
) -> Result<(), CancelImportError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteUsers).await??;
    let import = write.import(id).await?;
    let import = import.ok_or(CancelImportError::NoSuchImport)?;
    if import.state != ImportState::Preview {
        return Err(CancelImportError::Begun);
    }
    write.delete_import(id).await?;
    note(write.as_mut(), op, &import, "cancelled").await?;
    write.commit().await?;
    Ok(())
}

/// One import, with how far it is.
pub async fn import_status(
    store: &dyn Store,
    id: ImportId,
) -> Result<Option<UserImport>, StoreError> {
    store.read().await?.import(id).await
}

/// The last imports, the newest first.
pub async fn latest_imports(store: &dyn Store) -> Result<Vec<UserImport>, StoreError> {
    store.read().await?.latest_imports(20).await
}

/// The first problems of an import, by line.
pub async fn import_problems(
    store: &dyn Store,
    id: ImportId,
    limit: u32,
) -> Result<Vec<ImportProblem>, StoreError> {
    store.read().await?.import_problems(id, limit).await
}

/// Adds the people of the next piece of the oldest import that was confirmed, in the name of who
/// confirmed it; whether there was one. When they may not add people any more the import ends, and
/// its problems say so. To be called until it says no, every second or so.
pub async fn run_import_step(op: &mut Op, store: &dyn Store) -> Result<bool, StoreError> {
    if store.read().await?.running_import().await?.is_none() {
        return Ok(false);
    }
    let mut write = store.write().await?;
    let Some(mut import) = write.running_import().await? else {
        return Ok(false);
    };
    op.actor = import.actor.clone();
    if let Some((number, rows)) = write.next_import_piece(import.id, 0).await? {
        if !may(write.as_mut(), op, Permission::WriteUsers).await? {
            stop(write.as_mut(), op, import, rows.first()).await?;
            write.commit().await?;
            return Ok(true);
        }
        let groups = may(write.as_mut(), op, Permission::WriteGroups).await?;
        for row in rows {
            let added = if groups || row.user.groups.is_empty() {
                add(write.as_mut(), op, &import, row).await?
            } else {
                Err(problem_of(row.line, "groups", NEEDS_GROUPS))
            };
            match added {
                Ok(()) => import.added += 1,
                Err(problem) => {
                    import.failed += 1;
                    write.insert_import_problem(import.id, &problem).await?;
                }
            }
        }
        write.delete_import_piece(import.id, number).await?;
    } else {
        import.state = ImportState::Done;
        import.finished_at = Some(op.now);
        note(write.as_mut(), op, &import, "done").await?;
    }
    write.update_import(&import).await?;
    write.commit().await?;
    Ok(true)
}

/// Ends an import in whose name nobody may be added any more.
async fn stop(
    write: &mut dyn Write,
    op: &mut Op,
    mut import: UserImport,
    first: Option<&ImportRow>,
) -> Result<(), StoreError> {
    let (who, line) = (op.actor.label(), first.map_or(0, |row| row.line));
    let reason = format!("{who} may not add people any more; from line {line} on nobody was added");
    let problem = problem_of(0, STOPPED, &reason);
    write.insert_import_problem(import.id, &problem).await?;
    while let Some((number, _)) = write.next_import_piece(import.id, 0).await? {
        write.delete_import_piece(import.id, number).await?;
    }
    import.failed = import.accepted() - import.added;
    import.state = ImportState::Done;
    import.finished_at = Some(op.now);
    note(write, op, &import, "stopped").await?;
    write.update_import(&import).await
}

fn problem_of(line: u64, field: &str, reason: &str) -> ImportProblem {
    ImportProblem {
        line,
        field: field.to_owned(),
        reason: reason.to_owned(),
    }
}

async fn note(
    write: &mut dyn Write,
    op: &mut Op,
    import: &UserImport,
    step: &str,
) -> Result<(), StoreError> {
    let detail = json!({
        "import": import.id.to_string(), "file": import.file_name, "step": step,
        "rows": import.accepted(), "added": import.added, "failed": import.failed,
    });
    let event = op.event(EventKind::UserImport, true, None, detail);
    write.insert_event(&event).await
}

/// Adds one person. The directory may have changed since the preview, so everything is looked at
/// once more.
async fn add(
    write: &mut dyn Write,
    op: &mut Op,
    import: &UserImport,
    row: ImportRow,
) -> Result<Result<(), ImportProblem>, StoreError> {
    let line = row.line;
    let (new, groups) = row.user.into_new(import.initial_state);
    let (user, _) = new.into_user(op);
    if let Err(problems) = check_fields(&user) {
        return Ok(Err(problem_of(
            line,
            &problems[0].field,
            &in_words(&problems),
        )));
    }
    if let Some(field) = taken(write, &user).await? {
        let reason = "somebody in the directory already has this";
        return Ok(Err(problem_of(line, field, reason)));
    }
    let mut members = Vec::new();
    for name in &groups {
        match write.group_by_name(name).await? {
            Some(group) if !group.everyone && group.rule().is_none() => members.push(group),
            _ => {
                let reason = format!("\"{name}\": there is no such group");
                return Ok(Err(problem_of(line, "groups", &reason)));
            }
        }
    }
    insert_new(write, op, &user, None).await?;
    for group in members {
        let member = [NewMember::of(&user)];
        if write.add_members(group.id, &member, op.now).await? > 0 {
            let event = association_event(op, "add", group.target(), &[user.target()]);
            write.insert_event(&event).await?;
        }
    }
    Ok(Ok(()))
}

async fn taken(write: &mut dyn Write, user: &User) -> Result<Option<&'static str>, StoreError> {
    if write.user_by_email(&user.email).await?.is_some() {
        return Ok(Some("email"));
    }
    if write.user_by_username(&user.username).await?.is_some() {
        return Ok(Some("username"));
    }
    Ok(None)
}
