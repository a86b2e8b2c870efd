//! After a request was refused or failed.

use crate::idempotency::RequestKey;
use crate::store::{Store, StoreError};

/// Forgets the request: nothing was done, so the next one may try.
pub async fn release_request(store: &dyn Store, key: &RequestKey) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.delete_request(&key.caller, &key.key).await?;
    write.commit().await
}
