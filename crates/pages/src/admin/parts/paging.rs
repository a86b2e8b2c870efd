//! The foot of a list: where one is, how to go on, rows per page.

use askama::Template;
use askama::filters::HtmlSafe;

/// One offered number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowsChoice {
    pub rows: u32,
    pub href: String,
    pub current: bool,
}

/// The foot of a list.
#[derive(Debug, Clone, PartialEq, Eq, Template, Default)]
#[template(path = "admin/parts/paging.html")]
pub struct Paging {
    /// `50 of 3,201 users`.
    pub shown: String,
    /// Back to the first page; `None` on the first.
    pub first: Option<String>,
    /// `None` on the last page.
    pub next: Option<String>,
    pub rows: Vec<RowsChoice>,
}

impl HtmlSafe for Paging {}
