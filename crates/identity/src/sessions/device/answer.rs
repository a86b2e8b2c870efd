//! The person says whether a command line may sign in as them.

use serde_json::json;
use time::Duration;

use super::{DeviceAnswer, DeviceSignIn, UserCode};
use crate::events::EventKind;
use crate::ids::UserId;
use crate::links::{Limit, RequestKey, count_request, wait_for_request};
use crate::op::Op;
use crate::sessions::advance::decision;
use crate::sessions::step_up::on_proofs_of;
use crate::sessions::{SignedInUser, Via};
use crate::sign_in_policies::Decision;
use crate::store::{Store, StoreError, Write};

/// Wrong codes of one person.
const WRONG_CODES: Limit = Limit {
    requests: 10,
    time: Duration::minutes(10),
};

/// Why a code did nothing.
#[derive(Debug, thiserror::Error)]
pub enum DeviceCodeError {
    /// No such code, an expired one, one that has its answer, or one that somebody else has typed:
    /// a caller cannot tell.
    #[error("no command line waits with this code")]
    Unknown,
    /// A policy refuses the person where the browser is; the text is for them.
    #[error("{0}")]
    Refused(String),
    /// The session does not suffice for a sign-in by now: the person has to sign in again.
    #[error("sign in again, with all that is asked for, to say yes")]
    NotEnough,
    #[error("too many wrong codes; try again in {} seconds", retry_after.whole_seconds().max(1))]
    TooMany { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Finds the command line that waits with this code. From now on it waits for this person alone.
pub async fn claim_device_sign_in(
    op: &mut Op,
    store: &dyn Store,
    person: &SignedInUser,
    typed: &str,
) -> Result<DeviceSignIn, DeviceCodeError> {
    let mut write = store.write().await?;
    let user = person.user.id;
    let mut found = match waiting(op, write.as_mut(), user, typed).await? {
        Ok(found) => found,
        Err(wrong) => return Err(refuse(op, write, person, wrong).await?),
    };
    if found.user.is_none() {
        found.user = Some(user);
        write.update_device_sign_in(&found).await?;
        write.commit().await?;
    }
    Ok(found)
}

/// Yes or no to a command line that [`claim_device_sign_in`] has shown. Each has one answer. A yes
/// takes a session that the policies would give now.
pub async fn answer_device_sign_in(
    op: &mut Op,
    store: &dyn Store,
    person: &SignedInUser,
    typed: &str,
    approve: bool,
) -> Result<(), DeviceCodeError> {
    let mut write = store.write().await?;
    let user = person.user.id;
    let mut found = match waiting(op, write.as_mut(), user, typed).await? {
        // Nobody says yes to what they were not shown.
        Ok(found) if found.user == Some(user) => found,
        Ok(_) => return Err(refuse(op, write, person, Wrong::Code).await?),
        Err(wrong) => return Err(refuse(op, write, person, wrong).await?),
    };
    if approve && let Some(refused) = refusal(op, write.as_mut(), person).await? {
        let detail = json!({
            "answer": "refused",
            "machine": found.machine,
            "reason": refused.reason(),
            "session": person.session.id.to_string(),
        });
        let kind = EventKind::UserDeviceSignIn;
        let event = op.event(kind, false, Some(person.user.target()), detail);
        write.insert_event(&event).await?;
        write.commit().await?;
        return Err(refused);
    }
    found.answer = if approve {
        DeviceAnswer::Approved(person.session.id)
    } else {
        DeviceAnswer::Denied
    };
    write.update_device_sign_in(&found).await?;
    let detail = json!({
        "answer": if approve { "approved" } else { "denied" },
        "machine": found.machine,
        "client_ip": found.ip.map(|ip| ip.to_string()),
        "client": found.user_agent,
        "session": person.session.id.to_string(),
    });
    let kind = EventKind::UserDeviceSignIn;
    let event = op.event(kind, approve, Some(person.user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// What the policies say against a sign-in on what the session has proved.
async fn refusal(
    op: &Op,
    write: &mut dyn Write,
    person: &SignedInUser,
) -> Result<Option<DeviceCodeError>, StoreError> {
    if person.session.via == Via::CommandLine {
        // Else one code that somebody was talked into would open as many as its thief likes.
        return Ok(Some(DeviceCodeError::NotEnough));
    }
    let pending = on_proofs_of(op, &person.session);
    Ok(match decision(op, write, &person.user, &pending).await? {
        Decision::Allow { .. } => None,
        Decision::Deny { text, .. } => Some(DeviceCodeError::Refused(text)),
        Decision::NeedFactor { .. }
        | Decision::MustEnrol { .. }
        | Decision::Reauthenticate { .. } => Some(DeviceCodeError::NotEnough),
    })
}

impl DeviceCodeError {
    /// For the log.
    fn reason(&self) -> &'static str {
        match self {
            Self::Refused(_) => "denied_by_policy",
            Self::NotEnough => "not_enough_proved",
            Self::Unknown => "wrong_code",
            Self::TooMany { .. } => "too_many",
            Self::Store(_) => "failed",
        }
    }
}

enum Wrong {
    Code,
    /// The person has to wait, whatever was typed.
    Wait(Duration),
}

fn key(user: UserId) -> RequestKey {
    RequestKey::of("wrong user code", &user.to_string())
}

/// The command line that waits with this code, for this person or for nobody yet.
async fn waiting(
    op: &Op,
    write: &mut dyn Write,
    user: UserId,
    typed: &str,
) -> Result<Result<DeviceSignIn, Wrong>, StoreError> {
    let wait = wait_for_request(write, op, &key(user), WRONG_CODES).await?;
    if let Some(retry_after) = wait {
        return Ok(Err(Wrong::Wait(retry_after)));
    }
    let Some(code) = UserCode::parse(typed) else {
        return Ok(Err(Wrong::Code));
    };
    let found = write.device_sign_in_by_user_code(&code).await?;
    let found = found.filter(|found| {
        op.now < found.expires_at
            && found.answer == DeviceAnswer::Waiting
            && found.user.is_none_or(|owner| owner == user)
    });
    Ok(found.ok_or(Wrong::Code))
}

/// Counts a wrong code and writes it down.
async fn refuse(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    person: &SignedInUser,
    wrong: Wrong,
) -> Result<DeviceCodeError, StoreError> {
    if let Wrong::Wait(retry_after) = wrong {
        return Ok(DeviceCodeError::TooMany { retry_after });
    }
    count_request(write.as_mut(), op, &key(person.user.id), WRONG_CODES).await?;
    let detail = json!({ "reason": "wrong_code", "session": person.session.id.to_string() });
    let kind = EventKind::UserDeviceSignIn;
    let event = op.event(kind, false, Some(person.user.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(DeviceCodeError::Unknown)
}
