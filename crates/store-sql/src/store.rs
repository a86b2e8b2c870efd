//! The store: a pool for reading, a pool for writing, and the task that writes events.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use jetway_identity::{Event, Read, SessionId, Store, StoreError, Write};
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::caches::Caches;
use crate::entities::sessions;
use crate::errors::{OpenError, unavailable};
use crate::event_log::EventWriter;
use crate::lock_file::LockedFolder;
use crate::open;
use crate::pool::Pool;
use crate::rehearsal::Rehearsal;
use crate::unit::Unit;

/// The identity provider's data in SQLite or PostgreSQL. Open it inside a tokio runtime.
#[derive(Debug)]
pub struct SqlStore {
    pub(crate) readers: Arc<Pool>,
    pub(crate) writers: Arc<Pool>,
    /// For what need not be synced at its commit; shares its turns with `writers`.
    pub(crate) quick_writers: Arc<Pool>,
    pub(crate) events: EventWriter,
    pub(crate) caches: Arc<Caches>,
    /// SQLite: held for as long as the store is open.
    pub(crate) _folder: Option<LockedFolder>,
}

impl SqlStore {
    /// Opens, or makes, the SQLite database in `folder`, and the folder itself. The folder belongs
    /// to this process until the store is dropped.
    pub async fn open_folder(folder: &Path) -> Result<Self, OpenError> {
        open::folder(folder).await
    }

    /// Opens the SQLite database in `folder` for a look at it while a server may be using it. The
    /// database must be of this version.
    pub async fn open_folder_beside(folder: &Path) -> Result<Self, OpenError> {
        open::folder_beside(folder).await
    }

    /// Opens a PostgreSQL database, `postgres://user:password@host:5432/name`. `sslmode` and
    /// `sslrootcert` in the query part are those of libpq; without them TLS is used where the
    /// server offers it but its certificate is not checked, so write `sslmode=verify-full` for a
    /// server that is not on this machine.
    pub async fn open_postgres(url: &SecretString) -> Result<Self, OpenError> {
        open::postgres(url).await
    }

    /// Closes the connections that are not in use: SQLite then folds its log into the database
    /// file. Everything committed is durable without this too.
    pub async fn close(&self) {
        self.readers.close_idle().await;
        self.quick_writers.close_idle().await;
        self.writers.close_idle().await;
    }
}

#[async_trait]
impl Store for SqlStore {
    async fn read(&self) -> Result<Box<dyn Read + '_>, StoreError> {
        let lease = self.readers.lend().await?;
        Ok(Box::new(Unit::new(lease, Arc::clone(&self.caches))))
    }

    async fn write(&self) -> Result<Box<dyn Write + '_>, StoreError> {
        let mut lease = self.writers.lend().await?;
        lease.begin().await?;
        Ok(Box::new(Unit::new(lease, Arc::clone(&self.caches))))
    }

    fn rehearsal(&self) -> Box<dyn Store + '_> {
        Box::new(Rehearsal(self))
    }

    async fn record(&self, event: Event) -> Result<(), StoreError> {
        self.events.write(event).await
    }

    async fn touch_session(&self, id: SessionId, at: OffsetDateTime) -> Result<(), StoreError> {
        // One statement is a transaction of its own.
        let lease = self.quick_writers.lend().await?;
        let mut unit = Unit::new(lease, Arc::clone(&self.caches));
        let touching = tokio::spawn(async move {
            let touched = unit.execute(sessions::touch(id, at)).await;
            unit.caches.subjects.forget();
            touched
        });
        touching.await.map_err(unavailable)?.map(drop)
    }

    async fn ping(&self) -> Result<(), StoreError> {
        let lease = self.readers.lend().await?;
        let mut unit = Unit::new(lease, Arc::clone(&self.caches));
        unit.row(sqlx::query("SELECT 1")).await?;
        Ok(())
    }
}
