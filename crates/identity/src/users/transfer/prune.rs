//! Forgetting files that nobody confirmed.

use time::Duration;

use crate::op::Op;
use crate::store::{Store, StoreError};

/// How long a preview waits to be confirmed.
pub(super) const UNCONFIRMED: Duration = Duration::days(1);

/// Forgets previews that nobody confirmed within a day. A job for once an hour: they hold what is
/// known about people.
pub async fn prune_imports(op: &Op, store: &dyn Store) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    write.prune_imports(op.now - UNCONFIRMED).await?;
    write.commit().await
}
