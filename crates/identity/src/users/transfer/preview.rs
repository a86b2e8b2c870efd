//! Looking at a file before anything is written.

use std::collections::{HashMap, HashSet};

use serde_json::json;

use super::columns::Column;
use super::import::{ImportProblem, ImportState, UserImport};
use super::lines::Lines;
use super::row::{ImportRow, PlannedUser, parse_row};
use crate::administrators::{NotAllowed, Permission, may, require};
use crate::email;
use crate::events::EventKind;
use crate::groups::name_key;
use crate::ids::ImportId;
use crate::op::Op;
use crate::store::{Read, Store, StoreError};
use crate::users::{CreationMethod, InvalidField, UserState, check_fields};

/// Largest file, in bytes, and most people in it.
pub const MAX_FILE: usize = 20 << 20;
pub const MAX_ROWS: usize = 50_000;
/// Problems that are kept; the rest are counted.
const MAX_PROBLEMS: usize = 1000;
/// People in one piece, which is added in one transaction.
pub(super) const PIECE: usize = 100;
/// What a row with groups says to somebody who may not change groups.
pub(super) const NEEDS_GROUPS: &str = "this needs a role that may change groups";
/// Longest file name that is kept, in characters.
const MAX_NAME: usize = 256;

/// Why the file as a whole cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum PreviewImportError {
    #[error("the file is larger than 20 MB; import it in parts")]
    TooLarge,
    #[error("the file has more than {MAX_ROWS} people; import it in parts")]
    TooManyRows,
    #[error("the file is not UTF-8; save it as \"CSV UTF-8\"")]
    NotUtf8,
    #[error("the file is empty; its first row must name the columns")]
    Empty,
    #[error("line {line}: {reason}")]
    Format { line: u64, reason: String },
    #[error("the first row has no column \"{0}\"")]
    MissingColumn(&'static str),
    #[error(
        "the first row names a column \"{0}\", which is not known; custom attributes are called custom:{0}"
    )]
    UnknownColumn(String),
    #[error("the first row has more than {MAX_COLUMNS} columns")]
    TooManyColumns,
    #[error("the file names more than {MAX_GROUPS} different groups; import it in parts")]
    TooManyGroups,
    #[error("the first row names the column \"{0}\" twice")]
    ColumnTwice(String),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Most columns: everything that is known of a person, and some hundred custom attributes.
const MAX_COLUMNS: usize = 300;
/// Most different groups of one file; each is looked up.
const MAX_GROUPS: usize = 1000;

/// Reads a file and keeps what it holds as an import that waits to be confirmed. Nobody is added
/// yet. Rows that name no state get `initial_state`, or the default of the settings. Rows with a
/// problem are not part of the import; their problems name line and field. Who may not change groups
/// cannot put anybody into one this way either.
pub async fn preview_import(
    op: &mut Op,
    store: &dyn Store,
    file_name: &str,
    file: &[u8],
    initial_state: Option<UserState>,
) -> Result<UserImport, PreviewImportError> {
    let mut seen = read_file(op, file)?;
    let mut read = store.read().await?;
    require(read.as_mut(), op, Permission::WriteUsers).await??;
    if !may(read.as_mut(), op, Permission::WriteGroups).await? {
        seen.refuse_groups();
    }
    seen.refuse_taken(read.as_mut()).await?;
    seen.refuse_unknown_groups(read.as_mut()).await?;
    let settings = read.settings().await?;
    drop(read);
    let default = CreationMethod::Bulk.default_state(&settings.sections);
    let Seen {
        rows,
        mut problems,
        total,
    } = seen;
    let refused = (total - rows.len()) as u64;
    problems.sort_by_key(|problem| problem.line);
    problems.truncate(MAX_PROBLEMS);
    let import = UserImport {
        id: ImportId::new(op.now, &mut op.rng),
        file_name: file_name
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_NAME)
            .collect(),
        state: ImportState::Preview,
        initial_state: initial_state.unwrap_or(default),
        actor: op.actor.clone(),
        total: total as u64,
        refused,
        added: 0,
        failed: 0,
        created_at: op.now,
        started_at: None,
        finished_at: None,
    };
    let mut write = store.write().await?;
    write
        .prune_imports(op.now - super::prune::UNCONFIRMED)
        .await?;
    let pieces: Vec<&[ImportRow]> = rows.chunks(PIECE).collect();
    write.insert_import(&import, &pieces, &problems).await?;
    let detail = json!({
        "import": import.id.to_string(), "file": import.file_name, "step": "preview",
        "rows": total, "refused": refused, "by": op.actor.label(),
    });
    let event = op.event(EventKind::UserImport, true, None, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(import)
}

/// The first people of an import that waits to be confirmed.
pub async fn previewed_rows(store: &dyn Store, id: ImportId) -> Result<Vec<ImportRow>, StoreError> {
    let piece = store.read().await?.next_import_piece(id, 0).await?;
    Ok(piece.map(|(_, rows)| rows).unwrap_or_default())
}

/// The names of columns that a file may have, for help texts.
pub fn column_names() -> Vec<String> {
    let directory = crate::applications::DIRECTORY_ATTRIBUTES
        .into_iter()
        .map(str::to_owned);
    Column::FIXED
        .iter()
        .map(ToString::to_string)
        .chain(directory)
        .chain(["custom:<name>", "custom:<name>:<type>"].map(str::to_owned))
        .collect()
}

/// What a file holds.
struct Seen {
    rows: Vec<ImportRow>,
    problems: Vec<ImportProblem>,
    /// Rows, good or bad.
    total: usize,
}

fn read_file(op: &mut Op, file: &[u8]) -> Result<Seen, PreviewImportError> {
    if file.len() > MAX_FILE {
        return Err(PreviewImportError::TooLarge);
    }
    let text = std::str::from_utf8(file).map_err(|_| PreviewImportError::NotUtf8)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    // Spreadsheets of many countries separate by semicolons.
    let delimiter = if first.contains(';') && !first.contains(',') {
        b';'
    } else {
        b','
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut lines = Lines::of(text);
    let columns = reader
        .headers()
        .map_err(|error| format_error(&error, &mut lines))?;
    let columns = read_columns(columns)?;
    let mut seen = Seen {
        rows: Vec::new(),
        problems: Vec::new(),
        total: 0,
    };
    let mut taken = TakenInFile::default();
    for record in reader.records() {
        let record = record.map_err(|error| format_error(&error, &mut lines))?;
        let line = lines.at(record.position());
        seen.total += 1;
        if seen.total > MAX_ROWS {
            return Err(PreviewImportError::TooManyRows);
        }
        let checked = parse_row(&columns, &record)
            .and_then(|user| check(op, &user).map(|()| user))
            .and_then(|user| taken.note(&user, line).map(|()| user));
        match checked {
            Ok(user) => seen.rows.push(ImportRow { line, user }),
            Err(problems) => {
                let of_line = |problem: InvalidField| ImportProblem {
                    line,
                    field: problem.field,
                    reason: problem.reason,
                };
                seen.problems.extend(problems.into_iter().map(of_line));
            }
        }
    }
    Ok(seen)
}

fn read_columns(headers: &csv::StringRecord) -> Result<Vec<Column>, PreviewImportError> {
    if headers.iter().all(|header| header.trim().is_empty()) {
        return Err(PreviewImportError::Empty);
    }
    if headers.len() > MAX_COLUMNS {
        return Err(PreviewImportError::TooManyColumns);
    }
    let mut columns = Vec::new();
    for header in headers {
        let shown = || header.trim().chars().take(100).collect::<String>();
        let column =
            Column::parse(header).ok_or_else(|| PreviewImportError::UnknownColumn(shown()))?;
        if columns.contains(&column) {
            return Err(PreviewImportError::ColumnTwice(shown()));
        }
        columns.push(column);
    }
    for (needed, name) in [(Column::Email, "email"), (Column::Username, "username")] {
        if !columns.contains(&needed) {
            return Err(PreviewImportError::MissingColumn(name));
        }
    }
    Ok(columns)
}

fn format_error(error: &csv::Error, lines: &mut Lines<'_>) -> PreviewImportError {
    let line = lines.at(error.position());
    let reason = match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!(
            "this row has {len} cells, the first row has {expected_len}; put texts with commas into double quotes"
        ),
        _ => "this is not CSV".to_owned(),
    };
    PreviewImportError::Format { line, reason }
}

/// The rules of a person who is added by hand.
fn check(op: &mut Op, user: &PlannedUser) -> Result<(), Vec<InvalidField>> {
    let (new, _) = user.clone().into_new(UserState::Staged);
    let (user, _) = new.into_user(op);
    check_fields(&user)
}

/// Addresses and usernames of the rows before, with their lines.
#[derive(Default)]
struct TakenInFile {
    emails: HashMap<String, u64>,
    usernames: HashMap<String, u64>,
}

impl TakenInFile {
    fn note(&mut self, user: &PlannedUser, line: u64) -> Result<(), Vec<InvalidField>> {
        let mut problems = Vec::new();
        for (field, known, key) in [
            ("email", &mut self.emails, email::key(&user.email)),
            (
                "username",
                &mut self.usernames,
                username_key(&user.username),
            ),
        ] {
            match known.get(&key) {
                Some(first) => problems.push(InvalidField {
                    field: field.to_owned(),
                    reason: format!("line {first} has the same"),
                }),
                None => drop(known.insert(key, line)),
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(problems)
        }
    }
}

fn username_key(username: &str) -> String {
    username.trim().to_lowercase()
}

impl Seen {
    /// People who are in the directory already.
    async fn refuse_taken(&mut self, read: &mut dyn Read) -> Result<(), StoreError> {
        let emails: Vec<_> = self
            .rows
            .iter()
            .map(|row| email::key(&row.user.email))
            .collect();
        let names: Vec<_> = self
            .rows
            .iter()
            .map(|row| username_key(&row.user.username))
            .collect();
        let (emails, names) = read.taken(&emails, &names).await?;
        self.refuse(|user| {
            let taken = |field: &str| InvalidField {
                field: field.to_owned(),
                reason: "somebody in the directory already has this".to_owned(),
            };
            let mut problems = Vec::new();
            if emails.contains(&email::key(&user.email)) {
                problems.push(taken("email"));
            }
            if names.contains(&username_key(&user.username)) {
                problems.push(taken("username"));
            }
            problems
        });
        Ok(())
    }

    /// Rows that name groups, from somebody who may not change groups.
    fn refuse_groups(&mut self) {
        self.refuse(|user| {
            let problem = (!user.groups.is_empty()).then(|| InvalidField {
                field: "groups".to_owned(),
                reason: NEEDS_GROUPS.to_owned(),
            });
            problem.into_iter().collect()
        });
    }

    /// Groups that nobody can be put into.
    async fn refuse_unknown_groups(
        &mut self,
        read: &mut dyn Read,
    ) -> Result<(), PreviewImportError> {
        let names: HashSet<_> = self
            .rows
            .iter()
            .flat_map(|row| row.user.groups.clone())
            .collect();
        if names.len() > MAX_GROUPS {
            return Err(PreviewImportError::TooManyGroups);
        }
        let mut problems = HashMap::new();
        for name in names {
            let reason = match read.group_by_name(&name).await? {
                None => "there is no such group",
                Some(group) if group.everyone => "everyone is in this group by itself",
                Some(group) if group.rule().is_some() => "a rule decides who is in this group",
                Some(_) => continue,
            };
            problems.insert(name_key(&name), format!("\"{name}\": {reason}"));
        }
        self.refuse(|user| {
            let reasons = user
                .groups
                .iter()
                .filter_map(|name| problems.get(&name_key(name)));
            reasons
                .map(|reason| InvalidField {
                    field: "groups".to_owned(),
                    reason: reason.clone(),
                })
                .collect()
        });
        Ok(())
    }

    fn refuse(&mut self, problems_of: impl Fn(&PlannedUser) -> Vec<InvalidField>) {
        let problems = &mut self.problems;
        self.rows.retain(|row| {
            let found = problems_of(&row.user);
            let good = found.is_empty();
            problems.extend(found.into_iter().map(|problem| ImportProblem {
                line: row.line,
                field: problem.field,
                reason: problem.reason,
            }));
            good
        });
    }
}
