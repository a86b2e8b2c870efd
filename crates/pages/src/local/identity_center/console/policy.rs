//! Changing a permission set: its inline policy, its tags, and bringing accounts up to date.

use askama::Template;

use super::{BASE, permission_set::TagRow};
use crate::{Body, admin::parts::Field};

/// `Edit permissions`. It posts `policy` to `/permission-sets/<id>/policy`; empty deletes it.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/policy.html")]
pub struct EditPolicy {
    pub csrf: String,
    /// `ps-…`.
    pub id: String,
    /// Of the permission set.
    pub name: String,
    /// JSON.
    pub policy: Field,
}

impl Body for EditPolicy {
    fn title(&self) -> &'static str {
        "Edit permissions"
    }
}

/// One account with its check box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReprovisionAccount {
    /// 12 digits.
    pub id: String,
    pub name: String,
    /// Whether its role is up to date already.
    pub current: bool,
}

/// The question after a change. It posts `account` (several) to
/// `/permission-sets/<id>/reprovision`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/reprovision.html")]
pub struct Reprovision {
    pub csrf: String,
    /// `ps-…`.
    pub id: String,
    /// Of the permission set.
    pub name: String,
    pub accounts: Vec<ReprovisionAccount>,
    pub problem: Option<String>,
}

impl Body for Reprovision {
    fn title(&self) -> &'static str {
        "Reprovision"
    }
}

/// `Add tags` and `Edit tags`. It posts `key` and `value` of each row with `do` (`save`, `add-row`
/// or `remove-<number>`) to `/permission-sets/<id>/tags`.
#[derive(Debug, Template)]
#[template(path = "local/identity_center/console/tags.html")]
pub struct EditTags {
    pub csrf: String,
    /// `ps-…`.
    pub id: String,
    /// Of the permission set.
    pub name: String,
    pub tags: Vec<TagRow>,
    pub problem: Option<String>,
}

impl EditTags {
    /// Numbered, with one empty row at the end.
    fn numbered(&self) -> Vec<(usize, TagRow)> {
        let rows = self.tags.iter().cloned();
        rows.chain([TagRow::default()])
            .enumerate()
            .map(|(index, row)| (index + 1, row))
            .collect()
    }
}

impl Body for EditTags {
    fn title(&self) -> &'static str {
        "Tags"
    }
}
