//! Storage of groups and membership.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::groups::Group;
use crate::ids::{GroupId, UserId};

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
    async fn members(&mut self, group: GroupId) -> Result<Vec<UserId>, StoreError>;
}

/// Changes to groups.
#[async_trait]
pub trait WriteGroups: Send {
    /// Errors: [`Unique::GroupName`].
    async fn insert_group(&mut self, group: &Group) -> Result<(), StoreError>;
    /// Whether the user was not a member before. Errors: [`StoreError::Missing`].
    async fn add_member(
        &mut self,
        group: GroupId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Whether the user was a member before.
    async fn remove_member(&mut self, group: GroupId, user: UserId) -> Result<bool, StoreError>;
}
