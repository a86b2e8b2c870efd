//! Permission sets: the list, and the form that makes or changes one.

use askama::Template;

use super::BASE;
use crate::{Body, admin::parts::Field};

/// One permission set in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetRow {
    /// `ps-…`.
    pub id: String,
    pub name: String,
    pub description: String,
    /// How many accounts have its role.
    pub accounts: usize,
    /// In how many of them the role is older than the permission set.
    pub outdated: usize,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/permission_sets.html")]
pub struct PermissionSetList {
    pub sets: Vec<PermissionSetRow>,
}

impl Body for PermissionSetList {
    fn title(&self) -> &'static str {
        "Permission sets"
    }
}

/// `Create permission set`, or changing what it is called and how long its sessions last. It posts
/// its fields to `action`.
#[derive(Debug, Default, Template)]
#[template(path = "local/identity_center/console/permission_set_form.html")]
pub struct PermissionSetForm {
    pub csrf: String,
    /// Of the permission set that is changed; `None` makes a new one.
    pub id: Option<String>,
    pub set_name: Field,
    pub description: Field,
    /// `PT1H`.
    pub session_duration: Field,
    pub relay_state: Field,
    /// One ARN a line; only when it is new.
    pub managed: Field,
    /// One name or path and name a line; only when it is new.
    pub customer_managed: Field,
    /// JSON; only when it is new.
    pub inline: Field,
    pub problem: Option<String>,
}

impl PermissionSetForm {
    fn heading(&self) -> &'static str {
        match self.id {
            None => "Create permission set",
            Some(_) => "Edit general settings",
        }
    }

    fn action(&self) -> String {
        match &self.id {
            None => format!("{BASE}/permission-sets"),
            Some(id) => format!("{BASE}/permission-sets/{id}/edit"),
        }
    }

    fn cancel(&self) -> String {
        match &self.id {
            None => format!("{BASE}/permission-sets"),
            Some(id) => format!("{BASE}/permission-sets/{id}"),
        }
    }
}

impl Body for PermissionSetForm {
    fn title(&self) -> &str {
        self.heading()
    }
}
