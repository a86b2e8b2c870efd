//! Reading API keys.

use crate::administrators::Administrator;
use crate::api_keys::ApiKey;
use crate::store::{Store, StoreError};

/// All keys with their owners, oldest first.
pub async fn list_api_keys(store: &dyn Store) -> Result<Vec<(ApiKey, Administrator)>, StoreError> {
    store.read().await?.api_keys().await
}
