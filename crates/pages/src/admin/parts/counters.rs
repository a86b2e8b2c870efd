//! Counters that act as filters (requirement B02).

use askama::Template;
use askama::filters::HtmlSafe;

/// `Active 12`: how many there are, and the way to see only them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counter {
    pub href: String,
    pub text: String,
    /// Already grouped: `3,201`.
    pub count: String,
    pub current: bool,
}

/// A row of counters.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/parts/counters.html")]
pub struct Counters {
    /// For screen readers: `Users by state`.
    pub label: String,
    pub counters: Vec<Counter>,
}

impl HtmlSafe for Counters {}
