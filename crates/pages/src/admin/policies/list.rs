//! The list of policies.

use askama::Template;

use crate::Body;
use crate::admin::parts::Badge;

/// One policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRow {
    pub id: String,
    pub name: String,
    pub enabled: bool,
    /// `Everyone`, `3 groups`, `Administrators`.
    pub who: String,
    /// `Everything`, `AWS prod`.
    pub what: String,
    /// When it holds, in words; empty if always.
    pub conditions: Vec<String>,
    /// `refuses`, `second factor`.
    pub effect: Badge,
    /// What is wrong with it: that it is about nothing any more.
    pub warning: Option<String>,
}

/// The list, in the order that administrators gave it. Each row posts `do` (`on`, `off`, `up` or
/// `down`) to `/admin/policies/{id}/act`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "admin/policies/list.html")]
pub struct Policies {
    pub csrf: String,
    pub rows: Vec<PolicyRow>,
    /// Whether the administrator's role may change policies.
    pub can_edit: bool,
}

impl Body for Policies {
    fn title(&self) -> &'static str {
        "Conditional Policies"
    }
}
