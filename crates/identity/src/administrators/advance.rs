//! A sign-in of an administrator goes on: the policies say what is still asked, and when nothing is,
//! the session begins. Administrators always need a second factor, except in `dev`.

use serde_json::json;
use time::Duration;

use crate::administrators::sign_in::{attempt_event, open_session};
use crate::administrators::{
    Administrator, AdministratorSignInError, AdministratorState, SignInMethod, SignedInAs,
};
use crate::break_glass::{UseKind, note_use};
use crate::events::EventKind;
use crate::factors::{CodeRefused, FactorKind, FactorOwner, SignedInOwner};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::{
    EnrolNeeded, FactorNeeded, FailureKey, Failures, FirstProof, PendingSignIn, PendingStep,
    ProvedFactor, TokenHash, check_code, code_reason, decide_about, kinds_of, step_of, wait,
};
use crate::settings::LockoutPolicy;
use crate::sign_in_policies::{Decision, Proving, Rule, Subject, Target};
use crate::store::{Read, Store, StoreError, Write};

/// Why the second step of an administrator failed.
#[derive(Debug, thiserror::Error)]
pub enum AdministratorFactorError {
    /// No password was given before, or too long ago.
    #[error("sign in with e-mail address and password first")]
    NotStarted,
    #[error("{0}")]
    Refused(CodeRefused),
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// It was right, and something else keeps the session from beginning.
    #[error(transparent)]
    SignIn(#[from] AdministratorSignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl FirstProof {
    pub(super) fn method(self) -> SignInMethod {
        match self {
            Self::Password | Self::Passkey => SignInMethod::Password,
            Self::Provider => SignInMethod::OpenIdConnect,
        }
    }
}

/// Goes on as far as what was proved carries, and commits.
pub(super) async fn advance(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (administrator, pending): (Administrator, PendingSignIn),
    sealing: &SealingKey,
    dev: bool,
) -> Result<SignedInAs, AdministratorSignInError> {
    let about = (&administrator, &pending);
    match decision(op, write.as_mut(), about, dev).await? {
        Decision::Allow { .. } => {
            Ok(open_session(op, write, (administrator, pending), sealing).await?)
        }
        Decision::NeedFactor { kinds }
        | Decision::Reauthenticate {
            with: Proving::Factor(kinds),
        } => {
            if pending.factor.is_none() {
                let what = UseKind::PasswordGiven;
                note_use(write.as_mut(), op, &administrator, what).await?;
            }
            let (token, expires_at) = wait(op, write, pending).await?;
            let kinds = kinds.into_iter().collect();
            Err(AdministratorSignInError::FactorNeeded(FactorNeeded {
                token,
                kinds,
                expires_at,
            }))
        }
        Decision::MustEnrol {
            kinds, prove_first, ..
        } => {
            let (token, expires_at) = wait(op, write, pending).await?;
            Err(if prove_first.is_empty() {
                AdministratorSignInError::MustEnrol(EnrolNeeded {
                    token,
                    kinds,
                    expires_at,
                })
            } else {
                AdministratorSignInError::FactorNeeded(FactorNeeded {
                    token,
                    kinds: prove_first.into_iter().collect(),
                    expires_at,
                })
            })
        }
        Decision::Deny { by, text } => {
            deny(op, write, about, &by).await?;
            Err(AdministratorSignInError::Denied { text })
        }
        // Who they are was proved a moment ago.
        Decision::Reauthenticate { .. } => Err(AdministratorSignInError::Refused),
    }
}

async fn decision(
    op: &Op,
    read: &mut dyn Read,
    (administrator, pending): (&Administrator, &PendingSignIn),
    dev: bool,
) -> Result<Decision, StoreError> {
    let subject = Subject::Administrator(administrator);
    decide_about(op, read, (subject, Target::AdminPortal, pending), dev).await
}

async fn deny(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (administrator, pending): (&Administrator, &PendingSignIn),
    by: &Rule,
) -> Result<(), StoreError> {
    let detail = json!({
        "auth_method": pending.first_proof.as_str(),
        "email": administrator.email,
        "reason": "denied_by_policy",
        "error_message": format!("refused by {by}"),
    });
    let event = attempt_event(op, Some(administrator), false, detail);
    write.insert_event(&event).await?;
    let what = match pending.first_proof {
        FirstProof::Password => UseKind::PasswordGiven,
        FirstProof::Passkey | FirstProof::Provider => UseKind::Failed,
    };
    note_use(write.as_mut(), op, administrator, what).await?;
    write.commit().await
}

/// What the sign-in with this token waits for; `None` if there is none (any more).
pub async fn pending_administrator_step(
    op: &Op,
    store: &dyn Store,
    token: &str,
    dev: bool,
) -> Result<Option<PendingStep>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some((pending, administrator)) = present(op, read.as_mut(), &hash).await? else {
        return Ok(None);
    };
    let about = (&administrator, &pending);
    Ok(step_of(decision(op, read.as_mut(), about, dev).await?))
}

/// Checks the code of an authenticator app, or a recovery code, and goes on with the sign-in. Each
/// attempt leaves an `admin_login_attempt` event.
pub async fn prove_administrator_code(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (token, typed): (&str, &str),
    dev: bool,
) -> Result<SignedInAs, AdministratorFactorError> {
    let hash = TokenHash::of(token).ok_or(AdministratorFactorError::NotStarted)?;
    let mut write = store.write().await?;
    let policy = write.settings().await?.sections.lockout;
    let Some((mut pending, administrator)) = present(op, write.as_mut(), &hash).await? else {
        return Err(AdministratorFactorError::NotStarted);
    };
    let about = (&administrator, &pending);
    let step = step_of(decision(op, write.as_mut(), about, dev).await?);
    let Some(PendingStep::Prove(kinds)) = step else {
        return Err(AdministratorFactorError::NotStarted);
    };
    let email = &administrator.email;
    let key = match &pending.device {
        Some(device) if pending.device_known => FailureKey::of_administrator_device(email, device),
        _ => FailureKey::of_administrator(email),
    };
    let failures = write.failures(&key).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&policy, op.now)) {
        return Err(AdministratorFactorError::LockedOut { retry_after });
    }
    let checked = check_code(op, write.as_mut(), sealing, pending.owner, (typed, &kinds)).await?;
    match checked {
        Ok(kind) => {
            write.delete_pending_sign_in(&hash).await?;
            pending.factor = Some(ProvedFactor { kind, at: op.now });
            Ok(advance(op, write, (administrator, pending), sealing, dev).await?)
        }
        Err(refused) => {
            let after = Failures::after_failure(&policy, failures, op.now);
            write.set_failures(&key, &after).await?;
            let about = (&administrator, &pending, refused);
            record(op, write.as_mut(), &policy, about, &after).await?;
            write.commit().await?;
            Err(AdministratorFactorError::Refused(refused))
        }
    }
}

async fn record(
    op: &mut Op,
    write: &mut dyn Write,
    policy: &LockoutPolicy,
    (administrator, pending, refused): (&Administrator, &PendingSignIn, CodeRefused),
    after: &Failures,
) -> Result<(), StoreError> {
    let detail = json!({
        "auth_method": pending.first_proof.as_str(),
        "email": administrator.email,
        "mfa": true,
        "reason": code_reason(refused),
    });
    let event = attempt_event(op, Some(administrator), false, detail);
    write.insert_event(&event).await?;
    note_use(write, op, administrator, UseKind::Failed).await?;
    if let Some(wait) = after.wait(policy, op.now) {
        let detail = json!({
            "email": administrator.email,
            "failures": after.count,
            "seconds": wait.whole_seconds(),
        });
        let target = Some(administrator.target());
        let event = op.event(EventKind::AdminLockout, true, target, detail);
        write.insert_event(&event).await?;
    }
    Ok(())
}

/// Who may set a factor of this kind up now, because the sign-in with this token asks for one.
pub async fn enrolling_administrator(
    op: &Op,
    store: &dyn Store,
    token: &str,
    kind: FactorKind,
    dev: bool,
) -> Result<Option<SignedInOwner>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some((pending, administrator)) = present(op, read.as_mut(), &hash).await? else {
        return Ok(None);
    };
    let about = (&administrator, &pending);
    let step = step_of(decision(op, read.as_mut(), about, dev).await?);
    let asked = matches!(step, Some(PendingStep::Enrol(kinds)) if kinds.contains(&kind));
    Ok(asked.then_some(SignedInOwner {
        owner: pending.owner,
        since: pending.proved_at,
    }))
}

/// Goes on with the sign-in whose administrator has just set a factor of this kind up.
pub async fn finish_administrator_enrolment(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    token: &str,
    kind: FactorKind,
    dev: bool,
) -> Result<SignedInAs, AdministratorFactorError> {
    let hash = TokenHash::of(token).ok_or(AdministratorFactorError::NotStarted)?;
    let mut write = store.write().await?;
    let Some((mut pending, administrator)) = present(op, write.as_mut(), &hash).await? else {
        return Err(AdministratorFactorError::NotStarted);
    };
    let kinds = kinds_of(write.as_mut(), pending.owner).await?;
    if !kinds.contains(&kind) {
        return Err(AdministratorFactorError::NotStarted);
    }
    write.delete_pending_sign_in(&hash).await?;
    pending.factor = Some(ProvedFactor { kind, at: op.now });
    Ok(advance(op, write, (administrator, pending), sealing, dev).await?)
}

/// The waiting sign-in with its administrator, if both are still good.
async fn present(
    op: &Op,
    read: &mut dyn Read,
    hash: &TokenHash,
) -> Result<Option<(PendingSignIn, Administrator)>, StoreError> {
    let Some(pending) = read.pending_sign_in(hash).await? else {
        return Ok(None);
    };
    let FactorOwner::Administrator(administrator) = pending.owner else {
        return Ok(None);
    };
    let found = read.administrator(administrator).await?;
    let found = found.filter(|found| found.state == AdministratorState::Active);
    Ok(found
        .filter(|_| op.now < pending.expires_at)
        .map(|administrator| (pending, administrator)))
}
