//! Who has an application: a tick list of groups, single people, and everybody with the reasons
//! (requirements K02 to K05).
//!
//! The tick list posts `group` and `before` to `…/groups`. A found person's button sends `id` to
//! `…/people/add`, the button of one who has it alone to `…/people/remove`.

use askama::Template;

use super::{ApplicationHeader, GrantedGroup};
use crate::Body;
use crate::admin::groups::Candidate;
use crate::admin::parts::{Paging, UserState};

/// A group of the organisation. Sent as `group` when it is ticked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TickedGroup {
    pub id: String,
    pub name: String,
    /// `static`, `dynamic`, `everyone`.
    pub membership: &'static str,
    pub ticked: bool,
}

/// Somebody to whom the application is granted alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinglePerson {
    pub id: String,
    pub name: String,
    pub email: String,
}

/// Somebody who has the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonWithAccess {
    pub id: String,
    pub name: String,
    pub email: String,
    pub state: UserState,
    /// Granted to them alone.
    pub direct: bool,
    /// Their groups that have it.
    pub groups: Vec<GrantedGroup>,
}

/// The page.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/applications/groups.html")]
pub struct ApplicationGroups {
    pub application: ApplicationHeader,
    pub csrf: String,
    pub can_edit: bool,
    /// What the groups are searched for.
    pub query: String,
    pub groups: Vec<TickedGroup>,
    pub groups_paging: Paging,
    /// Ticked as the page was made, sent back as `before`: so that what somebody else granted in
    /// the meantime is not taken away.
    pub before: String,
    pub singles: Vec<SinglePerson>,
    /// What was searched for to add; `None` before the first search.
    pub adding: Option<String>,
    /// `member` means that they have it alone already.
    pub candidates: Vec<Candidate>,
    pub people: Vec<PersonWithAccess>,
    pub people_paging: Paging,
    /// Why it was not saved.
    pub problem: Option<String>,
}

impl Body for ApplicationGroups {
    fn title(&self) -> &str {
        &self.application.label
    }
}
