//! Connections that are opened when needed, lent, and kept.
//!
//! Unlike sqlx's pool this one does not ask the database anything when a connection is lent or
//! comes back: for SQLite those two round trips to the connection's thread would cost as much as
//! the query. A connection whose last statement did not finish (an error of the wire, a caller
//! that went away) is closed instead of kept.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jetway_identity::StoreError;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection, Executor, SqlSafeStr};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::errors::{TooSlow, store_error, unavailable};

/// Which database speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

/// Longest wait to be connected, to be lent a connection (with all that this takes), and for one
/// statement, in seconds. The last two are together below the ten seconds after which a caller
/// must have an answer.
const CONNECT_SECONDS: u64 = 3;
const LEND_SECONDS: u64 = 4;
pub(crate) const STATEMENT_SECONDS: u64 = 5;

/// A PostgreSQL connection that was not used for this long is asked whether it still works.
const TRUSTED_FOR: Duration = Duration::from_secs(2);

#[derive(Debug)]
pub(crate) struct Pool {
    dialect: Dialect,
    options: AnyConnectOptions,
    /// Run on each new connection.
    setup: &'static [&'static str],
    idle: Mutex<Vec<Idle>>,
    permits: Arc<Semaphore>,
}

#[derive(Debug)]
struct Idle {
    connection: AnyConnection,
    since: Instant,
}

impl Pool {
    pub(crate) fn new(
        dialect: Dialect,
        options: AnyConnectOptions,
        setup: &'static [&'static str],
        size: usize,
    ) -> Arc<Self> {
        let permits = Arc::new(Semaphore::new(size));
        Arc::new(Self {
            dialect,
            options,
            setup,
            idle: Mutex::default(),
            permits,
        })
    }

    /// A pool of connections with another set-up, of which none is lent while one of `self` is,
    /// beyond the number that `self` lends.
    pub(crate) fn sharing_turns(&self, setup: &'static [&'static str]) -> Arc<Self> {
        Arc::new(Self {
            dialect: self.dialect,
            options: self.options.clone(),
            setup,
            idle: Mutex::default(),
            permits: Arc::clone(&self.permits),
        })
    }

    /// Opens one more connection.
    pub(crate) async fn connect(&self) -> Result<AnyConnection, sqlx::Error> {
        let opening = async {
            let mut connection = self.options.connect().await?;
            for statement in self.setup {
                connection.execute((*statement).into_sql_str()).await?;
            }
            Ok(connection)
        };
        match timeout(Duration::from_secs(CONNECT_SECONDS), opening).await {
            Ok(result) => result,
            Err(_) => Err(sqlx::Error::Io(std::io::Error::other(TooSlow(
                CONNECT_SECONDS,
            )))),
        }
    }

    /// Lends a connection; waits while all are lent.
    pub(crate) async fn lend(self: &Arc<Self>) -> Result<Lease, StoreError> {
        if let Ok(permit) = Arc::clone(&self.permits).try_acquire_owned() {
            return match self.pop() {
                Some(idle) if self.trusts(&idle) => Ok(self.lease(idle.connection, permit)),
                idle => self.in_time(self.find(permit, idle)).await,
            };
        }
        let waiting = async {
            let waiting = Arc::clone(&self.permits).acquire_owned();
            let permit = waiting.await.map_err(unavailable)?;
            self.find(permit, self.pop()).await
        };
        self.in_time(waiting).await
    }

    async fn in_time(
        &self,
        lending: impl Future<Output = Result<Lease, StoreError>>,
    ) -> Result<Lease, StoreError> {
        match timeout(Duration::from_secs(LEND_SECONDS), lending).await {
            Ok(result) => result,
            Err(_) => Err(unavailable(TooSlow(LEND_SECONDS))),
        }
    }

    /// The first idle connection that works, else a new one.
    async fn find(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        idle: Option<Idle>,
    ) -> Result<Lease, StoreError> {
        let mut next = idle;
        while let Some(mut idle) = next {
            if self.trusts(&idle) || self.answers(&mut idle.connection).await {
                return Ok(self.lease(idle.connection, permit));
            }
            next = self.pop();
        }
        let connection = self.connect().await.map_err(store_error)?;
        Ok(self.lease(connection, permit))
    }

    fn trusts(&self, idle: &Idle) -> bool {
        self.dialect == Dialect::Sqlite || idle.since.elapsed() < TRUSTED_FOR
    }

    async fn answers(&self, connection: &mut AnyConnection) -> bool {
        let ping = timeout(Duration::from_secs(1), connection.ping()).await;
        matches!(ping, Ok(Ok(())))
    }

    fn lease(self: &Arc<Self>, connection: AnyConnection, permit: OwnedSemaphorePermit) -> Lease {
        let pool = Arc::clone(self);
        Lease {
            pool,
            connection: Some(connection),
            permit: Some(permit),
            transaction: false,
        }
    }

    fn pop(&self) -> Option<Idle> {
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
    }

    pub(crate) fn keep(&self, connection: AnyConnection) {
        let idle = Idle {
            connection,
            since: Instant::now(),
        };
        self.idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(idle);
    }

    /// Closes the connections that nobody uses.
    pub(crate) async fn close_idle(&self) {
        while let Some(idle) = self.pop() {
            // It is given up either way.
            let _ = idle.connection.close().await;
        }
    }
}

/// A lent connection. It goes back when this is dropped, rolled back if a transaction is open.
#[derive(Debug)]
pub(crate) struct Lease {
    pool: Arc<Pool>,
    /// Taken out while a statement runs: if that never finishes, there is nothing to give back.
    connection: Option<AnyConnection>,
    permit: Option<OwnedSemaphorePermit>,
    transaction: bool,
}

/// The connection is gone: an earlier statement did not finish.
#[derive(Debug, thiserror::Error)]
#[error("the connection to the database was lost")]
struct Lost;

impl Lease {
    /// Runs one statement, at most [`STATEMENT_SECONDS`].
    pub(crate) async fn run<T>(
        &mut self,
        statement: impl AsyncFnOnce(&mut AnyConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let mut connection = self.connection.take().ok_or_else(|| unavailable(Lost))?;
        let limit = Duration::from_secs(STATEMENT_SECONDS);
        match timeout(limit, statement(&mut connection)).await {
            Err(_) => Err(unavailable(TooSlow(STATEMENT_SECONDS))),
            Ok(Err(error)) if !leaves_whole(&error) => Err(store_error(error)),
            Ok(result) => {
                self.connection = Some(connection);
                result.map_err(store_error)
            }
        }
    }

    /// Begins a transaction that waits for its turn to write.
    pub(crate) async fn begin(&mut self) -> Result<(), StoreError> {
        let begin = match self.pool.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            // READ COMMITTED: each statement after the lock sees what the last writer committed.
            // The number is "jetway" in ASCII.
            Dialect::Postgres => "BEGIN; SELECT 1 FROM pg_advisory_xact_lock(116983978221945)",
        };
        self.transaction = true;
        self.run(async |connection| connection.execute(begin).await.map(drop))
            .await
    }

    /// See migration 7: whoever is given a position in the log holds this lock until its commit.
    /// SQLite has one writer, and this transaction is it.
    pub(crate) async fn wait_for_event_writers(&mut self) -> Result<(), StoreError> {
        if self.pool.dialect == Dialect::Sqlite {
            return Ok(());
        }
        let lock = "SELECT 1 FROM pg_advisory_xact_lock(116983978221946)";
        self.run(async |connection| connection.execute(lock).await.map(drop))
            .await
    }

    /// Makes the transaction durable.
    pub(crate) async fn commit(&mut self) -> Result<(), StoreError> {
        self.run(async |connection| connection.execute("COMMIT").await.map(drop))
            .await?;
        self.transaction = false;
        Ok(())
    }

    /// Undoes the transaction.
    pub(crate) async fn roll_back(&mut self) -> Result<(), StoreError> {
        self.run(async |connection| connection.execute("ROLLBACK").await.map(drop))
            .await?;
        self.transaction = false;
        Ok(())
    }

    /// Whether `sql` fits the schema.
    pub(crate) async fn prepare(&mut self, sql: &'static str) -> Result<(), StoreError> {
        let sql = sql.into_sql_str();
        self.run(async |connection| connection.prepare(sql).await.map(drop))
            .await
    }
}

/// Whether a connection can be used again after this error. PostgreSQL says with 57P… that the
/// server ends, with 08… that the connection does.
fn leaves_whole(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default();
            !(code.starts_with("57P") || code.starts_with("08"))
        }
        sqlx::Error::RowNotFound
        | sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::ColumnIndexOutOfBounds { .. } => true,
        _ => false,
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        let Some(mut connection) = self.connection.take() else {
            return;
        };
        if !self.transaction {
            self.pool.keep(connection);
            return;
        }
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        let (pool, permit) = (Arc::clone(&self.pool), self.permit.take());
        runtime.spawn(async move {
            let limit = Duration::from_secs(STATEMENT_SECONDS);
            if let Ok(Ok(_)) = timeout(limit, connection.execute("ROLLBACK")).await {
                pool.keep(connection);
            }
            drop(permit);
        });
    }
}
