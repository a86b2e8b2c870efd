//! Sending: which batch is next, and what came of it. The sending itself is the server's.

use rand::RngExt;
use secrecy::SecretString;
use time::{Duration, OffsetDateTime};

use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert, resolve_alert};
use crate::events::{Event, LogHead, Seal};
use crate::ids::{LogDestinationId, OrganisationId};
use crate::log_destinations::{DestinationTarget, LogDestination};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// Most events in one batch.
pub const MAX_BATCH_EVENTS: u32 = 200;

/// How long one node may work at a batch before another may take it over. Longer than any
/// attempt takes.
const LEASE: Duration = Duration::seconds(90);

/// Waits after failures: twice as long each time, and by chance up to half of it less, so that
/// nodes and destinations do not return all at once.
const FIRST_WAIT: Duration = Duration::seconds(1);
const LONGEST_WAIT: Duration = Duration::minutes(5);

/// Failures in a row, about a minute, until administrators are told.
const ALERT_AT: u32 = 6;

/// Longest reason that is kept, in characters.
const MAX_REASON: usize = 300;

/// A batch that this node may send now. Hand it to [`settle_delivery`] whatever happened.
#[derive(Debug)]
pub struct Claim {
    pub id: LogDestinationId,
    pub name: String,
    pub target: DestinationTarget,
    /// A webhook's signing secret.
    pub secret: Option<SecretString>,
    pub batch: Batch,
    holder: String,
    up_to: i64,
}

/// Events to be sent, in the order of the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Batch {
    pub organisation: OrganisationId,
    pub events: Vec<Event>,
    /// The end of the chain when the batch was made: whoever keeps it can check the log later.
    pub head: Option<LogHead>,
}

/// The next batch of the destination `id` for the node `holder`; `None` when there is nothing to
/// send, it is not yet time, or another node is at it.
pub async fn claim_delivery(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    holder: &str,
    id: LogDestinationId,
) -> Result<Option<Claim>, StoreError> {
    let mut read = store.read().await?;
    let last = read.last_seal().await?;
    let found = read.log_destination(id).await?;
    drop(read);
    if !found.is_some_and(|found| is_due(&found, last.as_ref(), op.now)) {
        return Ok(None);
    }
    let mut write = store.write().await?;
    let (last, destination) = (write.last_seal().await?, write.log_destination(id).await?);
    let Some(destination) = destination.filter(|found| is_due(found, last.as_ref(), op.now)) else {
        return Ok(None);
    };
    let until = Some(op.now + LEASE);
    if !write
        .lease_log_destination(id, holder, op.now, until)
        .await?
    {
        return Ok(None);
    }
    write.commit().await?;

    let mut read = store.read().await?;
    let from = destination.delivery.position;
    let to = last.as_ref().map_or(from, |seal| seal.last_position);
    let found = read.events_at((from, to), &[], MAX_BATCH_EVENTS).await?;
    let organisation = read.settings().await?.organisation;
    drop(read);
    let full = found.len() >= MAX_BATCH_EVENTS as usize;
    let up_to = match found.last() {
        Some((position, _)) if full => *position,
        _ => to,
    };
    Ok(Some(Claim {
        id,
        name: destination.name.clone(),
        secret: open_secret(sealing, &destination),
        target: destination.target,
        batch: Batch {
            organisation,
            events: found.into_iter().map(|(_, event)| event).collect(),
            head: last.as_ref().map(Seal::head),
        },
        holder: holder.to_owned(),
        up_to,
    }))
}

fn is_due(destination: &LogDestination, last: Option<&Seal>, now: OffsetDateTime) -> bool {
    let delivery = &destination.delivery;
    // A wait longer than the longest can only be left when the clock was set back.
    let waits = delivery
        .next_attempt_at
        .is_some_and(|at| now < at && at - now <= LONGEST_WAIT);
    destination.enabled && !waits && last.is_some_and(|seal| seal.last_position > delivery.position)
}

/// `None` also when it cannot be opened; the attempt then fails with that reason.
fn open_secret(sealing: &SealingKey, destination: &LogDestination) -> Option<SecretString> {
    let sealed = destination.sealed_secret.as_ref()?;
    let context = LogDestination::secret_context(destination.id);
    let opened = sealing.open(&context, sealed).ok()?;
    let text = std::str::from_utf8(&opened).ok()?;
    Some(SecretString::from(text.to_owned()))
}

/// Notes what came of a batch: the place moves on, or the next attempt is put off.
pub async fn settle_delivery(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    claim: &Claim,
    outcome: Result<(), String>,
) -> Result<(), StoreError> {
    let mut write = store.write().await?;
    let held = write
        .lease_log_destination(claim.id, &claim.holder, op.now, None)
        .await?;
    let Some(destination) = write.log_destination(claim.id).await? else {
        return Ok(());
    };
    if !held {
        // Another node has taken over: what it notes counts.
        return Ok(());
    }
    let mut delivery = destination.delivery.clone();
    let key = LogDestination::alert_key(claim.id);
    delivery.last_attempt_at = Some(op.now);
    match outcome {
        Ok(()) => {
            delivery.position = delivery.position.max(claim.up_to);
            delivery.delivered += i64::try_from(claim.batch.events.len()).unwrap_or(0);
            delivery.last_success_at = Some(op.now);
            (delivery.failures, delivery.last_error) = (0, None);
            delivery.next_attempt_at = None;
            resolve_alert(write.as_mut(), op, &key).await?;
        }
        Err(reason) => {
            delivery.failures = delivery.failures.saturating_add(1);
            delivery.next_attempt_at = Some(op.now + wait_after(op, delivery.failures));
            delivery.last_error = Some(reason.chars().take(MAX_REASON).collect());
            if delivery.failures == ALERT_AT {
                let alert = failing(&destination, &reason, key);
                raise_alert(write.as_mut(), op, sealing, alert).await?;
            }
        }
    }
    write.put_log_delivery(claim.id, &delivery).await?;
    write.commit().await
}

fn failing(destination: &LogDestination, reason: &str, dedupe_key: String) -> NewAlert {
    NewAlert {
        kind: AlertKind::LogDestinationFailing,
        severity: Severity::Warning,
        text: format!(
            "The activity log cannot be sent to {}: {reason} Nothing is lost: it is sent when the receiver works again.",
            destination.name
        ),
        link: "/admin/activity/destinations".to_owned(),
        dedupe_key,
    }
}

fn wait_after(op: &mut Op, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let wait = (FIRST_WAIT * 2_i32.pow(doublings)).min(LONGEST_WAIT);
    wait * op.rng.random_range(0.5..1.0)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;
    use time::macros::datetime;

    use super::*;
    use crate::op::Actor;

    #[test]
    fn waits_double_up_to_five_minutes_and_differ() {
        let now = datetime!(2026-03-01 12:00 UTC);
        let rng = StdRng::seed_from_u64(1);
        let mut op = Op::new(now, rng, Actor::System("test".to_owned()), String::new());
        let waits: Vec<_> = (1..40).map(|n| wait_after(&mut op, n)).collect();
        assert!(waits[0] <= Duration::seconds(1) && waits[0] >= Duration::milliseconds(500));
        assert!(waits[3] >= Duration::seconds(4) && waits[3] <= Duration::seconds(8));
        assert!(waits[38] >= Duration::seconds(150) && waits[38] <= LONGEST_WAIT);
        assert_ne!(waits[20], waits[21]);
    }
}
