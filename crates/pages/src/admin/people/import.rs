//! People from a CSV file: choose a file, look at what would happen, watch, read the result.
//!
//! The file is posted to `/admin/users/import` as `multipart/form-data`: `csrf`, `file`, `state`.
//! The preview's button posts `csrf` and `action` (`start` or `discard`) to
//! `/admin/users/import/{id}`; nothing is written before.

use askama::Template;

use super::list::grouped;
use crate::Body;
use crate::admin::parts::{Badge, Moment, Select};

/// Choose a file.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/import_upload.html")]
pub struct ImportUpload {
    pub csrf: String,
    /// The states to begin in, with the organisation's default selected.
    pub state: Select,
    /// What was wrong with the file that was sent.
    pub problem: Option<String>,
    /// Names of columns that are understood, for the help.
    pub columns: Vec<String>,
    /// The imports before this one, the newest first.
    pub recent: Vec<RecentImport>,
    /// `10,000 rows, 8 MB`.
    pub limits: String,
}

/// An import that was looked at or carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentImport {
    pub href: String,
    pub file: String,
    pub state: Badge,
    /// `12 added, 1 left out`.
    pub outcome: String,
    pub at: Moment,
}

impl Body for ImportUpload {
    fn title(&self) -> &'static str {
        "Import users"
    }
}

/// What is wrong with one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// As an editor counts: the heading is line 1.
    pub line: u64,
    pub column: String,
    pub problem: String,
}

/// One line that would become a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewRow {
    pub line: u64,
    pub username: String,
    pub email: String,
    pub name: String,
}

/// What would happen. Nothing has been written.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/import_preview.html")]
pub struct ImportPreview {
    pub id: String,
    pub csrf: String,
    pub file: String,
    /// Lines that become people.
    pub good: u64,
    /// Lines that are left out.
    pub bad: u64,
    /// Columns that are not understood and become custom attributes or are ignored, as sentences.
    pub remarks: Vec<String>,
    /// The first problems.
    pub problems: Vec<LineProblem>,
    /// The first good lines.
    pub rows: Vec<PreviewRow>,
    /// `Staged`, and whether mails go out, as a sentence.
    pub outcome: String,
}

impl Body for ImportPreview {
    fn title(&self) -> &'static str {
        "Check the import"
    }
}

impl ImportPreview {
    fn good_text(&self) -> String {
        counted(self.good, "user")
    }

    fn bad_text(&self) -> String {
        counted(self.bad, "line")
    }

    fn more_problems(&self) -> Option<String> {
        more(self.bad, self.problems.len())
    }

    fn more_rows(&self) -> Option<String> {
        more(self.good, self.rows.len())
    }
}

/// `1 user`, `3,201 users`.
fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

fn more(count: u64, shown: usize) -> Option<String> {
    let rest = count.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
    (rest > 0).then(|| format!("and {} more", grouped(rest)))
}

/// At work. The page asks for itself again until it is finished.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/import_progress.html")]
pub struct ImportProgress {
    pub file: String,
    pub done: u64,
    pub total: u64,
}

impl ImportProgress {
    fn done_text(&self) -> String {
        grouped(self.done)
    }

    fn total_text(&self) -> String {
        grouped(self.total)
    }
}

impl Body for ImportProgress {
    fn title(&self) -> &'static str {
        "Importing users"
    }

    fn refresh(&self) -> Option<u32> {
        Some(2)
    }
}

/// Finished.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/import_result.html")]
pub struct ImportResult {
    pub file: String,
    pub created: u64,
    /// Lines that made nobody, with the reason; the first ones.
    pub problems: Vec<LineProblem>,
    pub failed: u64,
    pub finished: Moment,
    /// Why it ended early; `None` when it came to the end.
    pub stopped: Option<String>,
}

impl ImportResult {
    fn created_text(&self) -> String {
        counted(self.created, "user")
    }

    fn failed_text(&self) -> String {
        counted(self.failed, "line")
    }

    fn more_problems(&self) -> Option<String> {
        more(self.failed, self.problems.len())
    }
}

impl Body for ImportResult {
    fn title(&self) -> &'static str {
        "Import finished"
    }
}
