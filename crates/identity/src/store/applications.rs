//! Storage of applications.

use std::sync::Arc;

use super::StoreError;
#[cfg(doc)]
use super::Unique;
use crate::applications::{Application, ApplicationAndGroups, SigningKeyRecord, Tile};
use crate::ids::{ApplicationId, GroupId, UserId};
use async_trait::async_trait;
use time::OffsetDateTime;

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
    /// Everything but id, slug, kind and creation.
    async fn update_application(&mut self, application: &Application) -> Result<(), StoreError>;
    /// Counts a change of something that belongs to it.
    async fn bump_application(&mut self, id: ApplicationId) -> Result<(), StoreError>;
    /// Whether the request of a service provider with this hash of its id was not answered before;
    /// it is answered now.
    async fn use_sso_request(
        &mut self,
        application: ApplicationId,
        request_hash: &str,
        expires_at: OffsetDateTime,
    ) -> Result<bool, StoreError>;
    /// Forgets requests that can be answered no more.
    async fn prune_sso_requests(&mut self, now: OffsetDateTime) -> Result<(), StoreError>;
    /// With its keys and grants.
    async fn delete_application(&mut self, id: ApplicationId) -> Result<(), StoreError>;
}
