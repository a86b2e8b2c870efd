//! Storage of applications, their keys and assignments.

use std::sync::Arc;

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::applications::{Application, ApplicationAndGroups, SigningKeyRecord, Tile};
use crate::ids::{ApplicationId, GroupId, KeyId, UserId};

/// Questions about applications.
#[async_trait]
pub trait ReadApplications: Send {
    async fn application(
        &mut self,
        id: ApplicationId,
    ) -> Result<Option<Arc<Application>>, StoreError>;
    async fn application_by_slug(
        &mut self,
        slug: &str,
    ) -> Result<Option<Arc<Application>>, StoreError>;
    /// All applications, by label, with the groups that they are granted to, by name.
    async fn applications(&mut self) -> Result<Vec<ApplicationAndGroups>, StoreError>;
    /// The applications that are granted to a group, by label.
    async fn applications_of_group(
        &mut self,
        group: GroupId,
    ) -> Result<Vec<Arc<Application>>, StoreError>;
    /// The applications that are granted to a group of the user, by label, with those groups, by
    /// name.
    async fn applications_of_user(
        &mut self,
        user: UserId,
    ) -> Result<Vec<ApplicationAndGroups>, StoreError>;
    async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKeyRecord>, StoreError>;
    /// What the portal shows an active user: active, visible applications granted to a group of
    /// theirs, by label.
    async fn tiles(&mut self, user: UserId) -> Result<Vec<Tile>, StoreError>;
}

/// Changes to applications.
#[async_trait]
pub trait WriteApplications: Send {
    /// With its key, if it signs. Errors: [`Unique::Slug`].
    async fn insert_application(
        &mut self,
        application: &Application,
        key: Option<&SigningKeyRecord>,
    ) -> Result<(), StoreError>;
    async fn set_application_active(
        &mut self,
        id: ApplicationId,
        active: bool,
    ) -> Result<(), StoreError>;
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
}
