//! Storage of who has which application.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::groups::Group;
use crate::ids::{ApplicationId, GroupId, UserId};
#[cfg(doc)]
use crate::users::UserSort;
use crate::users::{Place, User};

/// Questions about access.
#[async_trait]
pub trait ReadAccess: Send {
    /// The groups that an application is granted to, by name.
    async fn groups_of_application(
        &mut self,
        application: ApplicationId,
    ) -> Result<Vec<Group>, StoreError>;
    /// The single users that an application is granted to, by name.
    async fn users_of_application(
        &mut self,
        application: ApplicationId,
        limit: u32,
    ) -> Result<Vec<User>, StoreError>;
    /// Everybody who has an application through a group or alone, in the order of
    /// [`UserSort::Name`], after a place in it; whether alone.
    async fn people_of_application(
        &mut self,
        application: ApplicationId,
        after: Option<&Place>,
        limit: u32,
    ) -> Result<Vec<(User, bool)>, StoreError>;
}

/// Changes to access.
#[async_trait]
pub trait WriteAccess: Send {
    /// Whether the group was not assigned before. Errors: [`StoreError::Missing`].
    async fn assign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Whether the group was assigned before.
    async fn unassign_group(
        &mut self,
        application: ApplicationId,
        group: GroupId,
    ) -> Result<bool, StoreError>;
    /// Whether the user was not assigned before. Errors: [`StoreError::Missing`].
    async fn assign_user(
        &mut self,
        application: ApplicationId,
        user: UserId,
        at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Whether the user was assigned before.
    async fn unassign_user(
        &mut self,
        application: ApplicationId,
        user: UserId,
    ) -> Result<bool, StoreError>;
}
