//! Forgetting sessions and failed sign-ins that are over.

use crate::op::Op;
use crate::sessions::devices::FORGET;
use crate::sessions::forgettable;
use crate::store::{Store, StoreError};

/// Forgets sessions of both portals that are past their absolute limit, browsers that nobody has
/// signed in with for long, and counters of failed sign-ins that count no more. A job for once an hour; a session that is over admits nobody
/// before either.
pub async fn prune_sessions(op: &Op, store: &dyn Store) -> Result<(), StoreError> {
    let settings = store.read().await?.settings().await?.sections;
    let (few, few_before, all_before) = forgettable(&settings.lockout, op.now);
    let mut write = store.write().await?;
    write.prune_sessions(op.now).await?;
    write.prune_administrator_sessions(op.now).await?;
    write.prune_known_devices(op.now - FORGET).await?;
    write.prune_failures(few, few_before, all_before).await?;
    write.commit().await
}
