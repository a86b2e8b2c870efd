//! Groups of people. Access to applications follows membership (requirement K05).

mod add_by_name;
mod change_members;
mod create;
mod delete;
pub(crate) mod dynamic;
mod everyone;
mod fields;
mod list;
mod members;
mod membership_events;
mod of_user;
mod preview_rule;
mod rule;
mod update;

use time::OffsetDateTime;

use crate::custom_attributes::CustomAttributes;
use crate::events::{Target, TargetKind};
use crate::ids::GroupId;

pub use add_by_name::{AddedByName, add_members_by_name};
pub use change_members::{
    ChangeMembersError, MAX_MEMBERS_AT_ONCE, MembersChanged, add_member, add_members,
    change_members, remove_member, remove_members,
};
pub use create::{CreateGroupError, NewGroup, create_group};
pub use delete::{DeleteGroupError, delete_group};
pub(crate) use dynamic::reevaluate;
pub use everyone::{EVERYONE, ensure_everyone};
pub use fields::InvalidGroup;
pub use list::{GroupPage, GroupSummary, group_summary, list_groups};
pub use members::{
    MemberCursor, MemberPage, NewMember, find_candidates, group_member_ids, member_key,
    members_page,
};
pub use of_user::groups_of_user;
pub use preview_rule::{
    PREVIEWED, PreviewRuleError, PreviewedUsers, RulePreview, preview_rule, rule_attributes,
};
pub use rule::{Combine, Condition, GroupRule, MAX_CONDITIONS, Operator};
pub use update::{GroupChange, UpdateGroupError, update_group};

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    pub id: GroupId,
    /// Unique in any letter case.
    pub name: String,
    pub description: String,
    /// Custom attributes that its members inherit in assertions (requirement E03).
    pub attributes: CustomAttributes,
    /// The built-in group that contains every user, without membership records.
    pub everyone: bool,
    pub membership: Membership,
    /// Counts changes of the group itself; members coming and going do not count.
    pub version: i64,
    pub updated_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
}

/// Who decides who is in a group.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Membership {
    /// Administrators, by hand.
    #[default]
    Static,
    /// A rule over the attributes of people; nobody can be added or removed by hand.
    Dynamic(GroupRule),
}

impl Group {
    /// Whether AWS cannot take the group, since its name has a ':' in it (requirement E05). The
    /// name is allowed all the same.
    pub fn wont_sync_to_aws(&self) -> bool {
        self.name.contains(':')
    }

    /// The rule of a dynamic group.
    pub fn rule(&self) -> Option<&GroupRule> {
        match &self.membership {
            Membership::Static => None,
            Membership::Dynamic(rule) => Some(rule),
        }
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Group,
            id: self.id.to_string(),
            label: self.name.clone(),
        }
    }
}

/// What somebody searches for, in the form that searches compare.
pub(crate) fn search_key(text: &str) -> String {
    let key = name_key(text);
    key.chars()
        .filter(|c| *c != '\0')
        .take(MAX_SEARCH)
        .collect()
}

/// Most characters of a search.
const MAX_SEARCH: usize = 256;

/// The form in which group names are compared.
pub fn name_key(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    name.trim().nfkc().collect::<String>().to_lowercase()
}
