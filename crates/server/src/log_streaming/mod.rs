//! What is done with the activity log while the server runs: it is sealed once a second, and what
//! is sealed is sent to the destinations.
//!
//! Each destination has a task of its own while there is something to send, so that a slow one
//! holds up neither the others nor the sealing. How far each has got is in the database; a process
//! that is killed sends the batch that it was at once more.

mod file;
mod head;
mod syslog;
mod webhook;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::alerts::{AlertKind, NewAlert, Severity, raise};
use jetway_identity::events::{LogHead, seal_events, still_holds};
use jetway_identity::log_destinations::{
    Claim, DestinationTarget, claim_delivery, list_log_destinations, settle_delivery,
};
use jetway_identity::{Actor, EventId, KeyRing, LogDestinationId, Op, Store, StoreError};
use tokio::task::{JoinHandle, spawn_blocking};

use crate::clock::System;
use crate::listener::Shutdown;

pub(crate) use head::read_all as noted_heads;

/// How often the log is sealed: the longest time that an event is not protected.
const EVERY: Duration = Duration::from_secs(1);

/// The log of one node.
#[derive(Clone)]
pub(crate) struct LogStreaming {
    store: Arc<dyn Store>,
    keys: Arc<KeyRing>,
    data_dir: PathBuf,
    /// Names this process among those that share the database.
    holder: String,
}

impl LogStreaming {
    pub(crate) fn new(store: Arc<dyn Store>, keys: Arc<KeyRing>, data_dir: PathBuf) -> Self {
        let holder = EventId::new(System::time(), &mut System::randomness()).to_string();
        Self {
            store,
            keys,
            data_dir,
            holder,
        }
    }

    /// Works until `shutdown`; then seals once more.
    pub(crate) async fn run(self, shutdown: Shutdown) {
        let mut known = head::read(&self.data_dir);
        let mut sending = HashMap::new();
        let stop = shutdown.wait();
        tokio::pin!(stop);
        loop {
            match self.seal(known).await {
                Ok(head) => known = head,
                Err(error) => tracing::error!(%error, "the activity log could not be sealed"),
            }
            if let Err(error) = self.send(&mut sending).await {
                tracing::error!(%error, "the log destinations could not be read");
            }
            tokio::select! {
                () = &mut stop => break,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
        if let Err(error) = self.seal(known).await {
            tracing::error!(%error, "the activity log could not be sealed");
        }
    }

    /// Seals what is new, and looks whether the end of the chain that was known is still in it.
    async fn seal(&self, known: Option<LogHead>) -> Result<Option<LogHead>, StoreError> {
        let mut op = operation();
        let store = self.store.as_ref();
        if let Some(known) = known
            && !still_holds(store, known).await?
        {
            if let Err(error) = head::lose(&self.data_dir, known) {
                tracing::error!(%error, "the lost end of the activity log could not be noted");
            }
            raise(&mut op, store, self.keys.sealing(), cut_off(known)).await?;
        }
        let head = seal_events(&mut op, store, self.keys.sealing()).await?;
        if let Some(head) = head
            && Some(head) != known
            && let Err(error) = head::write(&self.data_dir, head)
        {
            tracing::error!(%error, "the end of the activity log could not be noted");
        }
        Ok(head)
    }

    /// Starts a task for each destination that has none.
    async fn send(
        &self,
        sending: &mut HashMap<LogDestinationId, JoinHandle<()>>,
    ) -> Result<(), StoreError> {
        sending.retain(|_, task| !task.is_finished());
        for destination in list_log_destinations(self.store.as_ref()).await? {
            let id = destination.id;
            if destination.enabled && !sending.contains_key(&id) {
                let this = self.clone();
                let task = tokio::spawn(async move {
                    if let Err(error) = this.drain(id).await {
                        tracing::error!(destination = %id, %error, "the activity log could not be sent");
                    }
                });
                sending.insert(id, task);
            }
        }
        Ok(())
    }

    /// Sends batch after batch until nothing is left or one fails.
    async fn drain(&self, id: LogDestinationId) -> Result<(), StoreError> {
        let store = self.store.as_ref();
        let sealing = self.keys.sealing();
        loop {
            let claim = claim_delivery(&mut operation(), store, sealing, &self.holder, id).await?;
            let Some(claim) = claim else { return Ok(()) };
            let data_dir = self.data_dir.clone();
            let sent = spawn_blocking(move || {
                let outcome = deliver(&claim, &data_dir);
                (claim, outcome)
            });
            let Ok((claim, outcome)) = sent.await else {
                // It panicked; the lease runs out and the batch is tried again.
                return Ok(());
            };
            let failed = outcome.is_err();
            settle_delivery(&mut operation(), store, sealing, &claim, outcome).await?;
            if failed {
                return Ok(());
            }
        }
    }
}

/// Sends one batch. The error is for the administrator.
fn deliver(claim: &Claim, data_dir: &std::path::Path) -> Result<(), String> {
    if claim.batch.events.is_empty() {
        return Ok(());
    }
    match &claim.target {
        DestinationTarget::Webhook { url } => webhook::deliver(claim, url, System::time()),
        DestinationTarget::Syslog {
            host,
            port,
            transport,
        } => syslog::deliver(&claim.batch, (host, *port), *transport),
        DestinationTarget::File {
            name,
            max_bytes,
            keep,
        } => file::deliver(
            &claim.batch,
            &data_dir.join("logs"),
            name,
            (*max_bytes, *keep),
        ),
    }
}

/// An operation of the program itself.
fn operation() -> Op {
    let (now, mut rng) = (System::time(), System::randomness());
    let id = EventId::new(now, &mut rng).to_string();
    Op::new(now, rng, Actor::System("activity log".to_owned()), id)
}

fn cut_off(known: LogHead) -> NewAlert {
    NewAlert {
        kind: AlertKind::LogBroken,
        severity: Severity::Critical,
        text: format!(
            "The activity log is not what it was: seal {} is missing or was replaced. Run `jetwayd admin verify-log` on the host, and compare with where the log is sent.",
            known.sequence
        ),
        link: "/admin/activity".to_owned(),
        dedupe_key: "log-broken".to_owned(),
    }
}

#[cfg(test)]
mod tests;
