//! Forgetting requests that nobody may repeat any more.

use crate::idempotency::KEPT_FOR;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Forgets the answers of old requests. A job for once an hour: they hold what programs asked for.
pub async fn prune_requests(op: &Op, store: &dyn Store) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.prune_requests(op.now - KEPT_FOR).await?;
    write.commit().await
}
