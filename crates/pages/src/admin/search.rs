//! Search across people, groups and applications. The palette reads this page too: a result is a
//! link with `data-result`.

use askama::Template;

use crate::Body;

/// What a result is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResultKind {
    User,
    Group,
    Application,
}

impl ResultKind {
    fn word(self) -> &'static str {
        match self {
            Self::User => "User",
            Self::Group => "Group",
            Self::Application => "Application",
        }
    }

    fn heading(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "User Groups",
            Self::Application => "SSO Applications",
        }
    }
}

/// One result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchResult {
    pub href: String,
    pub text: String,
    /// What tells it from others of the same name: the e-mail address, the description.
    pub detail: String,
}

/// Results of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchSection {
    pub kind: ResultKind,
    pub results: Vec<SearchResult>,
    /// The list with this search, when there are more than are shown.
    pub all: Option<String>,
}

/// The page.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/search.html")]
pub struct Search {
    pub query: String,
    /// Sections with results only.
    pub sections: Vec<SearchSection>,
}

impl Body for Search {
    fn title(&self) -> &'static str {
        "Search"
    }
}
