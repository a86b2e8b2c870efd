//! Assigning users or groups to an account: whom, then what.

use askama::Template;

use super::BASE;
use crate::{
    Body,
    admin::parts::{Tab, Tabs},
};

/// A user or group with its check box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrincipalChoice {
    /// `user:<id>` or `group:<id>`.
    pub principal: String,
    pub name: String,
    /// Display name of a user, description of a group.
    pub detail: String,
}

/// Step 1: tabs Groups and Users. It sends `principal` (several) to
/// `/accounts/<id>/permission-sets` with GET.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/assign_principals.html")]
pub struct AssignPrincipals {
    /// 12 digits.
    pub account_id: String,
    pub account_name: String,
    /// Which of the tabs is shown.
    pub groups: bool,
    /// What was searched for; empty shows the first.
    pub search: String,
    pub choices: Vec<PrincipalChoice>,
    /// How many more there are than are shown.
    pub more: usize,
    pub problem: Option<String>,
}

impl AssignPrincipals {
    fn tabs(&self) -> Tabs {
        let here = format!("{BASE}/accounts/{}/assign", self.account_id);
        Tabs {
            label: "Users or groups".to_owned(),
            tabs: vec![
                Tab::new(format!("{here}?tab=groups"), "Groups", self.groups),
                Tab::new(format!("{here}?tab=users"), "Users", !self.groups),
            ],
        }
    }

    fn tab(&self) -> &'static str {
        if self.groups { "groups" } else { "users" }
    }
}

impl Body for AssignPrincipals {
    fn title(&self) -> &'static str {
        "Assign users or groups"
    }
}

/// A permission set with its check box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetChoice {
    /// `ps-…`.
    pub id: String,
    pub name: String,
    pub description: String,
    pub ticked: bool,
}

/// Step 2: what they hold. It posts `principal` (several) and `permission_set` (several) to
/// `/accounts/<id>/assignments`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/assign_permission_sets.html")]
pub struct AssignPermissionSets {
    pub csrf: String,
    /// 12 digits.
    pub account_id: String,
    pub account_name: String,
    /// Value and name of each.
    pub principals: Vec<(String, String)>,
    /// Whether the one principal holds something already: then what is not ticked is taken away.
    pub change: bool,
    pub choices: Vec<PermissionSetChoice>,
    pub problem: Option<String>,
}

impl Body for AssignPermissionSets {
    fn title(&self) -> &'static str {
        "Permission sets"
    }
}
