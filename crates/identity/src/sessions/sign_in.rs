//! Signing in with e-mail address and password.
//!
//! A stranger learns nothing but "wrong": not from the text, not from the time (an unknown address
//! costs a hash too), not from the counters (unknown addresses are counted too). The activity log
//! says what it was.

use secrecy::SecretString;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::credentials::MustChange;
use crate::email;
use crate::events::{Event, EventKind};
use crate::links::LinkToken;
use crate::op::{Actor, Op};
use crate::passwords::{Busy, PasswordHash, PasswordHashers, Verification};
use crate::sealing::SealingKey;
use crate::sessions::advance::{EnrolNeeded, FactorNeeded, advance};
use crate::sessions::devices::device_of;
use crate::sessions::lockout::{self, FailureKey, Failures};
use crate::sessions::{
    FirstProof, PendingSignIn, Session, TokenHash, Via, count_against_network, network_wait,
};
use crate::settings::{LockoutPolicy, Sections};
use crate::store::{Credential, Read, Store, StoreError, Write};
use crate::users::{User, UserState};

/// Longest address that is looked up; none longer can have been registered.
const MAX_EMAIL_BYTES: usize = 1024;

/// Whether an account could have this address. None has control characters, and PostgreSQL would
/// not even take a NUL as a value to compare with.
pub(crate) fn may_exist(email: &str) -> bool {
    email.len() <= MAX_EMAIL_BYTES && !email.trim().contains(char::is_control)
}

/// What a person typed.
#[derive(Debug)]
pub struct SignInAttempt {
    pub email: String,
    pub password: SecretString,
    pub via: Via,
    /// The cookie that browsers keep between sign-ins.
    pub device: Option<SecretString>,
}

/// A new session.
#[derive(Debug)]
pub struct SignedIn {
    /// The value of the session cookie. It exists nowhere else.
    pub token: SecretString,
    pub session: Session,
    pub user: User,
    /// The absolute limit of the session.
    pub expires_at: OffsetDateTime,
    /// The person was let in without a second factor, and is until then; to remind them of it.
    pub enrol_until: Option<OffsetDateTime>,
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// No such account, wrong password, or an account that is not active: a caller cannot tell.
    #[error("the e-mail address or the password is wrong")]
    Refused,
    #[error("too many failed sign-ins; try again in {} seconds", retry_after.whole_seconds().max(1))]
    LockedOut { retry_after: Duration },
    /// The password is right but may not be used any longer. No session began.
    #[error("the password has to be changed before it can be used again")]
    MustChange {
        reason: MustChange,
        /// Lets the person choose another; for browsers.
        link: Option<LinkToken>,
    },
    /// The password is right, and a second factor is asked for. No session began.
    #[error("a second factor is needed")]
    FactorNeeded(FactorNeeded),
    /// The password is right, and the person has to set a second factor up first. No session began.
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

/// Why an attempt failed, for the activity log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    LockedOut,
    NetworkLockedOut,
    UnknownUser,
    NoPassword,
    WrongPassword,
    Staged,
    Suspended,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::LockedOut => "locked_out",
            Self::NetworkLockedOut => "network_locked_out",
            Self::UnknownUser => "unknown_user",
            Self::NoPassword => "no_password",
            Self::WrongPassword => "wrong_password",
            Self::Staged => "staged",
            Self::Suspended => "suspended",
        }
    }
}

/// Checks the password and opens a session. Each attempt leaves a `user_login_attempt` event, in
/// the same commit as the session or the counter that it changes. A browser that is new gets the
/// person a mail.
pub async fn sign_in(
    op: &mut Op,
    store: &dyn Store,
    (hashers, sealing): (&PasswordHashers, &SealingKey),
    attempt: SignInAttempt,
) -> Result<SignedIn, SignInError> {
    let mut attempt = attempt;
    if !may_exist(&attempt.email) {
        attempt.email.clear();
    }
    let device = device_of(attempt.device.as_ref());
    let known = look_up(op, store, &attempt.email, device.as_ref()).await?;
    let LookedUp {
        key,
        wait,
        credential,
        settings,
        device_known,
    } = known;
    let policy = &settings.lockout;
    if let Some(wait) = wait {
        let user = credential.map(|credential| credential.user);
        return Err(refuse_locked(op, store, &attempt, user, wait).await);
    }

    let _share = hashers.share(&key)?;
    // No transaction is open here: hashing takes milliseconds on purpose.
    let hash = credential
        .as_ref()
        .and_then(|credential| credential.password_hash.clone());
    let verification = hashers.verify(&attempt.password, hash.clone()).await?;
    let renewed = renew(op, hashers, &attempt.password, verification).await;

    let mut write = store.write().await?;
    let counter = (&key, device_known);
    let (failures, wait) = counted(op, write.as_mut(), counter, policy).await?;
    if let Some(wait) = wait {
        // Others failed while this one was hashed. Without this, a hundred attempts at once would
        // be a hundred guesses.
        drop(write);
        let user = credential.map(|credential| credential.user);
        return Err(refuse_locked(op, store, &attempt, user, wait).await);
    }
    match judge(write.as_mut(), credential, hash, verification).await? {
        Ok(user) => {
            if let (Some(hash), Some(changed_at)) = (renewed, user.password_changed_at) {
                write.set_password_hash(user.id, &hash, changed_at).await?;
            }
            let pending = PendingSignIn {
                owner: user.id.into(),
                via: attempt.via,
                created_at: op.now,
                expires_at: op.now,
                proved_at: op.now,
                factor: None,
                device,
                device_known,
                application: None,
                first_proof: FirstProof::Password,
            };
            advance(op, write, (user, pending), &settings, Some(sealing)).await
        }
        Err((user, reason)) => {
            let after = Failures::after_failure(policy, failures, op.now);
            let failure = Failure {
                key,
                after,
                device_known,
                user,
                reason,
            };
            record_failure(op, write, policy, &attempt, failure).await?;
            Err(SignInError::Refused)
        }
    }
}

/// What is known before the password is looked at.
struct LookedUp {
    /// Under what failures are counted.
    key: FailureKey,
    /// Attempts are refused for so long, and why.
    wait: Option<Wait>,
    credential: Option<Credential>,
    settings: Sections,
    device_known: bool,
}

async fn look_up(
    op: &Op,
    store: &dyn Store,
    email: &str,
    device: Option<&TokenHash>,
) -> Result<LookedUp, StoreError> {
    let mut read = store.read().await?;
    let settings = read.settings().await?.sections;
    let credential = read.credential(email).await?;
    let known = match (&credential, device) {
        (Some(credential), Some(device)) => {
            let owner = credential.user.id.into();
            let known = read.is_known_device(owner, device).await?;
            known.then_some(device)
        }
        _ => None,
    };
    let key = known.map_or_else(
        || FailureKey::of(email),
        |device| FailureKey::of_device(email, device),
    );
    let counter = (&key, known.is_some());
    let (_, wait) = counted(op, read.as_mut(), counter, &settings.lockout).await?;
    Ok(LookedUp {
        wait,
        device_known: known.is_some(),
        key,
        credential,
        settings,
    })
}

/// How long attempts are refused, and why.
type Wait = (Duration, Reason);

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
        return Ok((failures, Some((wait, Reason::LockedOut))));
    }
    if device_known {
        return Ok((failures, None));
    }
    let wait = network_wait(op, read, policy).await?;
    let wait = wait.map(|wait| (wait, Reason::NetworkLockedOut));
    Ok((failures, wait))
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
    // If the queue is full, the hash is renewed another time: the sign-in itself succeeded.
    hashers.rehash(&mut op.rng, password.clone()).await.ok()
}

/// Decides on the state of things inside the transaction: the person may have been suspended, or
/// the password replaced, while the old one was hashed.
async fn judge(
    write: &mut dyn Write,
    credential: Option<Credential>,
    hash: Option<PasswordHash>,
    verification: Verification,
) -> Result<Result<User, (Option<User>, Reason)>, StoreError> {
    let Some(credential) = credential else {
        return Ok(Err((None, Reason::UnknownUser)));
    };
    if !verification.matches {
        // Nothing more is asked of the database than for an unknown address.
        let reason = if hash.is_some() {
            Reason::WrongPassword
        } else {
            Reason::NoPassword
        };
        return Ok(Err((Some(credential.user), reason)));
    }
    let id = credential.user.id;
    let Some(user) = write.user(id).await? else {
        return Ok(Err((None, Reason::UnknownUser)));
    };
    if write.password_hash(id).await? != hash {
        return Ok(Err((Some(user), Reason::WrongPassword)));
    }
    Ok(match user.state {
        UserState::Active => Ok(user),
        UserState::Staged => Err((Some(user), Reason::Staged)),
        UserState::Suspended => Err((Some(user), Reason::Suspended)),
    })
}

/// A wrong password, or a right one of somebody who may not sign in.
struct Failure {
    key: FailureKey,
    after: Failures,
    /// It counts against the network only where the browser is not known.
    device_known: bool,
    user: Option<User>,
    reason: Reason,
}

async fn record_failure(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    policy: &LockoutPolicy,
    attempt: &SignInAttempt,
    failure: Failure,
) -> Result<(), StoreError> {
    let Failure {
        key,
        after,
        device_known,
        user,
        reason,
    } = failure;
    write.set_failures(&key, &after).await?;
    if !device_known {
        count_against_network(op, write.as_mut(), policy).await?;
    }
    let (few, few_before, all_before) = lockout::forgettable(policy, op.now);
    write.prune_failures(few, few_before, all_before).await?;
    let detail = failure_detail(attempt, reason);
    let event = attempt_event(op, user.as_ref(), false, detail);
    write.insert_event(&event).await?;
    let who = (typed_email(attempt), user.as_ref());
    lockout::note(op, write.as_mut(), policy, who, &after).await?;
    write.commit().await
}

async fn refuse_locked(
    op: &mut Op,
    store: &dyn Store,
    attempt: &SignInAttempt,
    user: Option<User>,
    (retry_after, reason): Wait,
) -> SignInError {
    let detail = failure_detail(attempt, reason);
    let event = attempt_event(op, user.as_ref(), false, detail);
    match store.record(event).await {
        Ok(()) => SignInError::LockedOut { retry_after },
        Err(error) => SignInError::Store(error),
    }
}

fn failure_detail(attempt: &SignInAttempt, reason: Reason) -> Value {
    json!({
        "auth_method": "password",
        "via": attempt.via.as_str(),
        "email": typed_email(attempt),
        "reason": reason.as_str(),
    })
}

/// What was typed as the address, when it looks like one: people type passwords into the wrong
/// field, and the log must not keep those.
fn typed_email(attempt: &SignInAttempt) -> Option<String> {
    let key = email::key(&attempt.email);
    email::check(&key).is_ok().then_some(key)
}

/// The actor of a successful attempt is the person; of a failed one, nobody.
pub(super) fn attempt_event(
    op: &mut Op,
    user: Option<&User>,
    success: bool,
    detail: Value,
) -> Event {
    let mut event = op.event(
        EventKind::UserLoginAttempt,
        success,
        user.map(User::target),
        detail,
    );
    if let (true, Some(user)) = (success, user) {
        event.actor = Actor::User {
            id: user.id,
            label: user.email.clone(),
        };
    }
    event
}
