//! One event with everything that is known of it.

use askama::Template;

use crate::Body;
use crate::admin::parts::Moment;

/// A labelled value: `User agent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFact {
    pub label: String,
    pub value: String,
    /// A page about the value.
    pub href: Option<String>,
}

/// One changed field. Empty means that there was nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryChange {
    pub field: String,
    pub from: String,
    pub to: String,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/activity/entry.html")]
pub struct LogEntry {
    pub kind: String,
    pub at: Moment,
    pub success: bool,
    pub reason: Option<String>,
    pub facts: Vec<EntryFact>,
    pub changes: Vec<EntryChange>,
    /// The whole event, indented.
    pub json: String,
    /// Neighbours in the log.
    pub earlier: Option<String>,
    pub later: Option<String>,
}

impl Body for LogEntry {
    fn title(&self) -> &str {
        &self.kind
    }
}
