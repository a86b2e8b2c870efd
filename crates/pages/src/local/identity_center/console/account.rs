//! AWS accounts: the organisation's tree, and who may do what in one account.

use askama::Template;

use super::BASE;
use crate::Body;

/// What a line of the tree is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationPart {
    Root,
    Unit,
    Account {
        email: String,
        /// Whether it manages the organisation.
        management: bool,
        /// Whether it was closed.
        suspended: bool,
        /// Names of the permission sets that are provisioned there.
        permission_sets: Vec<String>,
    },
}

/// One line of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationNode {
    /// 0 is the root.
    pub depth: usize,
    /// `r-…`, `ou-…` or 12 digits.
    pub id: String,
    pub name: String,
    pub part: OrganizationPart,
}

impl OrganizationNode {
    /// Deeper levels look like the last.
    fn indent(&self) -> usize {
        self.depth.min(6)
    }
}

/// The organisation, parents before their children.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/accounts.html")]
pub struct OrganizationPage {
    /// `o-…`.
    pub organization_id: String,
    pub nodes: Vec<OrganizationNode>,
}

impl Body for OrganizationPage {
    fn title(&self) -> &'static str {
        "AWS accounts"
    }
}

/// A user or group with what it holds in the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignedPrincipal {
    /// `user:<id>` or `group:<id>`, as forms carry it.
    pub principal: String,
    pub group: bool,
    /// `None` when the user or group is gone and the assignment dangles.
    pub name: Option<String>,
    /// Names of the permission sets.
    pub permission_sets: Vec<String>,
}

impl AssignedPrincipal {
    pub(super) fn kind(&self) -> &'static str {
        if self.group { "Group" } else { "User" }
    }
}

/// One account.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/account.html")]
pub struct AccountAccess {
    /// 12 digits.
    pub id: String,
    pub name: String,
    pub email: String,
    pub assigned: Vec<AssignedPrincipal>,
    /// Permission sets with their roles here: name, id, role, whether the role is up to date.
    pub provisioned: Vec<(String, String, String, bool)>,
}

impl Body for AccountAccess {
    fn title(&self) -> &str {
        &self.name
    }
}
