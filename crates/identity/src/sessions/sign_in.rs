//! Signing in with e-mail address and password.
//!
//! A stranger learns nothing but "wrong": not from the text, not from the time (an unknown address
//! costs a hash too), not from the counters (unknown addresses are counted too). The activity log
//! says what it was.

use secrecy::SecretString;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::credentials::{MustChange, issue_change_link, must_change};
use crate::email;
use crate::events::{Event, EventKind};
use crate::ids::SessionId;
use crate::links::LinkToken;
use crate::op::{Actor, Op};
use crate::passwords::{Busy, PasswordHash, PasswordHashers, Verification};
use crate::sessions::lockout::{self, FailureKey, Failures};
use crate::sessions::{Session, Via, token};
use crate::settings::{LockoutPolicy, Sections};
use crate::store::{Credential, Store, StoreError, Write};
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
    #[error(transparent)]
    Busy(#[from] Busy),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an attempt failed, for the activity log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reason {
    LockedOut,
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
            Self::UnknownUser => "unknown_user",
            Self::NoPassword => "no_password",
            Self::WrongPassword => "wrong_password",
            Self::Staged => "staged",
            Self::Suspended => "suspended",
        }
    }
}

/// Checks the password and opens a session. Each attempt leaves a `user_login_attempt` event, in
/// the same commit as the session or the counter that it changes.
pub async fn sign_in(
    op: &mut Op,
    store: &dyn Store,
    hashers: &PasswordHashers,
    attempt: SignInAttempt,
) -> Result<SignedIn, SignInError> {
    let mut attempt = attempt;
    if !may_exist(&attempt.email) {
        attempt.email.clear();
    }
    let key = FailureKey::of(&attempt.email);
    let (failures, credential, settings) = look_up(store, &key, &attempt.email).await?;
    let policy = &settings.lockout;
    if let Some(wait) = failures.and_then(|failures| failures.wait(policy, op.now)) {
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
    let failures = write.failures(&key).await?;
    if let Some(wait) = failures.and_then(|failures| failures.wait(policy, op.now)) {
        // Others failed while this one was hashed. Without this, a hundred attempts at once would
        // be a hundred guesses.
        drop(write);
        let user = credential.map(|credential| credential.user);
        return Err(refuse_locked(op, store, &attempt, user, wait).await);
    }
    match judge(write.as_mut(), credential, hash, verification).await? {
        Ok(user) => {
            let right = Right {
                key,
                user,
                renewed,
                via: attempt.via,
            };
            admit(op, write, right, &settings).await
        }
        Err((user, reason)) => {
            let after = Failures::after_failure(policy, failures, op.now);
            let failure = Failure {
                key,
                after,
                user,
                reason,
            };
            record_failure(op, write, policy, &attempt, failure).await?;
            Err(SignInError::Refused)
        }
    }
}

async fn look_up(
    store: &dyn Store,
    key: &FailureKey,
    email: &str,
) -> Result<(Option<Failures>, Option<Credential>, Sections), StoreError> {
    let mut read = store.read().await?;
    let settings = read.settings().await?.sections;
    Ok((
        read.failures(key).await?,
        read.credential(email).await?,
        settings,
    ))
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

/// A right password of an active person.
struct Right {
    key: FailureKey,
    user: User,
    renewed: Option<PasswordHash>,
    via: Via,
}

async fn admit(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    right: Right,
    settings: &Sections,
) -> Result<SignedIn, SignInError> {
    let Right {
        key,
        mut user,
        renewed,
        via,
    } = right;
    write.clear_failures(&key).await?;
    if let (Some(hash), Some(changed_at)) = (renewed, user.password_changed_at) {
        write.set_password_hash(user.id, &hash, changed_at).await?;
    }
    let must = must_change(write.as_mut(), op, &settings.passwords, &user).await?;
    if let Some(reason) = must {
        return Err(demand_change(op, write, &user, via, reason).await?);
    }
    let (token, token_hash) = token::new_token(&mut op.rng);
    let session = Session {
        id: SessionId::new(op.now, &mut op.rng),
        user: user.id,
        created_at: op.now,
        last_seen_at: op.now,
        expires_at: op.now + settings.sessions.absolute(),
        idle_limit: settings.sessions.idle(),
        ip: op.client.ip,
        user_agent: op.user_agent(),
        via,
    };
    write.prune_sessions(op.now).await?;
    write.insert_session(&session, &token_hash).await?;
    write.note_sign_in(user.id, op.now).await?;
    user.last_sign_in_at = Some(op.now);
    let detail = json!({
        "auth_method": "password", "via": via.as_str(), "session": session.id.to_string(),
    });
    let event = attempt_event(op, Some(&user), true, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    let expires_at = session.expires_at;
    Ok(SignedIn {
        token,
        session,
        user,
        expires_at,
    })
}

/// The password is right but may not be used any longer: no session, but a link to choose another,
/// for browsers, which can show the form.
async fn demand_change(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    user: &User,
    via: Via,
    reason: MustChange,
) -> Result<SignInError, StoreError> {
    let link = match via {
        Via::Browser => Some(issue_change_link(write.as_mut(), op, user).await?),
        Via::CommandLine => None,
    };
    let detail = json!({
        "auth_method": "password", "via": via.as_str(), "email": user.email,
        "reason": reason.as_str(),
    });
    let event = attempt_event(op, Some(user), false, detail);
    write.insert_event(&event).await?;
    if reason == MustChange::Expired {
        let kind = EventKind::UserPasswordExpired;
        let event = op.event(kind, true, Some(user.target()), json!({}));
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(SignInError::MustChange { reason, link })
}

/// A wrong password, or a right one of somebody who may not sign in.
struct Failure {
    key: FailureKey,
    after: Failures,
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
        user,
        reason,
    } = failure;
    write.set_failures(&key, &after).await?;
    let (few, few_before, all_before) = lockout::forgettable(policy, op.now);
    write.prune_failures(few, few_before, all_before).await?;
    let detail = failure_detail(attempt, reason);
    let event = attempt_event(op, user.as_ref(), false, detail);
    write.insert_event(&event).await?;
    if let Some(wait) = after.wait(policy, op.now) {
        let detail = json!({
            "email": typed_email(attempt),
            "failures": after.count,
            "seconds": wait.whole_seconds(),
        });
        let target = user.as_ref().map(User::target);
        let event = op.event(EventKind::UserLockout, true, target, detail);
        write.insert_event(&event).await?;
    }
    write.commit().await
}

async fn refuse_locked(
    op: &mut Op,
    store: &dyn Store,
    attempt: &SignInAttempt,
    user: Option<User>,
    retry_after: Duration,
) -> SignInError {
    let detail = failure_detail(attempt, Reason::LockedOut);
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
fn attempt_event(op: &mut Op, user: Option<&User>, success: bool, detail: Value) -> Event {
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
