//! The images of tiles.

use async_trait::async_trait;
use jetway_identity::applications::{ImageFormat, TileImage};
use jetway_identity::store::{ReadApplicationImages, WriteApplicationImages};
use jetway_identity::{ApplicationId, StoreError, UserId};
use sqlx::any::AnyRow;
use sqlx::query;

use crate::entities::applications::is_assigned;
use crate::fields::{Fields, base64};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    OF_APPLICATION = "SELECT i.hash, i.media_type, i.data FROM application_images i \
                      WHERE i.application_id = $1";
    OF_TILE = concat!(
        "SELECT i.hash, i.media_type, i.data FROM users u JOIN applications a \
         ON a.active = 1 AND a.show_in_portal = 1 \
         JOIN application_images i ON i.application_id = a.id \
         WHERE u.id = $1 AND a.id = $2 AND u.state = 'active' AND ", is_assigned!()
    );
    PUT = "INSERT INTO application_images (application_id, hash, media_type, data) \
           VALUES ($1, $2, $3, $4) ON CONFLICT (application_id) DO UPDATE SET \
           hash = excluded.hash, media_type = excluded.media_type, data = excluded.data";
    DELETE = "DELETE FROM application_images WHERE application_id = $1";
}

fn read_image(row: &AnyRow) -> Result<TileImage, StoreError> {
    let mut fields = Fields::of(row);
    Ok(TileImage {
        hash: fields.text()?,
        format: fields.word(ImageFormat::from_media_type)?,
        bytes: fields.bytes()?,
    })
}

#[async_trait]
impl ReadApplicationImages for Unit {
    async fn application_image(
        &mut self,
        application: ApplicationId,
    ) -> Result<Option<TileImage>, StoreError> {
        let statement = query(OF_APPLICATION).bind(application.to_string());
        let row = self.row(statement).await?;
        row.as_ref().map(read_image).transpose()
    }

    async fn image_of_tile(
        &mut self,
        user: UserId,
        application: ApplicationId,
    ) -> Result<Option<TileImage>, StoreError> {
        let statement = query(OF_TILE)
            .bind(user.to_string())
            .bind(application.to_string());
        let row = self.row(statement).await?;
        row.as_ref().map(read_image).transpose()
    }
}

#[async_trait]
impl WriteApplicationImages for Unit {
    async fn put_application_image(
        &mut self,
        application: ApplicationId,
        image: &TileImage,
    ) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(application.to_string())
            .bind(image.hash.clone())
            .bind(image.format.media_type())
            .bind(base64(&image.bytes));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_application_image(
        &mut self,
        application: ApplicationId,
    ) -> Result<(), StoreError> {
        let statement = query(DELETE).bind(application.to_string());
        self.execute(statement).await?;
        Ok(())
    }
}
