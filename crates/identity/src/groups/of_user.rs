//! The groups of a person.

use crate::groups::Group;
use crate::ids::UserId;
use crate::store::{Store, StoreError};

/// The groups of a user, by name, the built-in one included. `None`: no such user.
pub async fn groups_of_user(
    store: &dyn Store,
    user: UserId,
) -> Result<Option<Vec<Group>>, StoreError> {
    let mut read = store.read().await?;
    if read.user(user).await?.is_none() {
        return Ok(None);
    }
    read.groups_of(user).await.map(Some)
}
