//! Reading alerts.

use crate::alerts::Alert;
use crate::ids::AlertId;
use crate::store::{Store, StoreError};

/// Longest page.
const MAX_PAGE: u32 = 200;

/// Alerts, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertPage {
    pub alerts: Vec<Alert>,
    /// Pass it as `before` to get what follows.
    pub next: Option<AlertId>,
}

/// Those that are open, or those that are closed.
pub async fn list_alerts(
    store: &dyn Store,
    open: bool,
    before: Option<AlertId>,
    limit: u32,
) -> Result<AlertPage, StoreError> {
    let limit = limit.clamp(1, MAX_PAGE);
    let mut alerts = store.read().await?.alerts(open, before, limit + 1).await?;
    let more = alerts.len() > limit as usize;
    alerts.truncate(limit as usize);
    let next = alerts.last().filter(|_| more).map(|alert| alert.id);
    Ok(AlertPage { alerts, next })
}

/// One alert.
pub async fn find_alert(store: &dyn Store, id: AlertId) -> Result<Option<Alert>, StoreError> {
    store.read().await?.alert(id).await
}

/// How many are open: the number at the bell.
pub async fn count_open_alerts(store: &dyn Store) -> Result<u64, StoreError> {
    store.read().await?.count_open_alerts().await
}
