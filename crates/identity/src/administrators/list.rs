//! Reading administrators.

use crate::administrators::Administrator;
use crate::ids::AdministratorId;
use crate::store::{Store, StoreError};

/// All administrators, by e-mail address.
pub async fn list_administrators(store: &dyn Store) -> Result<Vec<Administrator>, StoreError> {
    store.read().await?.administrators().await
}

/// One administrator.
pub async fn administrator(
    store: &dyn Store,
    id: AdministratorId,
) -> Result<Option<Administrator>, StoreError> {
    store.read().await?.administrator(id).await
}
