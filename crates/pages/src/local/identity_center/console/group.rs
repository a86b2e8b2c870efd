//! One group with its members, and creating one.

use askama::Template;

use super::{BASE, ManagedBy, people::origin_of};
use crate::{
    Body,
    admin::parts::{Field, Moment, Paging},
};

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMember {
    /// Of the user.
    pub id: String,
    pub user_name: String,
    pub display_name: String,
}

/// One group. It posts `user_name` to `/groups/<id>/members` and `user_id` to
/// `/groups/<id>/members/remove`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/group.html")]
pub struct GroupDetails {
    pub csrf: String,
    pub managed: ManagedBy,
    pub id: String,
    pub name: String,
    pub description: String,
    pub by_scim: bool,
    pub created: Moment,
    pub updated: Moment,
    /// How many there are; `members` are some of them.
    pub count: usize,
    pub members: Vec<GroupMember>,
    pub paging: Paging,
    /// Who is to be added.
    pub user_name: Field,
    /// Account name, id, permission sets.
    pub access: Vec<(String, String, String)>,
}

impl GroupDetails {
    fn origin(&self) -> &'static str {
        origin_of(self.by_scim)
    }
}

impl Body for GroupDetails {
    fn title(&self) -> &str {
        &self.name
    }
}

/// `Create group`. It posts its fields to `/groups`.
#[derive(Debug, Default, Template)]
#[template(path = "local/identity_center/console/new_group.html")]
pub struct NewGroup {
    pub csrf: String,
    pub display_name: Field,
    pub description: Field,
    pub problem: Option<String>,
}

impl Body for NewGroup {
    fn title(&self) -> &'static str {
        "Create group"
    }
}
