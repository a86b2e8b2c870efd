//! The loop that empties the outbox.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use jetway_identity::mail::{
    DeliveryProblem, OutgoingMail, OutgoingMails, prune_outbox, record_delivery, take_due_mails,
};
use jetway_identity::{Actor, KeyRing, MailState, Op, Store, StoreError};
use lettre::AsyncTransport;
use lettre::transport::smtp::client::Certificate;
use tokio::time::Instant;

use crate::clock::System;
use crate::listener::Shutdown;
use crate::mail::message::message;
use crate::mail::transport::{Transport, problem, transport};

/// Longest time for one mail.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is looked what is due.
const PAUSE: Duration = Duration::from_secs(1);
/// After a failure of the database.
const LONG_PAUSE: Duration = Duration::from_secs(15);
/// How often old mails and links are forgotten.
const PRUNE_EVERY: Duration = Duration::from_mins(10);
/// Mails lent at a time: as many as fit into the time they are lent for.
const AT_ONCE: u32 = 5;

/// What the worker works with.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: Arc<KeyRing>,
    /// Certificates trusted besides those that the system trusts.
    pub(crate) roots: Vec<Certificate>,
}

/// Sends mails until `shutdown`, and finishes those that it has taken; start it as a task of its
/// own. Several nodes may do so: each mail is lent to one of them.
pub(crate) async fn deliver(post: Post, shutdown: Shutdown) {
    let mut prune_at = Instant::now();
    let mut told = pin!(shutdown.wait());
    loop {
        let sender = post.clone();
        // In a task of its own: one mail that nothing can be done with must not stop the others.
        let sending = tokio::spawn(async move { sender.send_due().await }).await;
        let mut done = sending.unwrap_or_else(|error| {
            tracing::error!(error = %error, "the mail worker stumbled and goes on");
            Ok(())
        });
        if done.is_ok() && prune_at <= Instant::now() {
            prune_at = Instant::now() + PRUNE_EVERY;
            done = prune_outbox(&mut op(), post.store.as_ref()).await;
        }
        let pause = match done {
            Ok(()) => PAUSE,
            Err(error) => {
                tracing::warn!(error = %error, "the outbox cannot be read");
                LONG_PAUSE
            }
        };
        tokio::select! {
            () = &mut told => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

impl Post {
    /// Sends what is due now.
    pub(super) async fn send_due(&self) -> Result<(), StoreError> {
        loop {
            let (store, sealing) = (self.store.as_ref(), self.keys.sealing());
            let taken = take_due_mails(&mut op(), store, sealing, AT_ONCE).await?;
            let Some(outgoing) = taken.filter(|outgoing| !outgoing.mails.is_empty()) else {
                return Ok(());
            };
            let transport = transport(&outgoing, &self.roots);
            for mail in &outgoing.mails {
                let outcome = match &transport {
                    Ok(transport) => hand_over(transport, &outgoing, mail).await,
                    Err(problem) => Err(problem.clone()),
                };
                if let Err(problem) = &outcome {
                    tracing::warn!(
                        mail = %mail.id, reason = problem.text, "a mail could not be handed over"
                    );
                }
                let state = record_delivery(&mut op(), store, sealing, mail.id, outcome).await?;
                if state == MailState::Failed {
                    tracing::error!(mail = %mail.id, "a mail will not be sent; see the outbox");
                }
            }
        }
    }
}

async fn hand_over(
    transport: &Transport,
    outgoing: &OutgoingMails,
    mail: &OutgoingMail,
) -> Result<(), DeliveryProblem> {
    let message =
        message(&outgoing.server, &outgoing.from_name, mail).map_err(|error| DeliveryProblem {
            text: format!("{error:#}"),
            permanent: true,
        })?;
    match tokio::time::timeout(PATIENCE, transport.send(message)).await {
        Ok(sent) => sent.map(drop).map_err(|error| problem(&error)),
        Err(_) => Err(DeliveryProblem {
            text: format!(
                "the mail server did not answer within {} seconds",
                PATIENCE.as_secs()
            ),
            permanent: false,
        }),
    }
}

/// Each step is an operation of its own, by the program itself.
fn op() -> Op {
    let actor = Actor::System("mail worker".to_owned());
    Op::new(
        System::time(),
        System::randomness(),
        actor,
        "mail".to_owned(),
    )
}
