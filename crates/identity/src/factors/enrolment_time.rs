//! Time in which somebody without a second factor is let in without one, where a policy asks for one
//! (requirement M02). An administrator gives it.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use super::change::has_factor;
use super::reset::{MAX_REASON, stated};
use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::ids::UserId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// The most days that can be given at once.
pub const MAX_ENROLMENT_DAYS: u32 = 90;

/// Why no time was given.
#[derive(Debug, thiserror::Error)]
pub enum GiveEnrolmentTimeError {
    #[error("there is nobody of this id")]
    NobodyThere,
    #[error("give 1 to {MAX_ENROLMENT_DAYS} days; 0 takes the time back")]
    Days,
    #[error("say why, in at most {MAX_REASON} characters: the activity log keeps it")]
    Reason,
    #[error("this person has a second factor already")]
    HasFactor,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Lets the person in without a second factor for so many days from now, in place of any time that
/// they were given before; 0 days take it back. Policies that refuse for other reasons refuse all the
/// same, and an application that asks for two factors by itself does not wait.
pub async fn give_enrolment_time(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    days: u32,
    reason: &str,
) -> Result<Option<OffsetDateTime>, GiveEnrolmentTimeError> {
    let reason = stated(reason).ok_or(GiveEnrolmentTimeError::Reason)?;
    if days > MAX_ENROLMENT_DAYS {
        return Err(GiveEnrolmentTimeError::Days);
    }
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageCredentials).await??;
    let person = write.user(user).await?;
    let person = person.ok_or(GiveEnrolmentTimeError::NobodyThere)?;
    if has_factor(write.as_mut(), user.into()).await? {
        return Err(GiveEnrolmentTimeError::HasFactor);
    }
    let ends = (days > 0).then(|| op.now + Duration::days(i64::from(days)));
    write.set_enrolment_ends(user, ends).await?;
    let detail = json!({
        "days": days,
        "ends_at": ends.and_then(|ends| {
            ends.format(&time::format_description::well_known::Rfc3339).ok()
        }),
        "reason": reason,
    });
    let kind = EventKind::UserMfaEnrolmentTime;
    let event = op.event(kind, true, Some(person.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(ends)
}

/// Until when this person is let in without a second factor. `None`: they have one, or no time, or
/// the time is over.
pub async fn enrolment_time(
    op: &Op,
    store: &dyn Store,
    user: UserId,
) -> Result<Option<OffsetDateTime>, StoreError> {
    let mut read = store.read().await?;
    let ends = read.enrolment_ends(user).await?;
    let ends = ends.filter(|ends| op.now < *ends);
    if ends.is_some() && has_factor(read.as_mut(), user.into()).await? {
        return Ok(None);
    }
    Ok(ends)
}
