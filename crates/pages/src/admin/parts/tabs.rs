//! Tabs of a detail page; each has an address (requirement A06).

use askama::Template;
use askama::filters::HtmlSafe;

/// One tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    pub href: String,
    pub text: String,
    pub current: bool,
}

impl Tab {
    pub fn new(href: impl Into<String>, text: impl Into<String>, current: bool) -> Self {
        Self {
            href: href.into(),
            text: text.into(),
            current,
        }
    }
}

/// The tabs of a page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/parts/tabs.html")]
pub struct Tabs {
    /// Names the row of tabs for screen readers: `Road Runner`.
    pub label: String,
    pub tabs: Vec<Tab>,
}

impl HtmlSafe for Tabs {}
