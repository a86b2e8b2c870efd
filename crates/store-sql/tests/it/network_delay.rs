//! Slowing down a network from which many accounts are tried (security.md item 26).

use std::net::IpAddr;
use std::num::NonZeroUsize;

use jetway_identity::{
    AdministratorSignIn, AdministratorSignInError, Event, EventKind, Op, PasswordHashers, Role,
    SignInAttempt, SignInError, Via, change_settings, sign_in, sign_in_administrator,
};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use secrecy::SecretString;
use time::Duration;

use crate::administrators::{ADMIN, add};
use crate::bed::{Bed, EMAIL, PASSWORD, hashers, on_both};

on_both!(
    many_failures_across_accounts_make_their_network_wait_and_no_other,
    a_known_browser_signs_in_from_a_network_that_waits,
    a_network_that_waits_is_refused_before_any_hash_is_computed,
    the_portals_share_the_count_of_a_network,
    this_machine_never_waits,
    at_ten_thousand_attempts_a_minute_neither_the_owner_nor_others_are_held_up,
);

const GUESSERS: &str = "198.51.100.66";
const HOME: &str = "203.0.113.9";

fn from(bed: &Bed, address: &str) -> Op {
    let mut op = bed.stranger();
    op.client.ip = Some(address.parse::<IpAddr>().unwrap());
    op
}

fn cookie() -> SecretString {
    jetway_identity::sessions::new_device(&mut StdRng::seed_from_u64(11))
}

fn attempt(email: &str, password: &str, device: Option<SecretString>) -> SignInAttempt {
    SignInAttempt {
        email: email.to_owned(),
        password: SecretString::from(password),
        via: Via::Browser,
        device,
    }
}

async fn try_from(bed: &Bed, address: &str, attempt: SignInAttempt) -> Result<(), SignInError> {
    let mut op = from(bed, address);
    let outcome = sign_in(&mut op, &bed.store, bed.tools(), attempt).await;
    outcome.map(|_| ())
}

/// A network waits after twenty failures; as few as can be set.
async fn limit(bed: &Bed) {
    change_settings(&mut bed.op(), &bed.store, None, |sections| {
        sections.lockout.network_attempts = 20;
    })
    .await
    .unwrap();
}

/// Twenty failures for twenty accounts, none of which exists.
async fn guess(bed: &Bed, address: &str) {
    for number in 0..20 {
        let guess = attempt(&format!("guess{number}@acme.com"), "wrong", None);
        let refused = try_from(bed, address, guess).await.unwrap_err();
        assert!(matches!(refused, SignInError::Refused), "{refused}");
    }
}

fn waits(outcome: Result<(), SignInError>) -> i64 {
    match outcome {
        Err(SignInError::LockedOut { retry_after }) => retry_after.whole_seconds(),
        other => panic!("{other:?}"),
    }
}

async fn many_failures_across_accounts_make_their_network_wait_and_no_other(mut bed: Bed) {
    bed.user(EMAIL).await;
    limit(&bed).await;
    guess(&bed, GUESSERS).await;
    let event = bed.last_event(EventKind::UserLockout).await;
    assert_eq!(event.detail["network"], "198.51.100.66/32");
    assert_eq!(event.detail["failures"], 20);
    assert_eq!(event.target, None);
    let right = || attempt(EMAIL, PASSWORD, None);
    assert_eq!(waits(try_from(&bed, GUESSERS, right()).await), 60);
    let attempts = bed.events(EventKind::UserLoginAttempt).await;
    let held_up = |event: &&Event| event.detail["reason"] == "network_locked_out";
    assert_eq!(attempts.iter().filter(held_up).count(), 1);
    try_from(&bed, HOME, right()).await.unwrap();
    // Another failure after the wait makes the next wait longer.
    bed.pass(Duration::seconds(60));
    let wrong = attempt("another@acme.com", "wrong", None);
    assert!(try_from(&bed, GUESSERS, wrong).await.is_err());
    assert_eq!(waits(try_from(&bed, GUESSERS, right()).await), 120);
    bed.pass(Duration::seconds(120));
    try_from(&bed, GUESSERS, right()).await.unwrap();
}

async fn a_known_browser_signs_in_from_a_network_that_waits(bed: Bed) {
    bed.user(EMAIL).await;
    limit(&bed).await;
    let here = |password: &str| attempt(EMAIL, password, Some(cookie()));
    try_from(&bed, GUESSERS, here(PASSWORD)).await.unwrap();
    guess(&bed, GUESSERS).await;
    try_from(&bed, GUESSERS, here(PASSWORD)).await.unwrap();
    // What is mistyped there counts there alone.
    let refused = try_from(&bed, GUESSERS, here("wrong")).await.unwrap_err();
    assert!(matches!(refused, SignInError::Refused), "{refused}");
    assert_eq!(bed.events(EventKind::UserLockout).await.len(), 1);
}

async fn a_network_that_waits_is_refused_before_any_hash_is_computed(bed: Bed) {
    bed.user(EMAIL).await;
    limit(&bed).await;
    guess(&bed, GUESSERS).await;
    let hashers = PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap();
    let mut op = from(&bed, GUESSERS);
    let tools = (&hashers, bed.keys.sealing());
    let right = attempt(EMAIL, PASSWORD, None);
    let refused = sign_in(&mut op, &bed.store, tools, right).await;
    assert!(matches!(refused, Err(SignInError::LockedOut { .. })));
    assert_eq!(hashers.computed(), 0);
}

async fn the_portals_share_the_count_of_a_network(bed: Bed) {
    add(&bed, ADMIN, Role::Full).await;
    limit(&bed).await;
    guess(&bed, GUESSERS).await;
    let right = || AdministratorSignIn {
        email: ADMIN.to_owned(),
        password: SecretString::from(PASSWORD),
        device: None,
        dev: true,
    };
    let tools = (hashers(), bed.keys.sealing());
    let mut op = from(&bed, GUESSERS);
    let refused = sign_in_administrator(&mut op, &bed.store, tools, right()).await;
    assert!(matches!(
        refused,
        Err(AdministratorSignInError::LockedOut { .. })
    ));
    let event = bed.last_event(EventKind::AdminLoginAttempt).await;
    assert_eq!(event.detail["reason"], "network_locked_out");
    let mut op = from(&bed, HOME);
    sign_in_administrator(&mut op, &bed.store, tools, right())
        .await
        .unwrap();
}

async fn this_machine_never_waits(bed: Bed) {
    bed.user(EMAIL).await;
    limit(&bed).await;
    for _ in 0..2 {
        guess(&bed, "127.0.0.1").await;
    }
    try_from(&bed, "127.0.0.1", attempt(EMAIL, PASSWORD, None))
        .await
        .unwrap();
}

/// A minute of guessing at one account, from many networks. The owner's sign-ins meanwhile give no
/// guesses back. The clock moves, nothing sleeps.
async fn at_ten_thousand_attempts_a_minute_neither_the_owner_nor_others_are_held_up(mut bed: Bed) {
    const OTHER: &str = "wile.coyote@the-acme-corporation.com";
    bed.user(EMAIL).await;
    bed.user(OTHER).await;
    let owner = |password: &str| attempt(EMAIL, password, Some(cookie()));
    try_from(&bed, HOME, owner(PASSWORD)).await.unwrap();
    let theirs = hashers_of_their_own();
    let mut refused = 0;
    for number in 0..1_000_u32 {
        // Six seconds of them: the others differ in nothing.
        let address = format!("198.51.{}.{}", 100 + number % 4, number % 250);
        let mut op = from(&bed, &address);
        let tools = (&theirs, bed.keys.sealing());
        let guess = attempt(EMAIL, &format!("guess {number}"), None);
        match sign_in(&mut op, &bed.store, tools, guess).await {
            Err(SignInError::Refused) => refused += 1,
            Err(SignInError::LockedOut { .. }) => {}
            other => panic!("{other:?}"),
        }
        bed.pass(Duration::milliseconds(6));
        if number % 250 == 0 {
            // The owner, in the browser that they use, and somebody else, in one that nobody knows.
            try_from(&bed, HOME, owner(PASSWORD)).await.unwrap();
            let other = attempt(OTHER, PASSWORD, None);
            try_from(&bed, HOME, other).await.unwrap();
        }
    }
    assert_eq!(refused, 5, "guesses whose password was looked at");
    assert_eq!(theirs.computed(), refused);
}

fn hashers_of_their_own() -> PasswordHashers {
    PasswordHashers::with_threads(NonZeroUsize::MIN).unwrap()
}
