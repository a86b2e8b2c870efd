//! Slowing down those who guess passwords (security.md item 26).

use std::num::NonZeroUsize;
use std::sync::Arc;

use jetway_identity::{EventKind, PasswordHashers, SignInAttempt, SignInError, Via, sign_in};
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, on_both};

on_both!(
    the_fifth_failure_locks_for_a_minute_also_against_the_right_password,
    a_locked_address_is_refused_before_any_hash_is_computed,
    an_unknown_address_is_locked_like_a_known_one,
    waiting_doubles_and_never_exceeds_a_quarter_of_an_hour,
    a_right_password_clears_the_count,
    fifty_guesses_at_once_are_no_more_than_five_guesses,
    a_flood_of_guesses_at_one_account_keeps_nobody_else_out,
    a_clock_set_back_leaves_nobody_locked_out,
);

async fn fail(bed: &Bed, email: &str, times: u32) {
    for _ in 0..times {
        let error = bed.try_sign_in(email, "wrong").await.unwrap_err();
        assert!(matches!(error, SignInError::Refused), "{error}");
    }
}

async fn the_wait(bed: &Bed, email: &str) -> Option<i64> {
    match bed.try_sign_in(email, PASSWORD).await {
        Err(SignInError::LockedOut { retry_after }) => Some(retry_after.whole_seconds()),
        Ok(_) | Err(SignInError::Refused) => None,
        Err(error) => panic!("{error}"),
    }
}

async fn the_fifth_failure_locks_for_a_minute_also_against_the_right_password(mut bed: Bed) {
    bed.user(EMAIL).await;
    fail(&bed, EMAIL, 4).await;
    assert!(bed.events(EventKind::UserLockout).await.is_empty());
    fail(&bed, EMAIL, 1).await;
    let lockout = bed.last_event(EventKind::UserLockout).await;
    assert_eq!(lockout.detail["failures"], 5);
    assert_eq!(lockout.target.unwrap().label, EMAIL);
    assert_eq!(the_wait(&bed, EMAIL).await, Some(60));
    let event = bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["reason"], "locked_out");
    bed.pass(Duration::seconds(59));
    assert_eq!(
        the_wait(&bed, EMAIL).await,
        Some(1),
        "being refused does not prolong the wait"
    );
    bed.pass(Duration::seconds(1));
    bed.signed_in(EMAIL).await;
}

async fn a_locked_address_is_refused_before_any_hash_is_computed(bed: Bed) {
    bed.user(EMAIL).await;
    fail(&bed, EMAIL, 5).await;
    let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
    let attempt = SignInAttempt {
        email: EMAIL.to_owned(),
        password: PASSWORD.to_owned().into(),
        via: Via::Browser,
        device: None,
    };
    let refused = sign_in(
        &mut bed.stranger(),
        &bed.store,
        (&hashers, bed.keys.sealing()),
        attempt,
    )
    .await;
    assert!(matches!(refused, Err(SignInError::LockedOut { .. })));
    assert_eq!(hashers.computed(), 0);
}

async fn an_unknown_address_is_locked_like_a_known_one(bed: Bed) {
    bed.user(EMAIL).await;
    for email in [EMAIL, "nobody@acme.com"] {
        fail(&bed, email, 5).await;
        assert_eq!(the_wait(&bed, email).await, Some(60));
    }
    let locked = bed.events(EventKind::UserLockout).await;
    assert_eq!(locked.len(), 2);
    assert_eq!(locked[1].target, None);
    assert_eq!(locked[1].detail["email"], "nobody@acme.com");
}

async fn waiting_doubles_and_never_exceeds_a_quarter_of_an_hour(mut bed: Bed) {
    bed.user(EMAIL).await;
    fail(&bed, EMAIL, 5).await;
    let mut waits = Vec::new();
    for _ in 0..8 {
        let wait = the_wait(&bed, EMAIL).await.unwrap();
        waits.push(wait);
        bed.pass(Duration::seconds(wait));
        fail(&bed, EMAIL, 1).await;
    }
    assert_eq!(waits, [60, 120, 240, 480, 900, 900, 900, 900]);
}

async fn a_right_password_clears_the_count(bed: Bed) {
    bed.user(EMAIL).await;
    for _ in 0..3 {
        fail(&bed, EMAIL, 4).await;
        bed.signed_in(EMAIL).await;
    }
}

/// All of them pass the first check together; the second one, inside the transaction, counts.
async fn fifty_guesses_at_once_are_no_more_than_five_guesses(bed: Bed) {
    bed.user(EMAIL).await;
    let bed = Arc::new(bed);
    let tasks: Vec<_> = (0..50)
        .map(|number| {
            let bed = Arc::clone(&bed);
            tokio::spawn(async move {
                loop {
                    let answer = bed.try_sign_in(EMAIL, &format!("guess {number}")).await;
                    // One address has a share of the hashing threads; whoever is beyond it asks again.
                    if !matches!(answer, Err(SignInError::Busy(_))) {
                        return answer;
                    }
                    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                }
            })
        })
        .collect();
    let (mut refused, mut locked) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Err(SignInError::Refused) => refused += 1,
            Err(SignInError::LockedOut { .. }) => locked += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((refused, locked), (5, 45));
}

/// Security.md F13, for a flood of one address.
async fn a_flood_of_guesses_at_one_account_keeps_nobody_else_out(bed: Bed) {
    const OTHER: &str = "wile.coyote@the-acme-corporation.com";
    bed.user(EMAIL).await;
    bed.user(OTHER).await;
    let bed = Arc::new(bed);
    let hashers = Arc::new(PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap());
    let sign_in_as = |email: &str, password: &str| {
        let (bed, hashers) = (Arc::clone(&bed), Arc::clone(&hashers));
        let attempt = SignInAttempt {
            email: email.to_owned(),
            password: password.to_owned().into(),
            via: Via::Browser,
            device: None,
        };
        tokio::spawn(async move {
            sign_in(
                &mut bed.stranger(),
                &bed.store,
                (&hashers, bed.keys.sealing()),
                attempt,
            )
            .await
        })
    };
    let flood: Vec<_> = (0..200).map(|_| sign_in_as(EMAIL, "guess")).collect();
    sign_in_as(OTHER, PASSWORD).await.unwrap().unwrap();
    let mut refused = 0;
    for attempt in flood {
        match attempt.await.unwrap() {
            Err(SignInError::Refused) => refused += 1,
            Err(SignInError::LockedOut { .. } | SignInError::Busy(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(refused, 5);
    assert!(hashers.computed() <= 5 + 16 + 1, "{}", hashers.computed());
}

/// Security.md F7.
async fn a_clock_set_back_leaves_nobody_locked_out(mut bed: Bed) {
    bed.user(EMAIL).await;
    fail(&bed, EMAIL, 5).await;
    bed.pass(Duration::hours(-2));
    bed.signed_in(EMAIL).await;
}
