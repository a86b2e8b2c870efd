//! What the identity provider does by itself while it runs. Each job is a task of its own, so that
//! one that waits keeps no other waiting; they end with the process.
//!
//! A job that fails is logged and tried again at its next turn. Every node of a database runs them
//! all: each takes what it works on inside one transaction, or does what may be done twice.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::users::run_due_schedules;
use jetway_identity::users::transfer::run_import_step;
use jetway_identity::{Actor, Op, StoreError, prune_sessions};
use jetway_web::AppState;
use tokio::task::JoinHandle;

use crate::clock::System;
use crate::listener::Shutdown;
use crate::log_streaming::LogStreaming;
use crate::mail;

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_hours(1);

/// The jobs of one process.
#[derive(Debug)]
pub(crate) struct Jobs {
    log: JoinHandle<()>,
}

impl Jobs {
    /// Starts every job.
    pub(crate) fn start(state: &AppState, data_dir: &Path, shutdown: &Shutdown) -> Self {
        tokio::spawn(mail::deliver(mail::Post {
            store: Arc::clone(&state.store),
            keys: Arc::clone(&state.keys),
            roots: Vec::new(),
        }));
        let store = Arc::clone(&state.store);
        periodically("forget what is over", HOUR, move || {
            let store = Arc::clone(&store);
            async move { prune_sessions(&op("prune"), store.as_ref()).await }
        });
        let store = Arc::clone(&state.store);
        periodically("change states that are due", SECOND, move || {
            let store = Arc::clone(&store);
            async move {
                while run_due_schedules(&mut op("schedule"), store.as_ref()).await? > 0 {}
                Ok(())
            }
        });
        let store = Arc::clone(&state.store);
        periodically("import users", SECOND, move || {
            let store = Arc::clone(&store);
            async move {
                while run_import_step(&mut op("import"), store.as_ref()).await? {}
                Ok(())
            }
        });
        let log = LogStreaming::new(
            Arc::clone(&state.store),
            Arc::clone(&state.keys),
            data_dir.to_owned(),
        );
        let log = tokio::spawn(log.run(shutdown.clone()));
        Self { log }
    }

    /// Waits for what must not be cut off: what the last requests wrote is sealed before the end.
    pub(crate) async fn finish(self) -> anyhow::Result<()> {
        Ok(self.log.await?)
    }
}

/// Runs `job` every `interval`, the first time one interval after the start.
fn periodically<F>(name: &'static str, interval: Duration, job: impl Fn() -> F + Send + 'static)
where
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(interval).await;
            if let Err(error) = job().await {
                tracing::warn!(job = name, %error, "a job failed; it is tried again later");
            }
        }
    });
}

/// An operation of a job.
pub(crate) fn op(name: &str) -> Op {
    let actor = Actor::System(name.to_owned());
    Op::new(
        System::time(),
        System::randomness(),
        actor,
        format!("job {name}"),
    )
}
