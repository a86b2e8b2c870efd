//! People as CSV: one form for import and export, such that importing what was exported gives the
//! same people.
//!
//! # The form
//!
//! UTF-8 (a byte order mark is passed over), RFC 4180, the first row names the columns, in any
//! order and letter case: `email`, `username` (both needed), `firstname`, `lastname`,
//! `displayname`, `state` (`staged`, `active`, `suspended`; empty: the default of the settings),
//! `password_never_expires` (`true`, `false` or empty), `groups`, each name of
//! [`DIRECTORY_ATTRIBUTES`](crate::applications::DIRECTORY_ATTRIBUTES), `custom:<name>` (a string)
//! and `custom:<name>:<type>` with one of the types `string`, `number`, `boolean`, `json`. Names of
//! custom attributes keep their letter case; a name that itself ends in `:number` and the like
//! needs its type written out. An empty cell means that the person has no such value.
//!
//! `groups` holds names separated by `;`. Within a name `\;` stands for `;` and `\\` for `\`.
//!
//! # Formulas
//!
//! Spreadsheets run a cell that begins with `=`, `+`, `-`, `@` or their full-width forms. The
//! export therefore puts a `'` before such a cell, and before one that begins with `'`. The import
//! takes that one `'` away where one of these characters follows it, and nowhere else, so that
//! every text comes back as it was, and files written by hand need no `'` at all.

mod cells;
mod columns;
mod export;
mod import;
mod lines;
mod preview;
mod prune;
mod row;

pub use export::{CsvExport, export_users};
pub use import::{
    CancelImportError, ConfirmImportError, ImportProblem, ImportState, UserImport, cancel_import,
    confirm_import, import_problems, import_status, latest_imports, run_import_step,
};
pub use preview::{
    MAX_FILE, MAX_ROWS, PreviewImportError, column_names, preview_import, previewed_rows,
};
pub use prune::prune_imports;
pub use row::{ImportRow, PlannedUser};
