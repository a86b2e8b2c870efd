//! How sessions end (security.md items 37 to 39).

use jetway_identity::{EventKind, Store, current_session, sign_out};
use time::Duration;

use crate::bed::{Bed, EMAIL, on_both};

on_both!(
    an_hour_without_use_ends_a_session,
    a_session_in_use_ends_after_a_day,
    an_ended_session_stays_ended_when_the_clock_is_set_back,
    use_is_noted_at_most_once_a_minute,
    signing_out_ends_this_session_alone,
    a_token_that_nobody_was_given_is_nobody,
);

async fn is_signed_in(bed: &Bed, token: &str) -> bool {
    current_session(&mut bed.stranger(), &bed.store, token)
        .await
        .unwrap()
        .is_some()
}

async fn an_hour_without_use_ends_a_session(mut bed: Bed) {
    bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    bed.pass(Duration::minutes(59));
    assert!(is_signed_in(&bed, &token).await);
    bed.pass(Duration::minutes(59));
    assert!(
        is_signed_in(&bed, &token).await,
        "using it begins a new hour"
    );
    bed.pass(Duration::minutes(61));
    assert!(!is_signed_in(&bed, &token).await);
}

async fn a_session_in_use_ends_after_a_day(mut bed: Bed) {
    bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    for _ in 0..47 {
        bed.pass(Duration::minutes(30));
        assert!(is_signed_in(&bed, &token).await);
    }
    bed.pass(Duration::minutes(30));
    assert!(!is_signed_in(&bed, &token).await);
}

async fn an_ended_session_stays_ended_when_the_clock_is_set_back(mut bed: Bed) {
    bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    bed.pass(Duration::hours(2));
    assert!(!is_signed_in(&bed, &token).await);
    bed.pass(-Duration::hours(2));
    assert!(!is_signed_in(&bed, &token).await);
}

async fn use_is_noted_at_most_once_a_minute(mut bed: Bed) {
    let id = bed.user(EMAIL).await;
    let start = bed.now;
    let token = bed.signed_in(EMAIL).await;
    let mut noted = Vec::new();
    for _ in 0..5 {
        bed.pass(Duration::seconds(25));
        assert!(is_signed_in(&bed, &token).await);
        let sessions = bed
            .store
            .read()
            .await
            .unwrap()
            .sessions_of(id)
            .await
            .unwrap();
        noted.push((sessions[0].last_seen_at - start).whole_seconds());
    }
    assert_eq!(noted, [0, 0, 75, 75, 75]);
}

async fn signing_out_ends_this_session_alone(bed: Bed) {
    bed.user(EMAIL).await;
    let (mine, other) = (bed.signed_in(EMAIL).await, bed.signed_in(EMAIL).await);
    sign_out(&mut bed.stranger(), &bed.store, &mine)
        .await
        .unwrap();
    sign_out(&mut bed.stranger(), &bed.store, &mine)
        .await
        .unwrap();
    assert!(!is_signed_in(&bed, &mine).await);
    assert!(is_signed_in(&bed, &other).await);
    assert_eq!(bed.events(EventKind::UserLogout).await.len(), 1);
}

async fn a_token_that_nobody_was_given_is_nobody(bed: Bed) {
    bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    let other: String = token.chars().rev().collect();
    for wrong in ["", "x", other.as_str(), &"é".repeat(22), &"\0".repeat(43)] {
        assert!(!is_signed_in(&bed, wrong).await);
    }
}
