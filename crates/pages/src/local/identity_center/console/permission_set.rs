//! One permission set.

use askama::Template;

use super::{BASE, account::AssignedPrincipal};
use crate::{
    Body,
    admin::parts::{Field, Moment},
};

/// A policy that can be detached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyName {
    /// As the form carries it: an ARN, or path and name.
    pub value: String,
    pub name: String,
}

/// A tag of the permission set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagRow {
    pub key: String,
    pub value: String,
}

/// What a permission set is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionSetFacts {
    /// `ps-…`.
    pub id: String,
    pub name: String,
    pub arn: String,
    pub description: String,
    pub session_duration: String,
    pub relay_state: String,
    pub created: Moment,
}

/// One permission set. It posts `policy` to
/// `/permission-sets/<id>/{managed,managed/detach,customer-managed,customer-managed/detach}`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/permission_set.html")]
pub struct PermissionSetDetails {
    pub csrf: String,
    pub facts: PermissionSetFacts,
    pub managed: Vec<PolicyName>,
    pub customer_managed: Vec<PolicyName>,
    /// JSON; empty when there is none.
    pub inline: String,
    /// Permissions boundary as text; empty when there is none.
    pub boundary: String,
    pub tags: Vec<TagRow>,
    /// Account name, id, and whether its role is up to date.
    pub accounts: Vec<(String, String, bool)>,
    /// Who is assigned anywhere, with account names in place of permission sets.
    pub assigned: Vec<AssignedPrincipal>,
    /// ARN to attach.
    pub attach_managed: Field,
    /// Name or path and name to attach.
    pub attach_customer: Field,
}

impl PermissionSetDetails {
    fn outdated(&self) -> bool {
        self.accounts.iter().any(|(_, _, current)| !current)
    }
}

impl Body for PermissionSetDetails {
    fn title(&self) -> &str {
        &self.facts.name
    }
}
