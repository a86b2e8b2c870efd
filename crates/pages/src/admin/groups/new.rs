//! A new group (requirement E02).

use askama::Template;

use crate::Body;
use crate::admin::parts::{Field, Select};

/// Fields: `name`, `description`, `membership` (`static` or `dynamic`). A dynamic group gets its
/// rule on the next page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/new.html")]
pub struct NewGroup {
    pub csrf: String,
    pub name: Field,
    pub description: Field,
    pub membership: Select,
}

impl Body for NewGroup {
    fn title(&self) -> &'static str {
        "New group"
    }
}
