//! The members of a group: a table, and two ways to add to it.
//!
//! Ticked rows go to `…/members/remove` as `id`; a found person's button sends `id` to
//! `…/members/add`; a pasted list goes to `…/members/paste` as `list`.

use askama::Template;

use super::GroupHeader;
use crate::Body;
use crate::admin::parts::{Field, Paging, UserState};

/// One person in the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub email: String,
    pub state: UserState,
    /// Also a member by the group's rule, or only by it; `None` in static groups.
    pub why: Option<String>,
}

/// Somebody who was found by a search and may be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub id: String,
    pub name: String,
    pub email: String,
    pub member: bool,
}

/// What became of a pasted list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pasted {
    /// `12 people added, 3 were members already.`
    pub summary: String,
    /// Lines that name nobody, with their numbers: `4: wile@example.com`.
    pub unknown: Vec<String>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/groups/members.html")]
pub struct GroupMembers {
    pub group: GroupHeader,
    pub csrf: String,
    /// Whether members can be changed here: not in dynamic groups, not of everyone.
    pub can_edit: bool,
    /// What the members are searched for.
    pub query: String,
    pub rows: Vec<Member>,
    pub paging: Paging,
    /// What was searched for to add; `None` before the first search.
    pub adding: Option<String>,
    pub candidates: Vec<Candidate>,
    /// The list as pasted, when it is shown again.
    pub list: Field,
    pub pasted: Option<Pasted>,
}

impl Body for GroupMembers {
    fn title(&self) -> &str {
        &self.group.name
    }
}
