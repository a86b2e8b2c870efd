//! Before a request runs.

use crate::idempotency::{KEPT_FOR, KeptAnswer, RUNS_AT_MOST, RequestKey, RequestRecord};
use crate::op::Op;
use crate::sealing::{OpenSealedError, SealingKey};
use crate::store::{Store, StoreError};

/// What to do with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// It is new: run it, then [`keep_answer`](super::keep_answer) or
    /// [`release_request`](super::release_request).
    Fresh,
    /// The first one still runs.
    Running,
    /// The first one never ended: it may have been done or not.
    Unknown,
    /// The key was used for another request.
    Other,
    /// It was done. This was the answer.
    Done(KeptAnswer),
}

/// Why it cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum ClaimRequestError {
    #[error(transparent)]
    Sealed(#[from] OpenSealedError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds out whether this request was seen before, and claims it if not.
pub async fn claim_request(
    op: &Op,
    store: &dyn Store,
    sealing: &SealingKey,
    key: &RequestKey,
) -> Result<Claim, ClaimRequestError> {
    let mut write = store.write().await?;
    write.prune_requests(op.now - KEPT_FOR).await?;
    if let Some(found) = write.request(&key.caller, &key.key).await? {
        return seen(op, sealing, key, &found);
    }
    let record = RequestRecord {
        key: key.clone(),
        claimed_at: op.now,
        sealed_answer: None,
    };
    write.insert_request(&record).await?;
    write.commit().await?;
    Ok(Claim::Fresh)
}

fn seen(
    op: &Op,
    sealing: &SealingKey,
    key: &RequestKey,
    found: &RequestRecord,
) -> Result<Claim, ClaimRequestError> {
    if found.key.fingerprint != key.fingerprint {
        return Ok(Claim::Other);
    }
    let Some(sealed) = &found.sealed_answer else {
        let abandoned = op.now - found.claimed_at > RUNS_AT_MOST;
        return Ok(if abandoned {
            Claim::Unknown
        } else {
            Claim::Running
        });
    };
    let answer = sealing.open(&key.context(), sealed)?;
    Ok(Claim::Done(KeptAnswer(answer.to_vec())))
}
