//! Storage of the images of tiles.

use async_trait::async_trait;

use super::StoreError;
use crate::applications::TileImage;
use crate::ids::{ApplicationId, UserId};

/// Questions about images.
#[async_trait]
pub trait ReadApplicationImages: Send {
    /// The image of an application, if it has one.
    async fn application_image(
        &mut self,
        application: ApplicationId,
    ) -> Result<Option<TileImage>, StoreError>;
    /// The same for a user whose portal shows the application: see
    /// [`super::ReadApplications::tiles`].
    async fn image_of_tile(
        &mut self,
        user: UserId,
        application: ApplicationId,
    ) -> Result<Option<TileImage>, StoreError>;
}

/// Changes of images. The application itself holds the hash.
#[async_trait]
pub trait WriteApplicationImages: Send {
    /// Errors: [`StoreError::Missing`].
    async fn put_application_image(
        &mut self,
        application: ApplicationId,
        image: &TileImage,
    ) -> Result<(), StoreError>;
    async fn delete_application_image(
        &mut self,
        application: ApplicationId,
    ) -> Result<(), StoreError>;
}
