//! Storage of alerts.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::alerts::Alert;
use crate::ids::AlertId;

/// Questions about alerts.
#[async_trait]
pub trait ReadAlerts: Send {
    /// Newest first: those that are open, or those that are closed, raised before `before`.
    async fn alerts(
        &mut self,
        open: bool,
        before: Option<AlertId>,
        limit: u32,
    ) -> Result<Vec<Alert>, StoreError>;

    async fn alert(&mut self, id: AlertId) -> Result<Option<Alert>, StoreError>;

    async fn open_alert(&mut self, dedupe_key: &str) -> Result<Option<Alert>, StoreError>;

    async fn count_open_alerts(&mut self) -> Result<u64, StoreError>;
}

/// Changes of alerts.
#[async_trait]
pub trait WriteAlerts: Send {
    async fn insert_alert(&mut self, alert: &Alert) -> Result<(), StoreError>;

    /// Notes that the cause of an open alert came again: its text and time are those of now.
    async fn repeat_alert(
        &mut self,
        id: AlertId,
        text: &str,
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;

    /// Whether it was open.
    async fn close_alert(
        &mut self,
        id: AlertId,
        at: OffsetDateTime,
        by: &str,
    ) -> Result<bool, StoreError>;
}
