//! What can go wrong, in words for the operator.

use std::path::PathBuf;

use jetway_identity::{StoreError, Unique};
use sqlx::error::DatabaseError;

/// Why a database could not be opened. Each message is one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(
        "the data folder {} cannot be used: {reason}; make it writable for this user or choose another",
        path.display()
    )]
    Folder { path: PathBuf, reason: String },
    #[error(
        "another process is using the data folder {}; stop it or choose another folder",
        path.display()
    )]
    InUse { path: PathBuf },
    #[error(
        "the database {place} is damaged: {reason}; restore it from a backup (to see the extent of it: PRAGMA integrity_check)"
    )]
    Damaged { place: String, reason: String },
    #[error(
        "the database {place} was made by a newer version (its schema has change {version}, this program knows up to {known}); start that version or restore a backup"
    )]
    Newer {
        place: String,
        version: i64,
        known: i64,
    },
    #[error(
        "the database {place} has another schema change {version} than this program; it was made by a modified or unreleased version"
    )]
    Differs { place: String, version: i64 },
    #[error("the schema of the database {place} could not be brought up to date: {reason}")]
    Migration { place: String, reason: String },
    #[error(
        "the database address is not usable: {reason}; write postgres://user:password@host:5432/name"
    )]
    Address { reason: String },
    #[error(
        "the database {place} cannot be reached: {reason}; check that it runs, the address, and the name and password"
    )]
    Unreachable { place: String, reason: String },
}

/// The text of an error on one line.
pub(crate) fn one_line(error: &dyn std::error::Error) -> String {
    error
        .to_string()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// The operation did not finish in time.
#[derive(Debug, thiserror::Error)]
#[error("the database did not answer within {0} seconds")]
pub(crate) struct TooSlow(pub(crate) u64);

/// A stored value that this program cannot have written.
#[derive(Debug, thiserror::Error)]
#[error("the database holds a value that cannot be read: column {column} ({reason})")]
pub(crate) struct Unreadable {
    pub(crate) column: usize,
    pub(crate) reason: String,
}

/// A failure that several callers share.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Shared(pub(crate) String);

pub(crate) fn unavailable(
    error: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> StoreError {
    StoreError::Unavailable(error.into())
}

/// Tells violated rules, which the domain knows, from failures.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    if let sqlx::Error::Database(database) = &error {
        if database.is_foreign_key_violation() {
            return StoreError::Missing;
        }
        if database.is_unique_violation()
            && let Some(unique) = taken(database.as_ref())
        {
            return StoreError::Taken(unique);
        }
    }
    unavailable(error)
}

/// Which value was taken. PostgreSQL names the index, SQLite the column; the indexes are named
/// after their columns, so that both contain the same word.
fn taken(error: &dyn DatabaseError) -> Option<Unique> {
    const WORDS: [(&str, Unique); 4] = [
        ("username_key", Unique::Username),
        ("email_key", Unique::Email),
        ("name_key", Unique::GroupName),
        ("slug", Unique::Slug),
    ];
    let text = error.constraint().unwrap_or_else(|| error.message());
    WORDS
        .iter()
        .find(|(word, _)| text.contains(word))
        .map(|(_, unique)| *unique)
}
