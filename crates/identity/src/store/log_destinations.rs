//! Storage of log destinations.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::LogDestinationId;
use crate::log_destinations::{Delivery, LogDestination};

/// Questions about log destinations.
#[async_trait]
pub trait ReadLogDestinations: Send {
    /// By name.
    async fn log_destinations(&mut self) -> Result<Vec<LogDestination>, StoreError>;

    async fn log_destination(
        &mut self,
        id: LogDestinationId,
    ) -> Result<Option<LogDestination>, StoreError>;
}

/// Changes of log destinations.
#[async_trait]
pub trait WriteLogDestinations: Send {
    async fn insert_log_destination(
        &mut self,
        destination: &LogDestination,
    ) -> Result<(), StoreError>;

    /// Everything but the delivery.
    async fn put_log_destination(&mut self, destination: &LogDestination)
    -> Result<(), StoreError>;

    async fn put_log_delivery(
        &mut self,
        id: LogDestinationId,
        delivery: &Delivery,
    ) -> Result<(), StoreError>;

    /// Whether there was one.
    async fn delete_log_destination(&mut self, id: LogDestinationId) -> Result<bool, StoreError>;

    /// Gives `holder` the right to deliver until `until`; `None` gives it up. Whether it was
    /// given: not while another holds it.
    async fn lease_log_destination(
        &mut self,
        id: LogDestinationId,
        holder: &str,
        now: OffsetDateTime,
        until: Option<OffsetDateTime>,
    ) -> Result<bool, StoreError>;
}
