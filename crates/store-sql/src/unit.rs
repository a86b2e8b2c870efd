//! A connection at work for one use case.

use std::sync::Arc;

use async_trait::async_trait;
use jetway_identity::{Read, StoreError, Write};
use sqlx::Any;
use sqlx::any::{AnyArguments, AnyRow};
use sqlx::query::Query;

use crate::caches::Caches;
use crate::errors::unavailable;
use crate::pool::Lease;

/// Answers questions, and makes changes when it was begun as a transaction.
#[derive(Debug)]
pub(crate) struct Unit {
    lease: Lease,
    /// Nothing of it is kept.
    rehearsal: bool,
    pub(crate) caches: Arc<Caches>,
}

pub(crate) type Statement = Query<'static, Any, AnyArguments>;

impl Unit {
    pub(crate) fn new(lease: Lease, caches: Arc<Caches>) -> Self {
        Self {
            lease,
            rehearsal: false,
            caches,
        }
    }

    /// The same, but its commit undoes what was written.
    pub(crate) fn rehearsing(self) -> Self {
        Self {
            rehearsal: true,
            ..self
        }
    }

    /// Returns when no event of another node's transaction is under way; new ones wait until this
    /// transaction ends.
    pub(crate) async fn wait_for_event_writers(&mut self) -> Result<(), StoreError> {
        self.lease.wait_for_event_writers().await
    }

    /// At most one row.
    pub(crate) async fn row(&mut self, statement: Statement) -> Result<Option<AnyRow>, StoreError> {
        self.lease
            .run(async |connection| statement.fetch_optional(connection).await)
            .await
    }

    pub(crate) async fn rows(&mut self, statement: Statement) -> Result<Vec<AnyRow>, StoreError> {
        self.lease
            .run(async |connection| statement.fetch_all(connection).await)
            .await
    }

    /// How many rows were changed.
    pub(crate) async fn execute(&mut self, statement: Statement) -> Result<u64, StoreError> {
        let result = self
            .lease
            .run(async |connection| statement.execute(connection).await)
            .await;
        Ok(result?.rows_affected())
    }
}

impl Read for Unit {}

#[async_trait]
impl Write for Unit {
    async fn commit(mut self: Box<Self>) -> Result<(), StoreError> {
        if self.rehearsal {
            return self.lease.roll_back().await;
        }
        // In a task of its own: once begun it is seen to its end, also when the caller goes away.
        let committing = tokio::spawn(async move {
            let committed = self.lease.commit().await;
            // Also when it failed: it may have been committed before the answer was lost.
            self.caches.subjects.forget();
            committed
        });
        committing.await.map_err(unavailable)?
    }
}
