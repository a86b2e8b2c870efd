//! Forgetting sessions that are over.

use crate::op::Op;
use crate::store::{Store, StoreError};

/// Forgets sessions of both portals that are past their absolute limit. A job for once an hour; a
/// session that is over admits nobody before either.
pub async fn prune_sessions(op: &Op, store: &dyn Store) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.prune_sessions(op.now).await?;
    write.prune_administrator_sessions(op.now).await?;
    write.commit().await
}
