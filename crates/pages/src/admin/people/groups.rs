//! The User Groups tab: in which groups, and why.
//!
//! The form posts to `/admin/users/{id}/groups`: `csrf`, `shown` per row that can be changed, and
//! `group` per ticked one. Groups that are not shown stay as they are.

use askama::Template;

use super::UserHeader;
use crate::Body;
use crate::admin::parts::Paging;

/// Why the person is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MembershipKind {
    /// Not in it.
    None,
    /// Put in by hand.
    Direct,
    /// By the rule of a dynamic group; cannot be changed here.
    ByRule,
    /// The built-in group of all; cannot be changed.
    Everyone,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MembershipRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub membership: MembershipKind,
    /// The group is dynamic or built in: nobody is put in by hand.
    pub fixed: bool,
}

impl MembershipRow {
    fn is_member(&self) -> bool {
        self.membership != MembershipKind::None
    }

    fn reason(&self) -> &'static str {
        match self.membership {
            MembershipKind::None => "",
            MembershipKind::Direct => "direct",
            MembershipKind::ByRule => "by rule",
            MembershipKind::Everyone => "everyone",
        }
    }
}

/// The tab.
#[derive(Debug, Clone, Template)]
#[template(path = "admin/people/groups.html")]
pub struct UserGroups {
    pub header: UserHeader,
    /// What was searched for.
    pub query: String,
    /// The person's groups first.
    pub rows: Vec<MembershipRow>,
    pub paging: Paging,
}

impl Body for UserGroups {
    fn title(&self) -> &str {
        &self.header.name
    }
}
