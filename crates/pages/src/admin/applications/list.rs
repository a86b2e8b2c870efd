//! The list of applications (requirements F01 to F03).
//!
//! Ticked rows go to `/admin/applications/delete` as `application`.

use askama::Template;

use crate::Body;
use crate::TileMark;
use crate::admin::parts::Badge;

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
    /// `/saml2/acme-prod-aws-admin`; of a bookmark, what it opens.
    pub address: String,
    /// `AWS IAM`.
    pub kind: String,
    pub active: bool,
    /// Without a tile; reached by its address.
    pub hidden: bool,
    /// When its certificate ends; `None` for what has none.
    pub certificate: Option<Badge>,
    /// The first few.
    pub groups: Vec<GrantedGroup>,
    /// `and 4 more`.
    pub more_groups: Option<String>,
    /// `3 people`, to whom it is granted alone.
    pub people: Option<String>,
}

/// The list, in order of label.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/list.html")]
pub struct Applications {
    pub query: String,
    pub rows: Vec<ApplicationRow>,
    /// Whether the role may add and delete applications.
    pub can_edit: bool,
}

impl Body for Applications {
    fn title(&self) -> &'static str {
        "SSO Applications"
    }
}
