//! Forgetting what is over.

use time::Duration;

use crate::op::Op;
use crate::store::{Store, StoreError};

/// Mails are kept this long, sent or not.
const KEEP: Duration = Duration::days(30);

/// Forgets old mails, expired links and old counters. A job for once an hour.
pub async fn prune_outbox(op: &mut Op, store: &dyn Store) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.prune_mails(op.now - KEEP).await?;
    write.prune_links(op.now).await?;
    write.prune_request_counts(op.now - Duration::DAY).await?;
    write.commit().await
}
