//! What the identity provider does by itself while it runs. Each job is a task of its own, so that
//! one that waits keeps no other waiting.
//!
//! Every node of a database runs them all: each takes what it works on inside one transaction, or
//! does what may be done twice.

use std::path::Path;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::applications::warn_of_certificates;
use jetway_identity::break_glass::remind_of_drills;
use jetway_identity::idempotency::prune_requests;
use jetway_identity::users::run_due_schedules;
use jetway_identity::users::transfer::{prune_imports, run_import_step};
use jetway_identity::{Actor, KeyRing, Op, Store, StoreError, prune_sessions};
use jetway_web::AppState;
use tokio::task::JoinSet;

use crate::clock::System;
use crate::listener::Shutdown;
use crate::log_streaming::LogStreaming;
use crate::mail;

/// How exactly a scheduled change keeps its time.
const SCHEDULES: Duration = Duration::from_secs(1);
/// How soon an import begins after it was confirmed, or goes on after a start of the server.
const IMPORTS: Duration = Duration::from_secs(1);
/// How often what is over is forgotten.
const FORGET: Duration = Duration::from_hours(1);
/// How often the ends of certificates are looked at.
const CERTIFICATES: Duration = Duration::from_hours(1);
/// How often it is looked at whether a drill of a break-glass account is due.
const DRILLS: Duration = Duration::from_hours(1);
/// How long jobs may take to finish after the signal.
const GRACE: Duration = Duration::from_secs(10);

/// The jobs of one process.
#[derive(Debug)]
pub(crate) struct Jobs(JoinSet<()>);

impl Jobs {
    /// Starts every job. Each ends after the step that it is at when `shutdown` is told.
    pub(crate) fn start(state: &AppState, data_dir: &Path, shutdown: &Shutdown) -> Self {
        let mut jobs = JoinSet::new();
        let post = mail::Post {
            store: Arc::clone(&state.store),
            keys: Arc::clone(&state.keys),
            roots: Vec::new(),
        };
        jobs.spawn(mail::deliver(post, shutdown.clone()));
        let (store, keys) = (Arc::clone(&state.store), Arc::clone(&state.keys));
        let log = LogStreaming::new(store, keys, data_dir.to_owned());
        jobs.spawn(log.run(shutdown.clone()));
        let with_store = |step: fn(Arc<dyn Store>) -> Step| {
            let store = Arc::clone(&state.store);
            move || step(Arc::clone(&store))
        };
        let schedules = with_store(|store| Box::pin(async move { schedules(&*store).await }));
        jobs.spawn(repeat("schedules", SCHEDULES, schedules, shutdown.clone()));
        let imports = with_store(|store| Box::pin(async move { imports(&*store).await }));
        jobs.spawn(repeat("imports", IMPORTS, imports, shutdown.clone()));
        let forget = with_store(|store| Box::pin(async move { forget(&*store).await }));
        jobs.spawn(repeat("forget", FORGET, forget, shutdown.clone()));
        let with_keys = |step: fn(Arc<dyn Store>, Arc<KeyRing>) -> Step| {
            let (store, keys) = (Arc::clone(&state.store), Arc::clone(&state.keys));
            move || step(Arc::clone(&store), Arc::clone(&keys))
        };
        let drills = with_keys(|store, keys| Box::pin(async move { drills(&*store, &keys).await }));
        jobs.spawn(repeat("drills", DRILLS, drills, shutdown.clone()));
        let certificates =
            with_keys(|store, keys| Box::pin(async move { certificates(&*store, &keys).await }));
        let every = CERTIFICATES;
        jobs.spawn(repeat(
            "certificates",
            every,
            certificates,
            shutdown.clone(),
        ));
        Self(jobs)
    }

    /// Waits until every job has ended, but not for ever: what is cut off is done by the next
    /// start.
    pub(crate) async fn finish(mut self) {
        let all = async { while self.0.join_next().await.is_some() {} };
        if tokio::time::timeout(GRACE, all).await.is_err() {
            tracing::warn!("jobs still at work after {GRACE:?} were cut off");
        }
    }
}

/// One turn of a job. Whether there is more to do at once.
type Step = std::pin::Pin<Box<dyn Future<Output = Result<bool, StoreError>> + Send>>;

async fn schedules(store: &dyn Store) -> Result<bool, StoreError> {
    Ok(run_due_schedules(&mut op("schedules"), store).await? > 0)
}

async fn imports(store: &dyn Store) -> Result<bool, StoreError> {
    run_import_step(&mut op("imports"), store).await
}

async fn certificates(store: &dyn Store, keys: &KeyRing) -> Result<bool, StoreError> {
    warn_of_certificates(&mut op("certificates"), store, keys.sealing()).await?;
    Ok(false)
}

async fn drills(store: &dyn Store, keys: &KeyRing) -> Result<bool, StoreError> {
    remind_of_drills(&mut op("drills"), store, keys.sealing()).await?;
    Ok(false)
}

async fn forget(store: &dyn Store) -> Result<bool, StoreError> {
    let op = op("forget");
    prune_sessions(&op, store).await?;
    prune_requests(&op, store).await?;
    prune_imports(&op, store).await?;
    Ok(false)
}

/// Runs `job` at once and then every `interval` until `shutdown`. What fails is tried again at the
/// next turn; the log has the first failure of a row and the end of it.
async fn repeat(
    name: &'static str,
    interval: Duration,
    job: impl Fn() -> Step + Send,
    shutdown: Shutdown,
) {
    let mut told = pin!(shutdown.clone().wait());
    let mut failing = false;
    while !shutdown.is_told() {
        // In a task of its own: a turn that panics must not be the last.
        let outcome = match tokio::spawn(job()).await {
            Ok(outcome) => outcome.map_err(anyhow::Error::from),
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(more) => {
                if failing {
                    tracing::warn!(job = name, "the job works again");
                }
                failing = false;
                if more {
                    continue;
                }
            }
            Err(error) if failing => {
                tracing::debug!(job = name, error = format!("{error:#}"), "still failing");
            }
            Err(error) => {
                tracing::error!(
                    job = name,
                    error = format!("{error:#}"),
                    "a job failed; it is tried again"
                );
                failing = true;
            }
        }
        tokio::select! {
            () = &mut told => return,
            () = tokio::time::sleep(interval) => {}
        }
    }
}

/// An operation of the program itself; `name` says of which part.
pub(crate) fn op(name: &str) -> Op {
    let actor = Actor::System(name.to_owned());
    Op::new(
        System::time(),
        System::randomness(),
        actor,
        format!("job {name}"),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn a_job_that_fails_or_panics_is_tried_again_and_ends_with_the_process() {
        let (stop, shutdown) = Shutdown::by_hand();
        let turns = Arc::new(AtomicU32::new(0));
        let counted = Arc::clone(&turns);
        let job = move || -> Step {
            let turn = counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                match turn {
                    0 => Err(StoreError::Missing),
                    1 => panic!("on purpose"),
                    2 => Ok(true),
                    _ => Ok(false),
                }
            })
        };
        let running = tokio::spawn(repeat("test", Duration::from_millis(5), job, shutdown));
        while turns.load(Ordering::SeqCst) < 5 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        stop.send(true).unwrap();
        tokio::time::timeout(Duration::from_secs(5), running)
            .await
            .expect("it ends")
            .unwrap();
    }
}
