//! The applications on a person's portal.

use crate::applications::Tile;
use crate::ids::UserId;
use crate::store::{Store, StoreError};

/// The active, visible applications that are granted to a group of the user, by label
/// (requirements L01, L04). Nobody else's, and none for a user who is not active.
pub async fn list_tiles(store: &dyn Store, user: UserId) -> Result<Vec<Tile>, StoreError> {
    store.read().await?.tiles(user).await
}
