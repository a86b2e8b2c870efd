//! Lists of users and groups.

use askama::Template;

use super::BASE;
use crate::{
    Body,
    admin::parts::{Badge, Paging, Tone},
};

/// Who may change users and groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ManagedBy {
    /// This console.
    Console,
    /// Automatic provisioning: the identity provider.
    Scim,
}

impl ManagedBy {
    /// Whether buttons that change something are there.
    pub(super) fn editable(self) -> bool {
        self == Self::Console
    }

    /// Why there are no such buttons.
    pub(super) fn why_not() -> &'static str {
        "Automatic provisioning is enabled: users and groups are created, changed and deleted at \
         the identity provider."
    }
}

/// Whether a user may sign in.
pub(super) fn status_of(enabled: bool) -> Badge {
    if enabled {
        Badge::new(Tone::Good, "Enabled")
    } else {
        Badge::new(Tone::None, "Disabled")
    }
}

/// Where somebody or something came from.
pub(super) fn origin_of(by_scim: bool) -> &'static str {
    if by_scim { "SCIM" } else { "Manual" }
}

/// One user in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    pub id: String,
    pub user_name: String,
    pub display_name: String,
    pub email: String,
    pub enabled: bool,
    /// Whether automatic provisioning made it.
    pub by_scim: bool,
}

impl UserRow {
    fn status(&self) -> Badge {
        status_of(self.enabled)
    }

    fn origin(&self) -> &'static str {
        origin_of(self.by_scim)
    }
}

/// The users.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/users.html")]
pub struct UserList {
    pub managed: ManagedBy,
    /// What was searched for; empty shows all.
    pub search: String,
    /// All there are without the search.
    pub total: usize,
    pub users: Vec<UserRow>,
    pub paging: Paging,
}

impl Body for UserList {
    fn title(&self) -> &'static str {
        "Users"
    }
}

/// One group in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    pub id: String,
    pub name: String,
    pub description: String,
    pub members: usize,
    /// Whether automatic provisioning made it.
    pub by_scim: bool,
}

impl GroupRow {
    fn origin(&self) -> &'static str {
        origin_of(self.by_scim)
    }
}

/// The groups.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/groups.html")]
pub struct GroupList {
    pub managed: ManagedBy,
    /// What was searched for; empty shows all.
    pub search: String,
    /// All there are without the search.
    pub total: usize,
    pub groups: Vec<GroupRow>,
    pub paging: Paging,
}

impl Body for GroupList {
    fn title(&self) -> &'static str {
        "Groups"
    }
}
