//! The second step of a sign-in: after the right password, something that the person has.
//!
//! Between the steps there is no session. Each one leaves a [`PendingSignIn`] under a token of
//! its own, which serves for this alone. Wrong codes count like wrong passwords, and a right password
//! forgives nothing before the second step is done: whoever has stolen one guesses no further.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::factors::{
    CodeRefused, FactorKind, FactorKinds, FactorOwner, SignedInOwner, find_recovery_code,
};
use crate::ids::ApplicationId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::sessions::advance::{advance, decision};
use crate::sessions::sign_in::attempt_event;
use crate::sessions::{
    FailureKey, Failures, FirstProof, ProvedFactor, SignInError, SignedIn, TokenHash, Via, lockout,
};
use crate::settings::Sections;
use crate::sign_in_policies::{Decision, Proving};
use crate::store::{Read, Store, StoreError, Write};
use crate::users::{User, UserState};

/// How long somebody may take to find their phone.
pub(crate) const LIFETIME: Duration = Duration::minutes(10);

/// A sign-in that something is still asked of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingSignIn {
    pub owner: FactorOwner,
    pub via: Via,
    pub created_at: OffsetDateTime,
    pub expires_at: OffsetDateTime,
    /// When the password was right, or the passkey.
    pub proved_at: OffsetDateTime,
    /// What was proved besides.
    pub factor: Option<ProvedFactor>,
    /// The browser, if it keeps cookies.
    pub device: Option<TokenHash>,
    /// Whether the owner has signed in with it before.
    pub device_known: bool,
    /// What is opened; `None` for the portal.
    pub application: Option<ApplicationId>,
    pub first_proof: FirstProof,
}

/// What the person has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PendingStep {
    /// Prove one of these.
    Prove(FactorKinds),
    /// Set one of these up.
    Enrol(FactorKinds),
}

/// Why the second step failed.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// No password was given before, or too long ago.
    #[error("sign in with e-mail address and password first")]
    NotStarted,
    #[error("{0}")]
    Refused(CodeRefused),
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// It was right, and something else keeps the session from beginning.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The kinds that a person can prove now. A recovery code is no factor of its own: it stands in for
/// one that was lost.
pub(crate) async fn kinds_of(
    read: &mut dyn Read,
    owner: FactorOwner,
) -> Result<Vec<FactorKind>, StoreError> {
    let mut kinds = Vec::new();
    if !read.passkeys(owner).await?.is_empty() {
        kinds.push(FactorKind::Webauthn);
    }
    let totp = read.totp(owner).await?;
    if totp.is_some_and(|totp| totp.confirmed_at.is_some()) {
        kinds.push(FactorKind::Totp);
    }
    if let FactorOwner::User(user) = owner
        && !read.phones(user).await?.is_empty()
    {
        kinds.push(FactorKind::Push);
    }
    if !kinds.is_empty() {
        let codes = read.recovery_codes(owner).await?;
        if codes.iter().any(|code| code.used_at.is_none()) {
            kinds.push(FactorKind::RecoveryCode);
        }
    }
    Ok(kinds)
}

/// What the sign-in with this token waits for; `None` if there is none (any more), or if nothing
/// helps that the person could do here.
pub async fn pending_step(
    op: &Op,
    store: &dyn Store,
    token: &str,
) -> Result<Option<PendingStep>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    match present(op, read.as_mut(), &hash).await? {
        None => Ok(None),
        Some((pending, user)) => next_step(op, read.as_mut(), &user, &pending).await,
    }
}

pub(super) async fn next_step(
    op: &Op,
    read: &mut dyn Read,
    user: &User,
    pending: &PendingSignIn,
) -> Result<Option<PendingStep>, StoreError> {
    Ok(step_of(decision(op, read, user, pending).await?))
}

/// What the person can do about a decision; `None` if nothing.
pub(crate) fn step_of(decision: Decision) -> Option<PendingStep> {
    match decision {
        Decision::NeedFactor { kinds }
        | Decision::Reauthenticate {
            with: Proving::Factor(kinds),
        } => Some(PendingStep::Prove(kinds)),
        Decision::MustEnrol {
            kinds, prove_first, ..
        } => Some(if prove_first.is_empty() {
            PendingStep::Enrol(kinds)
        } else {
            PendingStep::Prove(prove_first)
        }),
        Decision::Allow { .. } | Decision::Deny { .. } | Decision::Reauthenticate { .. } => None,
    }
}

/// Why a code was not taken, for the log.
pub(crate) fn code_reason(refused: CodeRefused) -> &'static str {
    match refused {
        CodeRefused::NotACode => "no_code",
        CodeRefused::Wrong => "wrong_code",
        CodeRefused::AlreadyUsed => "used_code",
    }
}

/// Checks the code of an authenticator app, or a recovery code, and goes on with the sign-in. Each
/// attempt leaves a `user_login_attempt` event.
pub async fn prove_code(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (token, typed): (&str, &str),
) -> Result<SignedIn, SecondFactorError> {
    let hash = TokenHash::of(token).ok_or(SecondFactorError::NotStarted)?;
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    let Some((mut pending, user)) = present(op, write.as_mut(), &hash).await? else {
        return Err(SecondFactorError::NotStarted);
    };
    let step = next_step(op, write.as_mut(), &user, &pending).await?;
    let Some(PendingStep::Prove(kinds)) = step else {
        return Err(SecondFactorError::NotStarted);
    };
    let key = pending.failure_key(&user);
    let failures = write.failures(&key).await?;
    if let Some(retry_after) = failures.and_then(|known| known.wait(&settings.lockout, op.now)) {
        return Err(SecondFactorError::LockedOut { retry_after });
    }
    let typed = (typed, &kinds);
    match check_code(op, write.as_mut(), sealing, user.id.into(), typed).await? {
        Ok(kind) => {
            write.delete_pending_sign_in(&hash).await?;
            pending.factor = Some(ProvedFactor { kind, at: op.now });
            Ok(advance(op, write, (user, pending), &settings, Some(sealing)).await?)
        }
        Err(refused) => {
            let wrong = Wrong {
                user: &user,
                pending: &pending,
                after: Failures::after_failure(&settings.lockout, failures, op.now),
                reason: code_reason(refused),
            };
            record(op, write, &settings, wrong).await?;
            Err(SecondFactorError::Refused(refused))
        }
    }
}

/// Who may set a factor of this kind up now, because the sign-in with this token asks for one.
pub async fn enrolling(
    op: &Op,
    store: &dyn Store,
    token: &str,
    kind: FactorKind,
) -> Result<Option<SignedInOwner>, StoreError> {
    let Some(hash) = TokenHash::of(token) else {
        return Ok(None);
    };
    let mut read = store.read().await?;
    let Some((pending, user)) = present(op, read.as_mut(), &hash).await? else {
        return Ok(None);
    };
    let step = next_step(op, read.as_mut(), &user, &pending).await?;
    let asked = matches!(step, Some(PendingStep::Enrol(kinds)) if kinds.contains(&kind));
    Ok(asked.then_some(SignedInOwner {
        owner: pending.owner,
        since: pending.proved_at,
    }))
}

/// Goes on with the sign-in whose person has just set a factor of this kind up, which proved it.
pub async fn finish_enrolment(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    token: &str,
    kind: FactorKind,
) -> Result<SignedIn, SecondFactorError> {
    let hash = TokenHash::of(token).ok_or(SecondFactorError::NotStarted)?;
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    let Some((mut pending, user)) = present(op, write.as_mut(), &hash).await? else {
        return Err(SecondFactorError::NotStarted);
    };
    let kinds = kinds_of(write.as_mut(), pending.owner).await?;
    if !kinds.contains(&kind) {
        return Err(SecondFactorError::NotStarted);
    }
    write.delete_pending_sign_in(&hash).await?;
    pending.factor = Some(ProvedFactor { kind, at: op.now });
    Ok(advance(op, write, (user, pending), &settings, Some(sealing)).await?)
}

/// The waiting sign-in with its user, if both are still good.
pub(super) async fn present(
    op: &Op,
    read: &mut dyn Read,
    hash: &TokenHash,
) -> Result<Option<(PendingSignIn, User)>, StoreError> {
    let Some(pending) = read.pending_sign_in(hash).await? else {
        return Ok(None);
    };
    let FactorOwner::User(user) = pending.owner else {
        return Ok(None);
    };
    let user = read.user(user).await?;
    let user = user.filter(|user| user.state == UserState::Active);
    Ok(user
        .filter(|_| op.now < pending.expires_at)
        .map(|user| (pending, user)))
}

impl PendingSignIn {
    /// Under what wrong codes are counted: whoever guesses elsewhere does not lock out a browser that
    /// is known.
    pub(super) fn failure_key(&self, user: &User) -> FailureKey {
        match &self.device {
            Some(device) if self.device_known => FailureKey::of_device(&user.email, device),
            _ => FailureKey::of(&user.email),
        }
    }
}

/// Which factor of these kinds the typed text proves. It is used up in the same transaction.
pub(crate) async fn check_code(
    op: &Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    owner: FactorOwner,
    (typed, kinds): (&str, &FactorKinds),
) -> Result<Result<FactorKind, CodeRefused>, StoreError> {
    let codes = if kinds.contains(&FactorKind::RecoveryCode) {
        write.recovery_codes(owner).await?
    } else {
        Vec::new()
    };
    if let Some(index) = find_recovery_code(owner, &codes, typed)
        && let Some(code) = codes.get(index)
    {
        write.use_recovery_code(owner, &code.hash, op.now).await?;
        return Ok(Ok(FactorKind::RecoveryCode));
    }
    let totp = write.totp(owner).await?;
    let totp = totp.filter(|totp| kinds.contains(&FactorKind::Totp) && totp.confirmed_at.is_some());
    let secret = totp.as_ref().and_then(|totp| totp.secret(sealing, owner));
    let (Some(totp), Some(secret)) = (totp, secret) else {
        return Ok(Err(CodeRefused::Wrong));
    };
    match secret.verify(typed, op.now, totp.last_step) {
        Ok(step) => {
            write.note_totp_step(owner, step).await?;
            Ok(Ok(FactorKind::Totp))
        }
        Err(refused) => Ok(Err(refused)),
    }
}

/// A proof that was not taken.
pub(super) struct Wrong<'a> {
    pub(super) user: &'a User,
    pub(super) pending: &'a PendingSignIn,
    pub(super) after: Failures,
    /// For the log.
    pub(super) reason: &'static str,
}

/// Counts and logs it.
pub(super) async fn record(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    settings: &Sections,
    wrong: Wrong<'_>,
) -> Result<(), StoreError> {
    let key = wrong.pending.failure_key(wrong.user);
    write.set_failures(&key, &wrong.after).await?;
    let detail = json!({
        "auth_method": wrong.pending.first_proof.as_str(),
        "via": wrong.pending.via.as_str(),
        "email": wrong.user.email,
        "mfa": true,
        "reason": wrong.reason,
    });
    let event = attempt_event(op, Some(wrong.user), false, detail);
    write.insert_event(&event).await?;
    let who = (Some(wrong.user.email.clone()), Some(wrong.user));
    lockout::note(op, write.as_mut(), &settings.lockout, who, &wrong.after).await?;
    write.commit().await
}
