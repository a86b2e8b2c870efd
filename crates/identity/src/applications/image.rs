//! The image of a tile (requirement G06).

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::json;

use crate::administrators::{Permission, require};
use crate::applications::image_format::ImageFormat;
use crate::applications::update::visible;
use crate::applications::{Application, UpdateApplicationError};
use crate::events::{Change, EventKind, changes_between};
use crate::ids::{ApplicationId, UserId};
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Largest image, in bytes.
pub const MAX_IMAGE_BYTES: usize = 256 << 10;
/// Longest side of an image, in pixels.
pub const MAX_IMAGE_SIDE: u32 = 1024;

/// A picture that can be shown to anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TileImage {
    pub format: ImageFormat,
    pub bytes: Vec<u8>,
    /// SHA-256 of the bytes, in lower-case hexadecimal digits.
    pub hash: String,
}

/// Why a file is no image of a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidImage {
    #[error("choose a picture first")]
    Empty,
    #[error("use a picture of at most {} KiB", MAX_IMAGE_BYTES >> 10)]
    TooLarge,
    #[error("this is not a PNG, JPEG, GIF or WebP picture")]
    Format,
    #[error("the picture is damaged; save it once more and try again")]
    Damaged,
    #[error("the picture has {0} by {1} pixels; use one of at most {max} by {max}", max = MAX_IMAGE_SIDE)]
    Dimensions(u32, u32),
}

impl TileImage {
    /// Takes what the bytes show to be a picture within the bounds. What it was called and what it was
    /// declared as plays no part.
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidImage> {
        if bytes.is_empty() {
            return Err(InvalidImage::Empty);
        }
        let format = ImageFormat::of(bytes).ok_or(InvalidImage::Format)?;
        if bytes.len() > MAX_IMAGE_BYTES {
            return Err(InvalidImage::TooLarge);
        }
        let (width, height) = format.dimensions(bytes).ok_or(InvalidImage::Damaged)?;
        if width.max(height) > MAX_IMAGE_SIDE {
            return Err(InvalidImage::Dimensions(width, height));
        }
        Ok(Self {
            format,
            bytes: bytes.to_vec(),
            hash: hex::encode(digest(&SHA256, bytes)),
        })
    }
}

/// Gives an application an image, in place of the one it has, or with `None` takes it away. One
/// transaction, with the event `application_update`. `expected` as in [`super::update_application`].
/// The same image again changes nothing.
pub async fn set_application_image(
    op: &mut Op,
    store: &dyn Store,
    id: ApplicationId,
    expected: Option<i64>,
    image: Option<&TileImage>,
) -> Result<Arc<Application>, UpdateApplicationError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteApplications).await??;
    let before = write
        .application(id)
        .await?
        .ok_or(UpdateApplicationError::NoSuchApplication)?;
    if expected.is_some_and(|version| version != before.version) {
        return Err(UpdateApplicationError::Stale(before));
    }
    let hash = image.map(|image| image.hash.clone());
    if hash == before.image {
        return Ok(before);
    }
    let mut after = Application::clone(&before);
    after.image = hash;
    after.version += 1;
    match image {
        Some(image) => write.put_application_image(id, image).await?,
        None => write.delete_application_image(id).await?,
    }
    write.update_application(&after).await?;
    let changes = changes_between(&visible(&before), &visible(&after));
    let detail = json!({ "changes": Change::list(&changes) });
    let target = Some(after.target());
    let event = op.event(EventKind::ApplicationUpdate, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(Arc::new(after))
}

/// The image of an application, for administrators.
pub async fn application_image(
    store: &dyn Store,
    id: ApplicationId,
) -> Result<Option<TileImage>, StoreError> {
    store.read().await?.application_image(id).await
}

/// The image of an application for somebody whose portal shows it; nobody else gets it.
pub async fn image_of_tile(
    store: &dyn Store,
    user: UserId,
    id: ApplicationId,
) -> Result<Option<TileImage>, StoreError> {
    store.read().await?.image_of_tile(user, id).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A PNG of this size, without pixels.
    fn png(width: u32, height: u32, padding: usize) -> Vec<u8> {
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        file.extend(width.to_be_bytes());
        file.extend(height.to_be_bytes());
        file.extend(b"\x08\x06\0\0\0\0\0\0\0");
        file.extend(u32::try_from(padding).unwrap().to_be_bytes());
        file.extend(b"IDAT");
        file.resize(file.len() + padding + 4, 0);
        file.extend(b"\0\0\0\0IEND\xae\x42\x60\x82");
        file
    }

    /// Requirement G06.
    #[test]
    fn an_image_may_have_so_many_bytes_and_pixels_and_no_more() {
        let longest = MAX_IMAGE_BYTES - png(1, 1, 0).len();
        assert!(TileImage::read(&png(1024, 1024, longest)).is_ok());
        let refused = |file: &[u8]| TileImage::read(file).unwrap_err();
        assert_eq!(refused(&png(1, 1, longest + 1)), InvalidImage::TooLarge);
        assert_eq!(refused(&png(1025, 1, 0)), InvalidImage::Dimensions(1025, 1));
        assert_eq!(
            refused(&png(1, u32::MAX, 0)),
            InvalidImage::Dimensions(1, u32::MAX)
        );
        assert_eq!(refused(&png(0, 1, 0)), InvalidImage::Damaged);
        assert_eq!(refused(b""), InvalidImage::Empty);
        assert_eq!(refused(b"<svg onload='alert(1)'/>"), InvalidImage::Format);
        let said = InvalidImage::Dimensions(2000, 10).to_string();
        assert_eq!(
            said,
            "the picture has 2000 by 10 pixels; use one of at most 1024 by 1024"
        );
    }
}
