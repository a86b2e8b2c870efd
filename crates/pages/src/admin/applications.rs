//! The list of applications, to look at (requirement F01).

use askama::Template;

use crate::Body;
use crate::TileMark;

/// A group that has the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedGroup {
    pub id: String,
    pub name: String,
}

/// One application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    pub id: String,
    pub label: String,
    pub mark: TileMark,
    pub slug: String,
    /// `AWS IAM`.
    pub kind: String,
    pub active: bool,
    /// Without a tile; reached by its address.
    pub hidden: bool,
    /// The first few.
    pub groups: Vec<GrantedGroup>,
    /// `and 4 more`.
    pub more_groups: Option<String>,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications.html")]
pub struct Applications {
    pub query: String,
    pub rows: Vec<ApplicationRow>,
}

impl Body for Applications {
    fn title(&self) -> &'static str {
        "SSO Applications"
    }
}
