//! Activations and suspensions at a later time, such as the last day of a contract.

use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::events::EventKind;
use crate::ids::{ScheduleId, UserId};
use crate::op::{Actor, Op};
use crate::store::{Store, StoreError};
use crate::users::set_state::change_state;
use crate::users::{User, UserState};

/// A change of state that is to come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateSchedule {
    pub id: ScheduleId,
    pub user: UserId,
    /// [`UserState::Active`] or [`UserState::Suspended`].
    pub state: UserState,
    pub due_at: OffsetDateTime,
    pub created_at: OffsetDateTime,
    /// Who asked for it, as people recognise them.
    pub created_by: String,
}

/// Most schedules of one person.
pub const MAX_SCHEDULES: usize = 10;
/// The furthest future.
const FURTHEST: Duration = Duration::days(5 * 366);
/// Schedules in one transaction.
const AT_ONCE: u32 = 100;

/// Why nothing was scheduled.
#[derive(Debug, thiserror::Error)]
pub enum ScheduleStateError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("only an activation or a suspension can be scheduled")]
    State,
    #[error("choose a time in the future, at most five years from now")]
    Time,
    #[error("this person already has {MAX_SCHEDULES} scheduled changes; cancel one first")]
    TooMany,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Notes that a person is to be activated or suspended at `due_at`, and the event
/// `user_state_schedule_create`.
pub async fn schedule_state(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    state: UserState,
    due_at: OffsetDateTime,
) -> Result<StateSchedule, ScheduleStateError> {
    if state == UserState::Staged {
        return Err(ScheduleStateError::State);
    }
    if due_at <= op.now || due_at > op.now + FURTHEST {
        return Err(ScheduleStateError::Time);
    }
    let mut write = store.write().await?;
    let user = write
        .user(user)
        .await?
        .ok_or(ScheduleStateError::NoSuchUser)?;
    if write.schedules_of(user.id).await?.len() >= MAX_SCHEDULES {
        return Err(ScheduleStateError::TooMany);
    }
    let schedule = StateSchedule {
        id: ScheduleId::new(op.now, &mut op.rng),
        user: user.id,
        state,
        due_at: due_at.replace_millisecond(0).unwrap_or(due_at),
        created_at: op.now,
        created_by: op.actor.label().to_owned(),
    };
    write.insert_schedule(&schedule).await?;
    note(
        write.as_mut(),
        op,
        EventKind::UserStateScheduleCreate,
        &user,
        &schedule,
    )
    .await?;
    write.commit().await?;
    Ok(schedule)
}

/// Takes back what was scheduled; whether there was such a schedule of this person. Adds the event
/// `user_state_schedule_delete`.
pub async fn cancel_schedule(
    op: &mut Op,
    store: &dyn Store,
    user: UserId,
    id: ScheduleId,
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let Some(user) = write.user(user).await? else {
        return Ok(false);
    };
    let schedules = write.schedules_of(user.id).await?;
    let Some(schedule) = schedules.iter().find(|schedule| schedule.id == id) else {
        return Ok(false);
    };
    write.delete_schedule(id).await?;
    note(
        write.as_mut(),
        op,
        EventKind::UserStateScheduleDelete,
        &user,
        schedule,
    )
    .await?;
    write.commit().await?;
    Ok(true)
}

/// What is to come for a person, the next first.
pub async fn list_schedules(
    store: &dyn Store,
    user: UserId,
) -> Result<Vec<StateSchedule>, StoreError> {
    store.read().await?.schedules_of(user).await
}

/// Carries out what is due; how many schedules. The actor of the changes is whoever scheduled
/// them, through the program. To be called every few seconds.
pub async fn run_due_schedules(op: &mut Op, store: &dyn Store) -> Result<usize, StoreError> {
    if store
        .read()
        .await?
        .due_schedules(op.now, 1)
        .await?
        .is_empty()
    {
        return Ok(0);
    }
    let mut write = store.write().await?;
    let due = write.due_schedules(op.now, AT_ONCE).await?;
    for schedule in &due {
        write.delete_schedule(schedule.id).await?;
        if let Some(user) = write.user(schedule.user).await? {
            op.actor = Actor::System(format!("schedule of {}", schedule.created_by));
            change_state(write.as_mut(), op, &user, schedule.state).await?;
        }
    }
    write.commit().await?;
    Ok(due.len())
}

async fn note(
    write: &mut dyn crate::store::Write,
    op: &mut Op,
    kind: EventKind,
    user: &User,
    schedule: &StateSchedule,
) -> Result<(), StoreError> {
    let format = time::format_description::well_known::Rfc3339;
    let detail = json!({
        "schedule": schedule.id.to_string(),
        "state": schedule.state.as_str(),
        "due_at": schedule.due_at.format(&format).unwrap_or_default(),
    });
    let event = op.event(kind, true, Some(user.target()), detail);
    write.insert_event(&event).await
}
