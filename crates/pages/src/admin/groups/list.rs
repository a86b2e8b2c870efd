//! The list of groups (requirements E01, E02, E05).

use askama::Template;

use crate::Body;
use crate::admin::parts::Paging;

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    pub id: String,
    pub name: String,
    pub description: String,
    /// Already grouped: `3,201`.
    pub members: String,
    /// Members come by a rule.
    pub dynamic: bool,
    /// The built-in group of all users.
    pub everyone: bool,
    pub applications: String,
    /// The name has a `:`, which AWS does not take.
    pub will_not_sync: bool,
}

/// The list, in order of name.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/list.html")]
pub struct Groups {
    /// What was searched for.
    pub query: String,
    pub rows: Vec<GroupRow>,
    pub paging: Paging,
    /// Whether the administrator's role may create groups.
    pub can_edit: bool,
}

impl Body for Groups {
    fn title(&self) -> &'static str {
        "User Groups"
    }
}
