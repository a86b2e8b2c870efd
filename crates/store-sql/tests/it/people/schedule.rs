//! Activations and suspensions at a later time.

use jetway_identity::users::{
    ScheduleStateError, cancel_schedule, list_schedules, run_due_schedules, schedule_state,
    standings,
};
use jetway_identity::{Actor, EventKind, Store, UserState, current_session};
use time::Duration;

use crate::bed::{Bed, EMAIL, new_user, on_both};

on_both!(
    a_list_knows_who_is_locked_out_and_what_comes_next,
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

/// More people than one question takes.
async fn a_list_knows_who_is_locked_out_and_what_comes_next(bed: Bed) {
    let mut ids = Vec::new();
    for number in 0..70 {
        let mut new = new_user(&format!("p{number}@acme.com"));
        new.username = format!("p{number}");
        ids.push(bed.user_with(new).await);
    }
    let (suspended, active) = (UserState::Suspended, UserState::Active);
    for (number, state, hours) in [(3, active, 9), (3, suspended, 2), (69, suspended, 5)] {
        let due = bed.now + Duration::hours(hours);
        schedule_state(&mut bed.op(), &bed.store, ids[number], state, due)
            .await
            .unwrap();
    }
    for _ in 0..5 {
        let refused = bed.try_sign_in("p69@acme.com", "wrong").await;
        assert!(refused.is_err());
    }
    for _ in 0..4 {
        assert!(bed.try_sign_in("p5@acme.com", "wrong").await.is_err());
    }
    let mut users = Vec::new();
    for id in &ids {
        let mut read = bed.store.read().await.unwrap();
        users.push(read.user(*id).await.unwrap().unwrap());
    }
    let found = standings(&bed.op(), &bed.store, &users).await.unwrap();
    assert_eq!(found.len(), 2);
    let next = |number: usize| found[&ids[number]].next.as_ref().unwrap();
    assert_eq!(next(3).state, suspended);
    assert_eq!(next(69).state, suspended);
    assert!(found[&ids[69]].locked && !found[&ids[3]].locked);
    assert!(
        standings(&bed.op(), &bed.store, &[])
            .await
            .unwrap()
            .is_empty()
    );
}
