//! The phone answers.

use serde_json::json;
use time::Duration;

use super::{PushChallenge, PushState};
use crate::events::EventKind;
use crate::factors::Phone;
use crate::ids::PushId;
use crate::links::{Limit, RequestKey, count_request};
use crate::op::{Actor, Op};
use crate::sessions::Failures;
use crate::sessions::second_factor::{Wrong, present, record};
use crate::store::{Store, StoreError, Write};
use crate::users::{User, UserState};

/// Answers in vain of one phone that the log keeps.
const IN_VAIN: Limit = Limit {
    requests: 10,
    time: Duration::minutes(10),
};

/// What the person says on the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PhoneSays {
    /// Yes, and this is the number that the sign-in shows.
    Yes { number: u8 },
    /// It was not me: somebody else has the password.
    NotMe,
}

/// Why an answer did not count.
#[derive(Debug, thiserror::Error)]
pub enum AnswerPushError {
    /// Answered, expired, or somebody else's.
    #[error("nothing waits for this answer any more")]
    Over,
    /// The sign-in is denied by that: each question has one answer.
    #[error("this is not the number that the sign-in shows")]
    WrongNumber,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The newest question that waits for this phone.
pub async fn waiting_push(
    op: &Op,
    store: &dyn Store,
    phone: &Phone,
) -> Result<Option<PushChallenge>, StoreError> {
    let found = store.read().await?.newest_push(phone.user).await?;
    Ok(found.filter(|found| found.is_open(op.now)))
}

/// Takes the answer of this phone. Each question takes one. A no counts against the sign-in like a
/// wrong code.
pub async fn answer_push(
    op: &mut Op,
    store: &dyn Store,
    phone: &Phone,
    (id, says): (PushId, PhoneSays),
) -> Result<(), AnswerPushError> {
    let mut write = store.write().await?;
    let user = write.user(phone.user).await?;
    let user = user.filter(|user| user.state == UserState::Active);
    let still_there = write.phones(phone.user).await?;
    let still_there = still_there.iter().any(|own| own.id == phone.id);
    let found = write.push(id).await?;
    let found = found.filter(|found| found.user == phone.user && found.is_open(op.now));
    let (Some(user), true) = (user, still_there) else {
        return Err(AnswerPushError::Over);
    };
    let Some(mut found) = found else {
        return Err(note_over(op, write, (&user, phone, id)).await?);
    };
    let (state, said) = match says {
        PhoneSays::Yes { number } if number == found.number => (PushState::Accepted, "accepted"),
        PhoneSays::Yes { .. } => (PushState::Denied, "wrong_number"),
        PhoneSays::NotMe => (PushState::Denied, "not_me"),
    };
    found.state = state;
    write.update_push(&found).await?;
    write.note_phone_use(phone.id, op.now).await?;
    let event = event(op, &user, phone, &found, said);
    write.insert_event(&event).await?;
    if found.state == PushState::Denied {
        count_no(op, write, (&user, &found, said)).await?;
    } else {
        write.commit().await?;
    }
    match said {
        "wrong_number" => Err(AnswerPushError::WrongNumber),
        _ => Ok(()),
    }
}

fn event(
    op: &mut Op,
    user: &User,
    phone: &Phone,
    challenge: &PushChallenge,
    said: &str,
) -> crate::events::Event {
    op.actor = Actor::User {
        id: user.id,
        label: user.email.clone(),
    };
    let detail = json!({
        "answer": said,
        "phone": phone.id.to_string(),
        "application": challenge.application,
        "via": challenge.via.as_str(),
        "sign_in_ip": challenge.ip.map(|ip| ip.to_string()),
    });
    let accepted = challenge.state == PushState::Accepted;
    let kind = EventKind::UserPushAnswer;
    op.event(kind, accepted, Some(user.target()), detail)
}

/// Counts a no against the sign-in that asked, which may be over, and commits.
async fn count_no(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (user, found, said): (&User, &PushChallenge, &str),
) -> Result<(), StoreError> {
    let Some((pending, _)) = present(op, write.as_mut(), &found.sign_in).await? else {
        return write.commit().await;
    };
    let settings = write.settings().await?.sections;
    let failures = write.failures(&pending.failure_key(user)).await?;
    let reason = match said {
        "wrong_number" => "push_wrong_number",
        _ => "push_denied",
    };
    let wrong = Wrong {
        user,
        pending: &pending,
        after: Failures::after_failure(&settings.lockout, failures, op.now),
        reason,
    };
    record(op, write, &settings, wrong).await
}

/// Writes down that a phone answered what does not wait for it (any more), not more often than
/// people do.
async fn note_over(
    op: &mut Op,
    mut write: Box<dyn Write + '_>,
    (user, phone, id): (&User, &Phone, PushId),
) -> Result<AnswerPushError, StoreError> {
    let key = RequestKey::of("answer in vain", &phone.id.to_string());
    if count_request(write.as_mut(), op, &key, IN_VAIN)
        .await?
        .is_none()
    {
        op.actor = Actor::User {
            id: user.id,
            label: user.email.clone(),
        };
        let detail = json!({
            "answer": "over", "phone": phone.id.to_string(), "push": id.to_string(),
        });
        let kind = EventKind::UserPushAnswer;
        let event = op.event(kind, false, Some(user.target()), detail);
        write.insert_event(&event).await?;
        write.commit().await?;
    }
    Ok(AnswerPushError::Over)
}
