//! Storage of groups and membership.

use std::collections::HashMap;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::groups::{Group, GroupSummary, MemberCursor, NewMember};
use crate::ids::{GroupId, UserId};
use crate::users::User;

/// Questions about groups.
#[async_trait]
pub trait ReadGroups: Send {
    async fn group(&mut self, id: GroupId) -> Result<Option<Group>, StoreError>;
    /// `name` in any letter case.
    async fn group_by_name(&mut self, name: &str) -> Result<Option<Group>, StoreError>;
    /// The built-in group that contains everyone, once it was made.
    async fn everyone_group(&mut self) -> Result<Option<Group>, StoreError>;
    /// The groups of a user, by name, the built-in one included.
    async fn groups_of(&mut self, user: UserId) -> Result<Vec<Group>, StoreError>;
    /// The ids of the groups of a user, the built-in one included. In no order.
    async fn group_ids_of(&mut self, user: UserId) -> Result<Vec<GroupId>, StoreError>;
    /// The names of those of these groups that exist. In no order.
    async fn group_names(
        &mut self,
        groups: &[GroupId],
    ) -> Result<Vec<(GroupId, String)>, StoreError>;
    /// [`Self::groups_of`] for each of these users.
    async fn groups_among(
        &mut self,
        users: &[UserId],
    ) -> Result<HashMap<UserId, Vec<Group>>, StoreError>;
    /// The names, in their order, of the groups of each of these users that somebody put them
    /// into: neither the built-in one nor those that follow a rule.
    async fn static_groups_among(
        &mut self,
        users: &[UserId],
    ) -> Result<HashMap<UserId, Vec<String>>, StoreError>;
    /// All members of a group that is not the built-in one, by id.
    async fn members(&mut self, group: GroupId) -> Result<Vec<UserId>, StoreError>;
    /// Part of the members of a group, the built-in one included, by id.
    async fn member_ids(
        &mut self,
        group: GroupId,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<UserId>, StoreError>;
    /// Groups by name, after the name key `after`, with how many members and applications each
    /// has. `text` is part of the name or the description, in the form of
    /// [`crate::groups::name_key`]; empty: all.
    async fn group_page(
        &mut self,
        text: &str,
        after: &str,
        limit: u32,
    ) -> Result<Vec<GroupSummary>, StoreError>;
    /// The groups whose members are found by a rule, by id.
    async fn dynamic_groups(&mut self) -> Result<Vec<Group>, StoreError>;
    /// How many members and applications a group has.
    async fn group_counts(&mut self, group: GroupId) -> Result<(u64, u64), StoreError>;
    /// Members by name, after `after`. `text` is part of their name, address or username, in the
    /// form of [`crate::groups::name_key`]; empty: all.
    async fn member_page(
        &mut self,
        group: GroupId,
        text: &str,
        after: &MemberCursor,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;
    /// Users by id after `after`, each with whether it is a member of `group`; without a group
    /// nobody is.
    async fn users_and_membership(
        &mut self,
        group: Option<GroupId>,
        after: Option<UserId>,
        limit: u32,
    ) -> Result<Vec<(User, bool)>, StoreError>;
    /// Those of `users` that exist, each with whether it is a member of `group`. In no order.
    async fn membership_of(
        &mut self,
        group: GroupId,
        users: &[UserId],
    ) -> Result<Vec<(User, bool)>, StoreError>;
    /// The ids of the groups in which a user is recorded as a member, and the key under which the
    /// user is listed there.
    async fn memberships(&mut self, user: UserId) -> Result<Vec<(GroupId, String)>, StoreError>;
    /// The names of custom attributes that users have or had. In no order.
    async fn user_attribute_names(&mut self) -> Result<Vec<String>, StoreError>;
}

/// Changes to groups.
#[async_trait]
pub trait WriteGroups: Send {
    /// Errors: [`Unique::GroupName`].
    async fn insert_group(&mut self, group: &Group) -> Result<(), StoreError>;
    /// Replaces every field that can change. Errors: [`Unique::GroupName`].
    async fn update_group(&mut self, group: &Group) -> Result<(), StoreError>;
    /// Removes the group, its memberships, and what was granted to it.
    async fn delete_group(&mut self, id: GroupId) -> Result<(), StoreError>;
    /// How many of them were not members before. Errors: [`StoreError::Missing`].
    async fn add_members(
        &mut self,
        group: GroupId,
        members: &[NewMember],
        at: OffsetDateTime,
    ) -> Result<u64, StoreError>;
    /// How many of them were members before.
    async fn remove_members(&mut self, group: GroupId, users: &[UserId])
    -> Result<u64, StoreError>;
    /// Adds a name to [`ReadGroups::user_attribute_names`].
    async fn note_user_attribute_name(&mut self, name: &str) -> Result<(), StoreError>;
    /// Changes the key under which a user is listed in every group.
    async fn set_member_key(&mut self, user: UserId, key: &str) -> Result<(), StoreError>;
}
