//! Activations and suspensions at a later time.

use jetway_identity::users::{
    ScheduleStateError, cancel_schedule, list_schedules, run_due_schedules, schedule_state,
};
use jetway_identity::{Actor, EventKind, Store, UserState, current_session};
use time::Duration;

use crate::bed::{Bed, EMAIL, on_both};

on_both!(
    a_suspension_takes_effect_when_its_time_has_come,
    a_cancelled_schedule_does_nothing,
    only_sensible_times_and_states_are_taken,
);

/// Requirement D01, security.md item 39.
async fn a_suspension_takes_effect_when_its_time_has_come(mut bed: Bed) {
    let id = bed.user(EMAIL).await;
    let due = bed.now + Duration::hours(1);
    let state = UserState::Suspended;
    let schedule = schedule_state(&mut bed.op(), &bed.store, id, state, due)
        .await
        .unwrap();
    assert_eq!(list_schedules(&bed.store, id).await.unwrap(), [schedule]);
    assert_eq!(
        bed.events(EventKind::UserStateScheduleCreate).await.len(),
        1
    );
    let token = bed.signed_in(EMAIL).await;
    bed.pass(Duration::minutes(59));
    assert_eq!(
        run_due_schedules(&mut bed.op(), &bed.store).await.unwrap(),
        0
    );
    bed.pass(Duration::minutes(1));
    assert_eq!(
        run_due_schedules(&mut bed.op(), &bed.store).await.unwrap(),
        1
    );
    assert_eq!(
        run_due_schedules(&mut bed.op(), &bed.store).await.unwrap(),
        0
    );
    let user = bed.store.read().await.unwrap().user(id).await.unwrap();
    assert_eq!(user.unwrap().state, UserState::Suspended);
    let session = current_session(&mut bed.op(), &bed.store, &token).await;
    assert!(session.unwrap().is_none());
    let event = bed.last_event(EventKind::UserSuspended).await;
    assert_eq!(event.actor, Actor::System("schedule of test".to_owned()));
    assert!(list_schedules(&bed.store, id).await.unwrap().is_empty());
}

async fn a_cancelled_schedule_does_nothing(mut bed: Bed) {
    let id = bed.user(EMAIL).await;
    let other = bed.user("wile@acme.com").await;
    let due = bed.now + Duration::hours(1);
    let state = UserState::Suspended;
    let schedule = schedule_state(&mut bed.op(), &bed.store, id, state, due)
        .await
        .unwrap();
    for (user, expected) in [(other, false), (id, true), (id, false)] {
        let cancelled = cancel_schedule(&mut bed.op(), &bed.store, user, schedule.id).await;
        assert_eq!(cancelled.unwrap(), expected);
    }
    assert_eq!(
        bed.events(EventKind::UserStateScheduleDelete).await.len(),
        1
    );
    bed.pass(Duration::hours(2));
    assert_eq!(
        run_due_schedules(&mut bed.op(), &bed.store).await.unwrap(),
        0
    );
}

async fn only_sensible_times_and_states_are_taken(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let soon = bed.now + Duration::hours(1);
    for (state, due, in_words) in [
        (UserState::Staged, soon, "activation or a suspension"),
        (UserState::Active, bed.now, "in the future"),
        (
            UserState::Active,
            bed.now + Duration::days(4000),
            "in the future",
        ),
    ] {
        let refused = schedule_state(&mut bed.op(), &bed.store, id, state, due).await;
        let text = refused.unwrap_err().to_string();
        assert!(text.contains(in_words), "{text}");
    }
    let mut taken = 0;
    let refused = loop {
        let state = UserState::Active;
        match schedule_state(&mut bed.op(), &bed.store, id, state, soon).await {
            Ok(_) => taken += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(taken, jetway_identity::users::MAX_SCHEDULES);
    assert!(matches!(refused, ScheduleStateError::TooMany));
}
