//! Groups of people. Access to applications follows membership (requirement K05).

mod add_member;
mod create;
mod everyone;
mod remove_member;

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::events::{Target, TargetKind};
use crate::ids::GroupId;

pub use add_member::{AddMemberError, add_member};
pub use create::{CreateGroupError, NewGroup, create_group};
pub use everyone::{EVERYONE, ensure_everyone};
pub use remove_member::{RemoveMemberError, remove_member};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    /// Unique in any letter case.
    pub name: String,
    /// Custom attributes that its members inherit in assertions.
    pub attributes: BTreeMap<String, String>,
    /// The built-in group that contains every user, without membership records.
    pub everyone: bool,
    pub created_at: OffsetDateTime,
}

impl Group {
    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Group,
            id: self.id.to_string(),
            label: self.name.clone(),
        }
    }
}

/// The form in which group names are compared.
pub fn name_key(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.trim().nfkc().collect::<String>().to_lowercase()
}
