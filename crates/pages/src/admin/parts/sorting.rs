//! Heads of sortable columns.

use askama::Template;
use askama::filters::HtmlSafe;

/// How a column is sorted now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// The head of a column: a whole `<th>`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/parts/column.html")]
pub struct Column {
    pub text: String,
    /// Where a click sorts by this column (the other way round if it is sorted already); `None`
    /// when it cannot be sorted.
    pub href: Option<String>,
    pub sorted: Option<Direction>,
}

impl HtmlSafe for Column {}

impl Column {
    /// A column that cannot be sorted.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            href: None,
            sorted: None,
        }
    }

    fn aria(&self) -> &'static str {
        match self.sorted {
            None => "none",
            Some(Direction::Ascending) => "ascending",
            Some(Direction::Descending) => "descending",
        }
    }
}
