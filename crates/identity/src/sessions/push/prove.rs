//! The sign-in goes on when the phone has said yes.

use serde_json::json;
use time::Duration;

use super::{PushChallenge, PushState, asks_for_push};
use crate::factors::FactorKind;
use crate::ids::PushId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::advance::advance;
use crate::sessions::second_factor::{Wrong, next_step, present, record};
use crate::sessions::sign_in::attempt_event;
use crate::sessions::{Failures, ProvedFactor, SignInError, SignedIn, TokenHash};
use crate::store::{Store, StoreError};

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum ProvePushError {
    /// No sign-in waits with this token, or it asked no such question.
    #[error("no phone was asked for this sign-in")]
    NotStarted,
    #[error("the phone has not said yes")]
    NotAccepted,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// The phone said yes, and something else keeps the session from beginning.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A question that the sign-in with this token has asked. Whoever finds first that it expired writes
/// that down.
pub async fn look_at_push(
    op: &mut Op,
    store: &dyn Store,
    token: &str,
    id: PushId,
) -> Result<Option<PushChallenge>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    if present(op, read.as_mut(), &hash).await?.is_none() {
        return Ok(None);
    }
    let found = read.push(id).await?;
    drop(read);
    let found = found.filter(|found| found.sign_in == hash);
    match found {
        Some(found) if found.is_over(op.now) => note_expiry(op, store, (&hash, found)).await,
        found => Ok(found),
    }
}

async fn note_expiry(
    op: &mut Op,
    store: &dyn Store,
    (hash, mut found): (&TokenHash, PushChallenge),
) -> Result<Option<PushChallenge>, StoreError> {
    let mut write = store.write().await?;
    let Some((pending, user)) = present(op, write.as_mut(), hash).await? else {
        return Ok(None);
    };
    let stored = write.push(found.id).await?;
    found.state = PushState::Expired;
    if stored.is_some_and(|stored| stored.is_over(op.now)) {
        write.update_push(&found).await?;
        let detail = json!({
            "auth_method": pending.first_proof.as_str(),
            "via": pending.via.as_str(),
            "email": user.email,
            "mfa": true,
            "reason": "push_expired",
        });
        let event = attempt_event(op, Some(&user), false, detail);
        write.insert_event(&event).await?;
        write.commit().await?;
    }
    Ok(Some(found))
}

/// Goes on with a sign-in whose question was answered with yes: as after a right code, the policies
/// say whether anything else is asked for. Each attempt leaves a `user_login_attempt` event; one
/// without a yes counts like a wrong code.
pub async fn prove_push(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (token, id): (&str, PushId),
) -> Result<SignedIn, ProvePushError> {
    let hash = TokenHash::of(token).ok_or(ProvePushError::NotStarted)?;
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    let Some((mut pending, user)) = present(op, write.as_mut(), &hash).await? else {
        return Err(ProvePushError::NotStarted);
    };
    if !asks_for_push(next_step(op, write.as_mut(), &user, &pending).await?) {
        return Err(ProvePushError::NotStarted);
    }
    let failures = write.failures(&pending.failure_key(&user)).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&settings.lockout, op.now)) {
        return Err(ProvePushError::LockedOut { retry_after });
    }
    let found = write.push(id).await?;
    let own = found.filter(|found| found.sign_in == hash && found.user == user.id);
    let (reason, refused) = match own.map(|own| (own.state, op.now < own.expires_at)) {
        Some((PushState::Accepted, true)) => {
            write.delete_pending_sign_in(&hash).await?;
            write.delete_push(id).await?;
            let kind = FactorKind::Push;
            pending.factor = Some(ProvedFactor { kind, at: op.now });
            let on = (user, pending);
            return Ok(advance(op, write, on, &settings, Some(sealing)).await?);
        }
        None => ("push_of_another_sign_in", ProvePushError::NotStarted),
        Some((PushState::Denied, _)) => ("push_denied", ProvePushError::NotAccepted),
        Some((PushState::Pending, true)) => ("push_not_answered", ProvePushError::NotAccepted),
        Some(_) => ("push_expired", ProvePushError::NotAccepted),
    };
    let wrong = Wrong {
        user: &user,
        pending: &pending,
        after: Failures::after_failure(&settings.lockout, failures, op.now),
        reason,
    };
    record(op, write, &settings, wrong).await?;
    Err(refused)
}
