//! Reading log destinations.

use crate::ids::LogDestinationId;
use crate::log_destinations::LogDestination;
use crate::store::{Store, StoreError};

/// All of them, by name.
pub async fn list_log_destinations(store: &dyn Store) -> Result<Vec<LogDestination>, StoreError> {
    store.read().await?.log_destinations().await
}

/// One of them.
pub async fn find_log_destination(
    store: &dyn Store,
    id: LogDestinationId,
) -> Result<Option<LogDestination>, StoreError> {
    store.read().await?.log_destination(id).await
}
