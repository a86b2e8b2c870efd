//! Storage of the organisation's settings.

use async_trait::async_trait;

use super::StoreError;
use crate::settings::OrganisationSettings;

/// Questions about the settings.
#[async_trait]
pub trait ReadSettings: Send {
    /// The settings as last saved; the defaults with version 0 before the first time.
    async fn settings(&mut self) -> Result<OrganisationSettings, StoreError>;
}

/// Changes to the settings.
#[async_trait]
pub trait WriteSettings: Send {
    /// Replaces all of them. The caller has read them in the same [`super::Write`] and counted
    /// [`OrganisationSettings::version`] up.
    async fn put_settings(&mut self, settings: &OrganisationSettings) -> Result<(), StoreError>;
}
