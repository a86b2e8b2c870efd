//! The command line asks whether it may come in.

use serde_json::json;
use time::Duration;

use super::{DeviceAnswer, DeviceSignIn};
use crate::events::EventKind;
use crate::ids::{SessionId, UserId};
use crate::op::Op;
use crate::sessions::advance::{advance, decision};
use crate::sessions::sign_in::attempt_event;
use crate::sessions::step_up::on_proofs_of;
use crate::sessions::{Session, SignInError, SignedIn, TokenHash, Via};
use crate::store::{Store, StoreError, Write};
use crate::users::User;

/// How much longer whoever asks too often has to wait (RFC 8628, 3.5).
const SLOWER_BY: Duration = Duration::seconds(5);

/// Whoever still asks too early then is answered without being counted.
const SLOWEST: Duration = Duration::minutes(1);

/// Why there is no session (yet). [`Self::as_str`] is the code of RFC 8628, 3.5.
#[derive(Debug, thiserror::Error)]
pub enum RedeemError {
    #[error("the person has not answered yet")]
    AuthorizationPending,
    /// Every wait from now on is five seconds longer.
    #[error("wait longer between two questions")]
    SlowDown,
    /// Said no, was suspended, or ended the session in which they said yes.
    #[error("the person said no")]
    AccessDenied,
    /// A policy refuses the sign-in from where the command line is; the text is for the person.
    #[error("{0}")]
    Refused(String),
    /// The policies ask more of a sign-in from where the command line is than was proved in the
    /// browser.
    #[error(
        "your organisation asks for more than you have proved in the browser: sign in there again, with a second factor, then begin anew"
    )]
    NotEnough,
    #[error("nobody answered in time")]
    ExpiredToken,
    /// Never given out, or used already.
    #[error("there is no such device code")]
    InvalidGrant,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl RedeemError {
    /// The code on the wire; `None` for a failure of ours.
    pub fn as_str(&self) -> Option<&'static str> {
        match self {
            Self::AuthorizationPending => Some("authorization_pending"),
            Self::SlowDown => Some("slow_down"),
            Self::AccessDenied | Self::Refused(_) | Self::NotEnough => Some("access_denied"),
            Self::ExpiredToken => Some("expired_token"),
            Self::InvalidGrant => Some("invalid_grant"),
            Self::Store(_) => None,
        }
    }
}

/// Opens the session of a command line whose person said yes, if the policies let through what was
/// proved in the browser, from where the command line is. The device code is used up.
pub async fn redeem_device_sign_in(
    op: &mut Op,
    store: &dyn Store,
    device_code: &str,
) -> Result<SignedIn, RedeemError> {
    let hash = TokenHash::of(device_code).ok_or(RedeemError::InvalidGrant)?;
    // Strangers ask here: what changes nothing does not wait for its turn to write.
    let found = store.read().await?.device_sign_in(&hash).await?;
    let asked = present(op, found)?;
    if is_early(op, &asked) && asked.interval >= SLOWEST {
        return Err(RedeemError::SlowDown);
    }
    let mut write = store.write().await?;
    let found = write.device_sign_in(&hash).await?;
    let mut found = present(op, found)?;
    let early = is_early(op, &found);
    found.polled_at = Some(op.now);
    if early {
        found.interval = SLOWEST.min(found.interval + SLOWER_BY);
        write.update_device_sign_in(&found).await?;
        write.commit().await?;
        return Err(RedeemError::SlowDown);
    }
    match (found.answer, found.user) {
        (DeviceAnswer::Waiting, _) => {
            write.update_device_sign_in(&found).await?;
            write.commit().await?;
            Err(RedeemError::AuthorizationPending)
        }
        (DeviceAnswer::Approved(session), Some(user)) => {
            write.delete_device_sign_in(&hash).await?;
            let approving = approving(op, write.as_mut(), user, session).await?;
            let Some((session, owner)) = approving else {
                if let Some(owner) = write.user(user).await? {
                    note_failure(op, write.as_mut(), &owner, "session_ended").await?;
                }
                write.commit().await?;
                return Err(RedeemError::AccessDenied);
            };
            match go_on(op, write, &found, (session, owner.clone())).await {
                Err(RedeemError::NotEnough) => {
                    let mut write = store.write().await?;
                    write.delete_device_sign_in(&hash).await?;
                    note_failure(op, write.as_mut(), &owner, "not_enough_proved").await?;
                    write.commit().await?;
                    Err(RedeemError::NotEnough)
                }
                outcome => outcome,
            }
        }
        (DeviceAnswer::Approved(_) | DeviceAnswer::Denied, _) => Err(RedeemError::AccessDenied),
    }
}

/// The sign-in of a code that is known, in time, and not refused.
fn present(op: &Op, found: Option<DeviceSignIn>) -> Result<DeviceSignIn, RedeemError> {
    let found = found.ok_or(RedeemError::InvalidGrant)?;
    if op.now >= found.expires_at {
        return Err(RedeemError::ExpiredToken);
    }
    if found.answer == DeviceAnswer::Denied {
        return Err(RedeemError::AccessDenied);
    }
    Ok(found)
}

fn is_early(op: &Op, found: &DeviceSignIn) -> bool {
    let polled = found.polled_at;
    polled.is_some_and(|at| op.now < at + found.interval)
}

/// The session in which the person said yes, if it still is one.
async fn approving(
    op: &Op,
    write: &mut dyn Write,
    user: UserId,
    session: SessionId,
) -> Result<Option<(Session, User)>, StoreError> {
    let sessions = write.sessions_of(user).await?;
    let session = sessions.into_iter().find(|found| found.id == session);
    let user = write.user(user).await?;
    let both = session.zip(user);
    Ok(both.filter(|(session, user)| session.admits(user, op.now)))
}

/// What was proved in the browser carries the command line as far as it would carry a sign-in there.
/// A command line keeps no cookie from earlier, so that it is a new device.
async fn go_on(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    found: &DeviceSignIn,
    (approving, user): (Session, User),
) -> Result<SignedIn, RedeemError> {
    let settings = write.settings().await?.sections;
    let mut pending = on_proofs_of(op, &approving);
    pending.via = Via::CommandLine;
    pending.device_known = false;
    if decision(op, write.as_mut(), &user, &pending)
        .await?
        .is_allow()
    {
        let detail = json!({
            "answer": "used",
            "machine": found.machine,
            "asked_from": found.ip.map(|ip| ip.to_string()),
            "approved_in": approving.id.to_string(),
        });
        let kind = EventKind::UserDeviceSignIn;
        let event = op.event(kind, true, Some(user.target()), detail);
        write.insert_event(&event).await?;
    }
    // No mail: they have just said yes themselves.
    advance(op, write, (user, pending), &settings, None)
        .await
        .map_err(|error| match error {
            SignInError::Denied { text } => RedeemError::Refused(text),
            SignInError::Store(error) => RedeemError::Store(error),
            SignInError::FactorNeeded(_)
            | SignInError::MustEnrol(_)
            | SignInError::MustChange { .. }
            | SignInError::Refused => RedeemError::NotEnough,
            SignInError::LockedOut { .. } | SignInError::Busy(_) => RedeemError::AccessDenied,
        })
}

async fn note_failure(
    op: &mut Op,
    write: &mut dyn Write,
    user: &User,
    reason: &str,
) -> Result<(), StoreError> {
    let detail = json!({
        "auth_method": "device",
        "via": Via::CommandLine.as_str(),
        "email": user.email,
        "reason": reason,
    });
    let event = attempt_event(op, Some(user), false, detail);
    write.insert_event(&event).await
}
