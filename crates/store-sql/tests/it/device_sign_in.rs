//! Command lines that sign in through the browser.

use jetway_identity::factors::{ChangeFactorError, FactorKind, begin_totp};
use jetway_identity::sessions::device::{
    DeviceCodeError, RedeemError, StartDeviceError, StartedDeviceSignIn, answer_device_sign_in,
    claim_device_sign_in, redeem_device_sign_in, start_device_sign_in,
};
use jetway_identity::sessions::{ProvedFactor, list_sessions, revoke_sessions};
use jetway_identity::{
    EventKind, SignInError, SignedIn, SignedInUser, UserState, Via, current_session, set_user_state,
};
use secrecy::ExposeSecret;
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, on_both};

on_both!(
    a_command_line_gets_one_session_when_its_person_says_yes,
    the_session_ends_with_that_of_the_browser_and_is_no_fresher,
    a_code_belongs_to_whoever_typed_it_first,
    nobody_says_yes_to_what_they_were_not_shown,
    a_no_is_final,
    a_code_is_good_for_ten_minutes,
    a_command_line_in_a_hurry_is_slowed_down,
    guessed_codes_are_counted_and_written_down,
    a_yes_of_somebody_who_left_since_opens_nothing,
    codes_are_not_in_the_database,
    one_address_does_not_begin_without_end,
    a_command_line_changes_no_factor_and_lets_no_other_in,
    guesses_are_not_forgiven_by_a_command_line,
);

const COYOTE: &str = "wile.coyote@the-acme-corporation.com";

/// Somebody in a browser.
pub(crate) async fn person(bed: &Bed, email: &str) -> SignedInUser {
    let signed_in = bed.try_sign_in(email, PASSWORD).await.unwrap();
    SignedInUser {
        session: signed_in.session,
        user: signed_in.user,
    }
}

pub(crate) async fn start(bed: &Bed) -> StartedDeviceSignIn {
    start_device_sign_in(&mut bed.stranger(), &bed.store, "mesa-4")
        .await
        .unwrap()
}

pub(crate) async fn claim(
    bed: &Bed,
    person: &SignedInUser,
    code: &str,
) -> Result<(), DeviceCodeError> {
    let found = claim_device_sign_in(&mut bed.stranger(), &bed.store, person, code).await;
    found.map(|found| {
        assert_eq!(found.machine, "mesa-4");
        assert_eq!(found.user, Some(person.user.id));
    })
}

pub(crate) async fn answer(
    bed: &Bed,
    person: &SignedInUser,
    code: &str,
    approve: bool,
) -> Result<(), DeviceCodeError> {
    answer_device_sign_in(&mut bed.stranger(), &bed.store, person, code, approve).await
}

pub(crate) async fn redeem(
    bed: &Bed,
    started: &StartedDeviceSignIn,
) -> Result<SignedIn, RedeemError> {
    let code = started.device_code.expose_secret();
    redeem_device_sign_in(&mut bed.stranger(), &bed.store, code).await
}

/// The code on the wire.
pub(crate) async fn refused(bed: &Bed, started: &StartedDeviceSignIn) -> &'static str {
    redeem(bed, started).await.unwrap_err().as_str().unwrap()
}

/// Requirement T06.
async fn a_command_line_gets_one_session_when_its_person_says_yes(mut bed: Bed) {
    let user = bed.user(EMAIL).await;
    let started = start(&bed).await;
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
    let road_runner = person(&bed, EMAIL).await;
    let code = started.user_code.to_string().to_lowercase();
    claim(&bed, &road_runner, &code).await.unwrap();
    // The page may be read again.
    claim(&bed, &road_runner, &code).await.unwrap();
    bed.pass(started.interval);
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
    answer(&bed, &road_runner, &code, true).await.unwrap();
    bed.pass(started.interval);
    let signed_in = redeem(&bed, &started).await.unwrap();
    assert_eq!(signed_in.user.id, user);
    assert_eq!(signed_in.session.via, Via::CommandLine);
    let token = signed_in.token.expose_secret();
    let current = current_session(&mut bed.stranger(), &bed.store, token).await;
    assert_eq!(current.unwrap().unwrap().session, signed_in.session);
    let sessions = list_sessions(&bed.op(), &bed.store, user).await.unwrap();
    assert!(sessions.contains(&signed_in.session), "it is listed");
    let event = bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["via"], "command_line");
    let event = bed.last_event(EventKind::UserDeviceSignIn).await;
    assert!(event.success);
    assert_eq!(event.detail["answer"], "used");
    assert_eq!(event.detail["machine"], "mesa-4");
    assert_eq!(
        event.detail["approved_in"],
        road_runner.session.id.to_string()
    );
    bed.pass(started.interval);
    assert_eq!(refused(&bed, &started).await, "invalid_grant", "used up");
    let again = answer(&bed, &road_runner, &code, true).await;
    assert!(matches!(again, Err(DeviceCodeError::Unknown)));
}

/// Security.md item 28: a command line gets no more than its browser has.
async fn the_session_ends_with_that_of_the_browser_and_is_no_fresher(mut bed: Bed) {
    bed.user(EMAIL).await;
    let mut road_runner = person(&bed, EMAIL).await;
    // As if it had begun with a code of an app.
    road_runner.session.factor = Some(ProvedFactor {
        kind: FactorKind::Totp,
        at: bed.now,
    });
    bed.pass(Duration::minutes(40));
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
    answer(&bed, &road_runner, &code, true).await.unwrap();
    let signed_in = redeem(&bed, &started).await.unwrap();
    let (browser, own) = (&road_runner.session, &signed_in.session);
    assert_eq!(own.expires_at, browser.expires_at);
    assert_eq!(own.proved_at, browser.proved_at);
    assert_eq!(own.first_proof, browser.first_proof);
    assert_eq!(own.last_seen_at, bed.now);
    assert_eq!(
        own.factor, None,
        "what is stored counts, not what was handed in"
    );
}

async fn a_code_belongs_to_whoever_typed_it_first(bed: Bed) {
    bed.user(EMAIL).await;
    bed.user(COYOTE).await;
    let (road_runner, coyote) = (person(&bed, EMAIL).await, person(&bed, COYOTE).await);
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
    let theirs = claim(&bed, &coyote, &code).await;
    assert!(matches!(theirs, Err(DeviceCodeError::Unknown)));
    let theirs = answer(&bed, &coyote, &code, true).await;
    assert!(matches!(theirs, Err(DeviceCodeError::Unknown)));
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
}

async fn nobody_says_yes_to_what_they_were_not_shown(bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let started = start(&bed).await;
    let blind = answer(&bed, &road_runner, &started.user_code.to_string(), true).await;
    assert!(matches!(blind, Err(DeviceCodeError::Unknown)));
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
}

async fn a_no_is_final(mut bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
    answer(&bed, &road_runner, &code, false).await.unwrap();
    let event = bed.last_event(EventKind::UserDeviceSignIn).await;
    assert!(!event.success);
    assert_eq!(event.detail["answer"], "denied");
    let second_thoughts = answer(&bed, &road_runner, &code, true).await;
    assert!(matches!(second_thoughts, Err(DeviceCodeError::Unknown)));
    for _ in 0..2 {
        assert_eq!(refused(&bed, &started).await, "access_denied");
        bed.pass(started.interval);
    }
}

async fn a_code_is_good_for_ten_minutes(mut bed: Bed) {
    bed.user(EMAIL).await;
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    bed.pass(Duration::minutes(10));
    let road_runner = person(&bed, EMAIL).await;
    let late = claim(&bed, &road_runner, &code).await;
    assert!(matches!(late, Err(DeviceCodeError::Unknown)));
    assert_eq!(refused(&bed, &started).await, "expired_token");
    // A yes in time that is asked for too late.
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
    answer(&bed, &road_runner, &code, true).await.unwrap();
    bed.pass(Duration::minutes(10));
    assert_eq!(refused(&bed, &started).await, "expired_token");
    bed.pass(Duration::minutes(11));
    let other = start(&bed).await;
    assert_eq!(refused(&bed, &started).await, "invalid_grant", "forgotten");
    assert_eq!(refused(&bed, &other).await, "authorization_pending");
}

/// RFC 8628, 3.5.
async fn a_command_line_in_a_hurry_is_slowed_down(mut bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    assert_eq!(refused(&bed, &started).await, "authorization_pending");
    assert_eq!(refused(&bed, &started).await, "slow_down");
    bed.pass(started.interval);
    assert_eq!(
        refused(&bed, &started).await,
        "slow_down",
        "five seconds more"
    );
    claim(&bed, &road_runner, &code).await.unwrap();
    answer(&bed, &road_runner, &code, true).await.unwrap();
    bed.pass(started.interval + Duration::seconds(5));
    assert_eq!(
        refused(&bed, &started).await,
        "slow_down",
        "a yes does not make it faster"
    );
    bed.pass(started.interval + Duration::seconds(15));
    redeem(&bed, &started).await.unwrap();
}

/// Security.md item 53.
async fn guessed_codes_are_counted_and_written_down(mut bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    let wrong = if code == "BBBB-BBBB" {
        "CCCC-CCCC"
    } else {
        "BBBB-BBBB"
    };
    for attempt in 0..10 {
        let typed = if attempt == 0 { "no code" } else { wrong };
        let refused = claim(&bed, &road_runner, typed).await;
        assert!(
            matches!(refused, Err(DeviceCodeError::Unknown)),
            "{refused:?}"
        );
    }
    let locked = claim(&bed, &road_runner, &code).await;
    assert!(
        matches!(locked, Err(DeviceCodeError::TooMany { .. })),
        "the right one too: {locked:?}"
    );
    let locked = answer(&bed, &road_runner, &code, true).await;
    assert!(matches!(locked, Err(DeviceCodeError::TooMany { .. })));
    assert_eq!(bed.events(EventKind::UserDeviceSignIn).await.len(), 10);
    bed.pass(Duration::minutes(10));
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &road_runner, &code).await.unwrap();
}

/// Security.md item 39.
async fn a_yes_of_somebody_who_left_since_opens_nothing(mut bed: Bed) {
    let user = bed.user(EMAIL).await;
    for leave in [true, false] {
        let road_runner = person(&bed, EMAIL).await;
        let started = start(&bed).await;
        let code = started.user_code.to_string();
        claim(&bed, &road_runner, &code).await.unwrap();
        answer(&bed, &road_runner, &code, true).await.unwrap();
        if leave {
            revoke_sessions(&mut bed.op(), &bed.store, user, None)
                .await
                .unwrap();
        } else {
            let suspended = UserState::Suspended;
            set_user_state(&mut bed.op(), &bed.store, user, suspended)
                .await
                .unwrap();
        }
        assert_eq!(refused(&bed, &started).await, "access_denied");
        bed.pass(started.interval);
        assert_eq!(refused(&bed, &started).await, "invalid_grant");
    }
}

async fn codes_are_not_in_the_database(bed: Bed) {
    let started = start(&bed).await;
    let shown = started.user_code.to_string();
    let dump = bed.dump().await;
    for secret in [
        started.device_code.expose_secret(),
        &shown,
        &shown.replace('-', ""),
    ] {
        assert!(!dump.contains(secret));
    }
}

async fn one_address_does_not_begin_without_end(mut bed: Bed) {
    for _ in 0..120 {
        start(&bed).await;
    }
    let more = start_device_sign_in(&mut bed.stranger(), &bed.store, "mesa-4").await;
    assert!(matches!(more, Err(StartDeviceError::TooMany { .. })));
    bed.pass(Duration::minutes(10));
    start(&bed).await;
}

/// Somebody who was talked into a yes has lost a session, and not the account (security.md item 34).
async fn a_command_line_changes_no_factor_and_lets_no_other_in(bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    let signed_in = let_in(&bed, &road_runner).await;
    let owner = (&signed_in.session).into();
    let begun = begin_totp(&mut bed.op(), &bed.store, bed.keys.sealing(), owner).await;
    assert!(matches!(begun, Err(ChangeFactorError::NotFresh)));
    let there = SignedInUser {
        session: signed_in.session,
        user: signed_in.user,
    };
    let started = start(&bed).await;
    let code = started.user_code.to_string();
    claim(&bed, &there, &code).await.unwrap();
    let answered = answer(&bed, &there, &code, true).await;
    assert!(matches!(answered, Err(DeviceCodeError::NotEnough)));
}

/// Security.md item 26.
async fn guesses_are_not_forgiven_by_a_command_line(bed: Bed) {
    bed.user(EMAIL).await;
    let road_runner = person(&bed, EMAIL).await;
    for _ in 0..4 {
        let wrong = bed.try_sign_in(EMAIL, "wrong").await;
        assert!(matches!(wrong, Err(SignInError::Refused)));
    }
    let_in(&bed, &road_runner).await;
    let fifth = bed.try_sign_in(EMAIL, "wrong").await;
    assert!(matches!(fifth, Err(SignInError::Refused)));
    let right = bed.try_sign_in(EMAIL, PASSWORD).await;
    assert!(matches!(right, Err(SignInError::LockedOut { .. })));
}

/// The whole way of a command line.
async fn let_in(bed: &Bed, person: &SignedInUser) -> SignedIn {
    let started = start(bed).await;
    let code = started.user_code.to_string();
    claim(bed, person, &code).await.unwrap();
    answer(bed, person, &code, true).await.unwrap();
    redeem(bed, &started).await.unwrap()
}
