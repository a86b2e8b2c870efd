//! Signing in to the admin portal with e-mail address and password.
//!
//! As for users, a stranger learns nothing but "wrong", from neither text nor time nor counters.
//! The counters are not those of the user of the same address: guessing at one sign-in does not
//! lock the other.

use secrecy::SecretString;
use serde_json::{Value, json};
use time::Duration;

use crate::administrators::advance::advance;
use crate::administrators::{
    Administrator, AdministratorSession, AdministratorState, SignInMethod,
};
use crate::break_glass::{UseKind, note_use};
use crate::email;
use crate::events::{Event, EventKind};
use crate::ids::SessionId;
use crate::op::{Actor, Op};
use crate::passwords::{Busy, PasswordHash, PasswordHashers, Verification};
use crate::sealing::SealingKey;
use crate::sessions::{
    EnrolNeeded, FactorNeeded, FailureKey, Failures, FirstProof, NewDevice, PendingSignIn,
    TokenHash, Via, count_against_network, device_of, forgettable, may_exist, network_wait,
    new_token, note_device, tell_of_new_device,
};
use crate::settings::LockoutPolicy;
use crate::store::{Read, Store, StoreError, Write};

/// What was typed.
#[derive(Debug)]
pub struct AdministratorSignIn {
    pub email: String,
    pub password: SecretString,
    /// The cookie that browsers keep between sign-ins.
    pub device: Option<SecretString>,
    /// The program runs as `dev`, where a second factor is not demanded.
    pub dev: bool,
}

/// A new session of the admin portal.
#[derive(Debug)]
pub struct SignedInAs {
    /// The value of the session cookie. It exists nowhere else.
    pub token: SecretString,
    pub session: AdministratorSession,
    pub administrator: Administrator,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum AdministratorSignInError {
    /// No such administrator, wrong password, no password yet, or suspended: a caller cannot tell.
    #[error("the e-mail address or the password is wrong")]
    Refused,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// The password is right, and a second factor is asked for. No session began.
    #[error("a second factor is needed")]
    FactorNeeded(FactorNeeded),
    /// The password is right, and a second factor has to be set up first. No session began.
    #[error("a second factor has to be set up first")]
    MustEnrol(EnrolNeeded),
    /// A policy refuses. No session began.
    #[error("{text}")]
    Denied { text: String },
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Known = Option<(Administrator, Option<PasswordHash>)>;

/// Checks the password and opens a session. Each attempt leaves an `admin_login_attempt` event, in
/// the same commit as the session or the counter that it changes.
pub async fn sign_in_administrator(
    op: &mut Op,
    store: &dyn Store,
    (hashers, sealing): (&PasswordHashers, &SealingKey),
    attempt: AdministratorSignIn,
) -> Result<SignedInAs, AdministratorSignInError> {
    let mut attempt = attempt;
    if !may_exist(&attempt.email) {
        attempt.email.clear();
    }
    let device = device_of(attempt.device.as_ref());
    let LookedUp {
        key,
        device_known,
        wait,
        known,
        policy,
    } = look_up(op, store, &attempt.email, device.as_ref()).await?;
    if let Some(wait) = wait {
        return Err(refuse_locked(op, store, &attempt, known, wait).await);
    }

    let _share = hashers.share(&key)?;
    // No transaction is open here: hashing takes milliseconds on purpose.
    let hash = known.as_ref().and_then(|(_, hash)| hash.clone());
    let verification = hashers.verify(&attempt.password, hash.clone()).await?;
    let renewed = renew(op, hashers, &attempt.password, verification).await;

    let mut write = store.write().await?;
    let counter = (&key, device_known);
    let (failures, wait) = counted(op, write.as_mut(), counter, &policy).await?;
    if let Some(wait) = wait {
        // Others failed while this one was hashed.
        drop(write);
        return Err(refuse_locked(op, store, &attempt, known, wait).await);
    }
    match judge(write.as_mut(), known, hash, verification).await? {
        Ok(administrator) => {
            if let (Some(hash), Some(at)) = (renewed, administrator.password_changed_at) {
                write
                    .set_administrator_password(administrator.id, &hash, at)
                    .await?;
            }
            let proved = (FirstProof::Password, device);
            let pending = pending(op, write.as_mut(), &administrator, proved).await?;
            advance(op, write, (administrator, pending), sealing, attempt.dev).await
        }
        Err((administrator, reason)) => {
            let after = Failures::after_failure(&policy, failures, op.now);
            let failure = Failure {
                key,
                after,
                device_known,
                administrator,
                reason,
            };
            record_failure(op, write, &policy, &attempt, failure).await?;
            Err(AdministratorSignInError::Refused)
        }
    }
}

/// How long attempts are refused, and the reason for the log.
type Wait = (Duration, &'static str);

/// What is known before anything is hashed.
struct LookedUp {
    /// Under what a failure counts: whoever guesses elsewhere does not lock out a browser that is
    /// known.
    key: FailureKey,
    device_known: bool,
    wait: Option<Wait>,
    known: Known,
    policy: LockoutPolicy,
}

async fn look_up(
    op: &Op,
    store: &dyn Store,
    email: &str,
    device: Option<&TokenHash>,
) -> Result<LookedUp, StoreError> {
    let mut read = store.read().await?;
    let policy = read.settings().await?.sections.lockout;
    let known = read.administrator_credential(email).await?;
    let device_known = match (&known, device) {
        (Some((administrator, _)), Some(device)) => {
            let owner = administrator.id.into();
            read.is_known_device(owner, device).await?
        }
        _ => false,
    };
    let key = match device.filter(|_| device_known) {
        Some(device) => FailureKey::of_administrator_device(email, device),
        None => FailureKey::of_administrator(email),
    };
    let (_, wait) = counted(op, read.as_mut(), (&key, device_known), &policy).await?;
    Ok(LookedUp {
        key,
        device_known,
        wait,
        known,
        policy,
    })
}

/// What is counted under this key, and for how long attempts are refused on account of it or, where
/// the browser is not known, on account of the network.
async fn counted(
    op: &Op,
    read: &mut dyn Read,
    (key, device_known): (&FailureKey, bool),
    policy: &LockoutPolicy,
) -> Result<(Option<Failures>, Option<Wait>), StoreError> {
    let failures = read.failures(key).await?;
    if let Some(wait) = failures.and_then(|failures| failures.wait(policy, op.now)) {
        return Ok((failures, Some((wait, "locked_out"))));
    }
    if device_known {
        return Ok((failures, None));
    }
    let wait = network_wait(op, read, policy).await?;
    Ok((failures, wait.map(|wait| (wait, "network_locked_out"))))
}

/// A hash with the present parameters when the matching one was made with others.
async fn renew(
    op: &mut Op,
    hashers: &PasswordHashers,
    password: &SecretString,
    verification: Verification,
) -> Option<PasswordHash> {
    if !(verification.matches && verification.outdated) {
        return None;
    }
    hashers.rehash(&mut op.rng, password.clone()).await.ok()
}

/// Decides on the state of things inside the transaction.
async fn judge(
    write: &mut dyn Write,
    known: Known,
    hash: Option<PasswordHash>,
    verification: Verification,
) -> Result<Result<Administrator, (Option<Administrator>, &'static str)>, StoreError> {
    let Some((administrator, _)) = known else {
        return Ok(Err((None, "unknown_administrator")));
    };
    if !verification.matches {
        let reason = if hash.is_some() {
            "wrong_password"
        } else {
            "no_password"
        };
        return Ok(Err((Some(administrator), reason)));
    }
    let present = write.administrator_credential(&administrator.email).await?;
    let Some((administrator, now)) = present else {
        return Ok(Err((None, "unknown_administrator")));
    };
    if now != hash {
        return Ok(Err((Some(administrator), "wrong_password")));
    }
    Ok(match administrator.state {
        AdministratorState::Active => Ok(administrator),
        AdministratorState::Suspended => Err((Some(administrator), "suspended")),
    })
}

/// A sign-in that has proved no more than who it is.
pub(super) async fn pending(
    op: &Op,
    read: &mut dyn Read,
    administrator: &Administrator,
    (first_proof, device): (FirstProof, Option<TokenHash>),
) -> Result<PendingSignIn, StoreError> {
    let owner = administrator.id.into();
    let device_known = match &device {
        Some(device) => read.is_known_device(owner, device).await?,
        None => false,
    };
    Ok(PendingSignIn {
        owner,
        via: Via::Browser,
        created_at: op.now,
        expires_at: op.now,
        proved_at: op.now,
        factor: None,
        device,
        device_known,
        application: None,
        first_proof,
    })
}

/// Opens a session for an administrator who has proved everything that is asked, and commits.
pub(super) async fn open_session(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (administrator, proved): (Administrator, PendingSignIn),
    sealing: &SealingKey,
) -> Result<SignedInAs, StoreError> {
    let method = proved.first_proof.method();
    if !proved.device_known {
        // What others guess elsewhere is not forgiven by a sign-in here.
        let key = FailureKey::of_administrator(&administrator.email);
        write.clear_failures(&key).await?;
    }
    if let Some(device) = &proved.device {
        let key = FailureKey::of_administrator_device(&administrator.email, device);
        write.clear_failures(&key).await?;
        note_device(write.as_mut(), proved.owner, device, op.now).await?;
    }
    let new = NewDevice {
        email: &administrator.email,
        name: &administrator.name,
        signed_in_before: administrator.last_sign_in_at.is_some(),
        place: "your administrator account",
    };
    tell_of_new_device(op, write.as_mut(), sealing, (&proved, new)).await?;
    let limits = write.settings().await?.sections.sessions;
    let minutes = |count: u32| Duration::minutes(i64::from(count));
    let (token, token_hash) = new_token(&mut op.rng);
    let session = AdministratorSession {
        id: SessionId::new(op.now, &mut op.rng),
        administrator: administrator.id,
        created_at: op.now,
        last_seen_at: op.now,
        idle_limit: minutes(limits.administrator_idle_minutes),
        expires_at: proved.proved_at + minutes(limits.administrator_absolute_minutes),
        ip: op.client.ip,
        user_agent: op.user_agent(),
        method,
        proved_at: proved.proved_at,
        factor: proved.factor,
    };
    write.prune_administrator_sessions(op.now).await?;
    write
        .insert_administrator_session(&session, &token_hash)
        .await?;
    write
        .note_administrator_sign_in(administrator.id, op.now)
        .await?;
    let factor = proved.factor.map(|factor| factor.kind.as_str());
    let detail = json!({
        "auth_method": method.as_str(),
        "session": session.id.to_string(),
        "mfa": factor.is_some(),
        "mfa_meta": factor.map(|kind| json!({ "type": kind })),
        "new_device": !proved.device_known,
    });
    let event = attempt_event(op, Some(&administrator), true, detail);
    write.insert_event(&event).await?;
    note_use(write.as_mut(), op, &administrator, UseKind::SignedIn).await?;
    write.commit().await?;
    Ok(SignedInAs {
        token,
        session,
        administrator,
    })
}

/// One failed attempt.
struct Failure {
    key: FailureKey,
    after: Failures,
    /// It counts against the network only where the browser is not known.
    device_known: bool,
    administrator: Option<Administrator>,
    reason: &'static str,
}

async fn record_failure(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    policy: &LockoutPolicy,
    attempt: &AdministratorSignIn,
    failure: Failure,
) -> Result<(), StoreError> {
    let Failure {
        key,
        after,
        device_known,
        administrator,
        reason,
    } = failure;
    write.set_failures(&key, &after).await?;
    if !device_known {
        count_against_network(op, write.as_mut(), policy).await?;
    }
    let (few, few_before, all_before) = forgettable(policy, op.now);
    write.prune_failures(few, few_before, all_before).await?;
    let detail = failure_detail(attempt, reason);
    let event = attempt_event(op, administrator.as_ref(), false, detail);
    write.insert_event(&event).await?;
    if let Some(administrator) = &administrator {
        note_use(write.as_mut(), op, administrator, UseKind::Failed).await?;
    }
    if let Some(wait) = after.wait(policy, op.now) {
        let detail = json!({
            "email": typed_email(attempt),
            "failures": after.count,
            "seconds": wait.whole_seconds(),
        });
        let target = administrator.as_ref().map(Administrator::target);
        let event = op.event(EventKind::AdminLockout, true, target, detail);
        write.insert_event(&event).await?;
    }
    write.commit().await
}

async fn refuse_locked(
    op: &mut Op,
    store: &dyn Store,
    attempt: &AdministratorSignIn,
    known: Known,
    (retry_after, reason): Wait,
) -> AdministratorSignInError {
    let administrator = known.map(|(administrator, _)| administrator);
    let detail = failure_detail(attempt, reason);
    let event = attempt_event(op, administrator.as_ref(), false, detail);
    match store.record(event).await {
        Ok(()) => AdministratorSignInError::LockedOut { retry_after },
        Err(error) => AdministratorSignInError::Store(error),
    }
}

fn failure_detail(attempt: &AdministratorSignIn, reason: &str) -> Value {
    json!({
        "auth_method": SignInMethod::Password.as_str(),
        "email": typed_email(attempt),
        "reason": reason,
    })
}

/// What was typed as the address, when it looks like one: people type passwords into the wrong
/// field.
fn typed_email(attempt: &AdministratorSignIn) -> Option<String> {
    let key = email::key(&attempt.email);
    email::check(&key).is_ok().then_some(key)
}

/// The actor of a successful attempt is the administrator; of a failed one, nobody.
pub(super) fn attempt_event(
    op: &mut Op,
    administrator: Option<&Administrator>,
    success: bool,
    detail: Value,
) -> Event {
    let target = administrator.map(Administrator::target);
    let mut event = op.event(EventKind::AdminLoginAttempt, success, target, detail);
    if let (true, Some(administrator)) = (success, administrator) {
        event.actor = Actor::Administrator {
            id: administrator.id,
            label: administrator.email.clone(),
        };
    }
    event
}
