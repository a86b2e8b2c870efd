//! Events that belong to no other change, such as each single sign-on: one task writes all that
//! wait in one statement, and their callers wait for its commit.
//!
//! On SQLite that commit goes to the log file (WAL) without an fsync of its own, which would cost
//! half as much CPU as the RSA signature of the sign-on. So a caller knows that its event survives
//! the end of this process, however sudden; a loss of power may take those of the last
//! [`SYNC_EVERY`], after which the log file is synced. Every other change is synced at its commit,
//! and syncs the events before it.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::{Event, StoreError};
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout, timeout_at};

use crate::caches::Caches;
use crate::entities::events::{self, MAX_BATCH};
use crate::errors::{Shared, TooSlow, one_line, unavailable};
use crate::pool::Pool;
use crate::unit::Unit;

/// Longest time between a commit of events and its fsync.
const SYNC_EVERY: Duration = Duration::from_millis(100);

/// Longest wait of a caller, in seconds: below the ten after which a caller must have an answer.
const ANSWER_SECONDS: u64 = 9;

/// Only a failure that came faster than this can be the fault of one event: a database that cannot
/// be reached takes longer to say so, and asking it once for each event would take minutes.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Events that may wait; whoever comes later waits to be let in.
const QUEUE: usize = 256;

/// The way to the writing task, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct EventWriter(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    event: Event,
    done: oneshot::Sender<Result<(), Shared>>,
}

/// The writing task is gone; only possible while the program ends.
#[derive(Debug, thiserror::Error)]
#[error("the event log is closed")]
struct Closed;

impl EventWriter {
    /// `wal` is the SQLite log file to sync; `None` when each commit is synced by the database.
    pub(crate) fn start(pool: Arc<Pool>, caches: Arc<Caches>, wal: Option<PathBuf>) -> Self {
        let (sender, queue) = mpsc::channel(QUEUE);
        let sync = Sync { wal, due: None };
        tokio::spawn(work(queue, pool, caches, sync));
        Self(sender)
    }

    /// Returns when the event is committed.
    pub(crate) async fn write(&self, event: Event) -> Result<(), StoreError> {
        let limit = Duration::from_secs(ANSWER_SECONDS);
        match timeout(limit, self.hand_over(event)).await {
            Ok(result) => result,
            Err(_) => Err(unavailable(TooSlow(ANSWER_SECONDS))),
        }
    }

    async fn hand_over(&self, event: Event) -> Result<(), StoreError> {
        let (done, result) = oneshot::channel();
        self.0
            .send(Waiting { event, done })
            .await
            .map_err(|_| unavailable(Closed))?;
        result
            .await
            .map_err(|_| unavailable(Closed))?
            .map_err(unavailable)
    }
}

/// When the log file is synced next.
#[derive(Debug)]
struct Sync {
    wal: Option<PathBuf>,
    due: Option<Instant>,
}

impl Sync {
    /// Waits for more events, at most until the log file is due.
    async fn receive(
        &mut self,
        queue: &mut mpsc::Receiver<Waiting>,
        batch: &mut Vec<Waiting>,
    ) -> usize {
        while let Some(due) = self.due {
            match timeout_at(due, queue.recv_many(batch, MAX_BATCH)).await {
                Ok(received) => return received,
                Err(_) => self.now(),
            }
        }
        queue.recv_many(batch, MAX_BATCH).await
    }

    fn after_commit(&mut self) {
        let now = Instant::now();
        match self.due {
            None if self.wal.is_some() => self.due = Some(now + SYNC_EVERY),
            Some(due) if due <= now => self.now(),
            None | Some(_) => {}
        }
    }

    fn now(&mut self) {
        self.due = None;
        let Some(wal) = self.wal.clone() else { return };
        spawn_blocking(move || {
            let synced = File::open(&wal).and_then(|file| file.sync_data());
            if let Err(error) = synced {
                tracing::error!(file = %wal.display(), %error, "the event log cannot be synced");
            }
        });
    }
}

async fn work(
    mut queue: mpsc::Receiver<Waiting>,
    pool: Arc<Pool>,
    caches: Arc<Caches>,
    mut sync: Sync,
) {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while sync.receive(&mut queue, &mut batch).await > 0 {
        let all: Vec<&Event> = batch.iter().map(|waiting| &waiting.event).collect();
        let started = Instant::now();
        let mut result = insert(&pool, &caches, &all).await;
        if result.is_err() && batch.len() > 1 {
            // One of them may be at fault: each gets its own answer.
            for waiting in batch.drain(..) {
                if started.elapsed() < AT_ONCE {
                    result = insert(&pool, &caches, &[&waiting.event]).await;
                }
                answer(waiting, &result);
            }
        }
        for waiting in batch.drain(..) {
            answer(waiting, &result);
        }
        sync.after_commit();
    }
    sync.now();
}

fn answer(waiting: Waiting, result: &Result<(), StoreError>) {
    let result = match result {
        Ok(()) => Ok(()),
        Err(StoreError::Unavailable(source)) => Err(Shared(one_line(source.as_ref()))),
        Err(error) => Err(Shared(one_line(error))),
    };
    // The caller may have gone away; the event is kept all the same.
    let _ = waiting.done.send(result);
}

async fn insert(
    pool: &Arc<Pool>,
    caches: &Arc<Caches>,
    batch: &[&Event],
) -> Result<(), StoreError> {
    let mut unit = Unit::new(pool.lend().await?, Arc::clone(caches));
    unit.execute(events::insert(batch)?).await?;
    Ok(())
}
