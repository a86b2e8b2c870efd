//! The second step of a sign-in with a passkey or security key (requirement M01).

use time::Duration;

use crate::factors::webauthn::{UserVerification, WebauthnRefused, start_second_factor};
use crate::factors::{
    Asked, FactorKind, PasskeyAnswer, PasskeyQuestion, PasskeyTools, check_passkey,
};
use crate::op::Op;
use crate::sessions::advance::advance;
use crate::sessions::second_factor::{PendingStep, Wrong, next_step, present, record};
use crate::sessions::{Failures, ProvedFactor, SignInError, SignedIn, TokenHash};
use crate::store::{Store, StoreError};

/// Why the second step with a key failed.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyStepError {
    /// No password was given before, or too long ago.
    #[error("sign in with e-mail address and password first")]
    NotStarted,
    #[error(transparent)]
    Refused(WebauthnRefused),
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// It was right, and something else keeps the session from beginning.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the sign-in with this token asks the person's keys; `None` if there is no such sign-in (any
/// more), or no key. Only who has the token can finish it.
pub async fn ask_for_passkey(
    op: &mut Op,
    store: &dyn Store,
    tools: PasskeyTools<'_>,
    token: &str,
    verification: UserVerification,
) -> Result<Option<PasskeyQuestion>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some((pending, user)) = present(op, read.as_mut(), &hash).await? else {
        return Ok(None);
    };
    if !is_asked_for(next_step(op, read.as_mut(), &user, &pending).await?) {
        return Ok(None);
    }
    let keys = read.passkeys(pending.owner).await?;
    drop(read);
    let started = start_second_factor(op, tools.party, pending.owner, &keys, verification);
    let Ok((options, ceremony)) = started else {
        return Ok(None);
    };
    let sealed = ceremony.seal(tools.sealing, &mut op.rng, &tie(token));
    Ok(Some(PasskeyQuestion { options, sealed }))
}

/// Checks the answer of a key and opens the session. Each attempt leaves a `user_login_attempt`
/// event; a wrong answer counts like a wrong code.
pub async fn prove_passkey(
    op: &mut Op,
    store: &dyn Store,
    tools: PasskeyTools<'_>,
    token: &str,
    given: PasskeyAnswer<'_>,
) -> Result<SignedIn, PasskeyStepError> {
    let hash = TokenHash::of(token).ok_or(PasskeyStepError::NotStarted)?;
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    let Some((mut pending, user)) = present(op, write.as_mut(), &hash).await? else {
        return Err(PasskeyStepError::NotStarted);
    };
    if !is_asked_for(next_step(op, write.as_mut(), &user, &pending).await?) {
        return Err(PasskeyStepError::NotStarted);
    }
    let failures = write.failures(&pending.failure_key(&user)).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&settings.lockout, op.now)) {
        return Err(PasskeyStepError::LockedOut { retry_after });
    }
    let tie = tie(token);
    let asked = Asked::Of(pending.owner);
    let checked = check_passkey(op, write.as_mut(), tools, (given, &tie), asked).await?;
    match checked.verdict {
        Ok(_) => {
            write.delete_pending_sign_in(&hash).await?;
            let kind = FactorKind::Webauthn;
            pending.factor = Some(ProvedFactor { kind, at: op.now });
            Ok(advance(op, write, (user, pending), &settings, Some(tools.sealing)).await?)
        }
        Err(refused) => {
            let wrong = Wrong {
                user: &user,
                pending: &pending,
                after: Failures::after_failure(&settings.lockout, failures, op.now),
                reason: refused.code(),
            };
            record(op, write, &settings, wrong).await?;
            Err(PasskeyStepError::Refused(refused))
        }
    }
}

fn is_asked_for(step: Option<PendingStep>) -> bool {
    matches!(step, Some(PendingStep::Prove(kinds)) if kinds.contains(&FactorKind::Webauthn))
}

fn tie(token: &str) -> String {
    format!("pending/{token}")
}
