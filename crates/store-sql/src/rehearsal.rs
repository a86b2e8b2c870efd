//! The store for trying a change (`?plan=true` of the API).

use std::sync::Arc;

use async_trait::async_trait;
use jetway_identity::{Event, Read, SessionId, Store, StoreError, Write};
use time::OffsetDateTime;

use crate::store::SqlStore;
use crate::unit::Unit;

/// Reads what is there; a write takes its turn like any other, and its commit undoes it.
pub(crate) struct Rehearsal<'a>(pub(crate) &'a SqlStore);

#[async_trait]
impl Store for Rehearsal<'_> {
    async fn read(&self) -> Result<Box<dyn Read + '_>, StoreError> {
        self.0.read().await
    }

    async fn write(&self) -> Result<Box<dyn Write + '_>, StoreError> {
        let mut lease = self.0.writers.lend().await?;
        lease.begin().await?;
        let unit = Unit::new(lease, Arc::clone(&self.0.caches));
        Ok(Box::new(unit.rehearsing()))
    }

    fn rehearsal(&self) -> Box<dyn Store + '_> {
        Box::new(Rehearsal(self.0))
    }

    async fn record(&self, _: Event) -> Result<(), StoreError> {
        Ok(())
    }

    async fn touch_session(&self, _: SessionId, _: OffsetDateTime) -> Result<(), StoreError> {
        Ok(())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.0.ping().await
    }
}
