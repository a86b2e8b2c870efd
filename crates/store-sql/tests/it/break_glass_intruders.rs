//! Break-glass accounts whose password or codes somebody else has.

use jetway_identity::administrators::{
    AdministratorFactorError, Lost, ProviderBrowser, sign_in_administrator,
};
use jetway_identity::alerts::AlertKind;
use jetway_identity::break_glass::{
    BreakGlassError, SeenUse, UseKind, acknowledge_break_glass_use, renew_break_glass_codes,
    seal_break_glass_account, start_drill,
};
use jetway_identity::sessions::new_device;
use jetway_identity::{
    AdministratorChange, AdministratorSignIn, AdministratorSignInError, AdministratorState,
    DeleteAdministratorError, EventKind, Role, UpdateAdministratorError, current_administrator,
    delete_administrator, issue_administrator_reset_link, sign_in_administrator_by_email,
    update_administrator,
};
use secrecy::{ExposeSecret, SecretString};
use time::Duration;

use crate::administrators::{add, op_of};
use crate::bed::{Bed, PASSWORD, hashers, on_both};
use crate::break_glass::{GLASS, Place, seen};

on_both!(
    new_codes_put_out_whoever_came_in_with_the_old_ones,
    somebody_else_suspends_a_sealed_account_at_once,
    a_sealed_account_is_nobody_who_is_left,
    a_provider_does_not_vouch_for_a_sealed_account,
    attempts_of_others_and_later_ones_are_uses_of_their_own,
    a_stranger_does_not_take_part_in_a_drill,
    a_reset_lifts_the_lock_out_of_browsers_that_are_known,
    what_happened_since_it_was_read_is_not_acknowledged,
);

fn state(state: AdministratorState) -> AdministratorChange {
    AdministratorChange {
        state: Some(state),
        ..AdministratorChange::default()
    }
}

async fn is_signed_in(place: &Place, token: &SecretString) -> bool {
    let op = place.bed.stranger();
    let token = token.expose_secret();
    let known = current_administrator(&op, &place.bed.store, token).await;
    known.unwrap().is_some()
}

/// A wrong password from this address.
async fn guess_from(place: &Place, ip: &str) {
    let attempt = AdministratorSignIn {
        email: GLASS.to_owned(),
        password: SecretString::from("not-the-password"),
        device: None,
        dev: false,
    };
    let mut op = place.bed.stranger();
    op.client.ip = Some(ip.parse().unwrap());
    let tools = (hashers(), place.bed.keys.sealing());
    let refused = sign_in_administrator(&mut op, &place.bed.store, tools, attempt).await;
    assert!(matches!(refused, Err(AdministratorSignInError::Refused)));
}

async fn new_codes_put_out_whoever_came_in_with_the_old_ones(bed: Bed) {
    let mut place = Place::new(bed).await;
    let intruder = place.sign_in(0, None).await;
    let waits = place.first_step(None).await;
    assert!(is_signed_in(&place, &intruder.token).await);
    let mut op = op_of(&place.bed, place.admin).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let why = (place.glass, "The envelope was opened");
    let new = renew_break_glass_codes(&mut op, store, sealing, why).await;
    place.codes = new.unwrap();
    assert!(!is_signed_in(&place, &intruder.token).await);
    let code = place.codes[0].expose_secret();
    let late = place.give_code(&waits, code).await;
    assert!(matches!(late, Err(AdministratorFactorError::NotStarted)));
    let event = place.bed.last_event(EventKind::BreakGlassCodesRenew).await;
    assert_eq!(event.detail["sessions_ended"], 1);
}

async fn somebody_else_suspends_a_sealed_account_at_once(bed: Bed) {
    let mut place = Place::new(bed).await;
    let intruder = place.sign_in(0, None).await;
    let suspended = || state(AdministratorState::Suspended);
    let (store, glass) = (&place.bed.store, place.glass);
    let mut own = op_of(&place.bed, glass).await;
    let refused = update_administrator(&mut own, store, glass, None, suspended()).await;
    assert!(matches!(refused, Err(UpdateAdministratorError::Sealed)));
    let mut op = op_of(&place.bed, place.admin).await;
    update_administrator(&mut op, store, glass, None, suspended())
        .await
        .unwrap();
    assert!(!is_signed_in(&place, &intruder.token).await);
    let again = place.give_password(PASSWORD, None).await;
    assert!(matches!(again, Err(AdministratorSignInError::Refused)));
    place.settle().await;
    let alerts = place.alerts(AlertKind::BreakGlassChanged).await;
    let told = |word: &str| alerts.iter().any(|alert| alert.text.contains(word));
    assert!(told("is suspended now, by admin@"), "{alerts:?}");
    let active = state(AdministratorState::Active);
    let mut op = op_of(&place.bed, place.admin).await;
    update_administrator(&mut op, &place.bed.store, glass, None, active)
        .await
        .unwrap();
    place.sign_in(1, None).await;
}

/// Who holds the sealed account cannot put everybody else out, and nobody seals themselves out.
async fn a_sealed_account_is_nobody_who_is_left(bed: Bed) {
    let place = Place::new(bed).await;
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let mut op = op_of(&place.bed, place.glass).await;
    let suspended = state(AdministratorState::Suspended);
    let outcome = update_administrator(&mut op, store, place.admin, None, suspended).await;
    assert!(matches!(outcome, Err(UpdateAdministratorError::LastFull)));
    let outcome = delete_administrator(&mut op, store, place.admin).await;
    assert!(matches!(outcome, Err(DeleteAdministratorError::LastFull)));
    let outcome = seal_break_glass_account(&mut op, store, sealing, place.admin).await;
    assert!(matches!(outcome, Err(BreakGlassError::LastFull)));
    add(&place.bed, "second@acme.example", Role::Full).await;
    seal_break_glass_account(&mut op, store, sealing, place.admin)
        .await
        .unwrap();
}

/// Requirement A04.
async fn a_provider_does_not_vouch_for_a_sealed_account(bed: Bed) {
    let place = Place::new(bed).await;
    let browser = ProviderBrowser {
        device: None,
        dev: true,
    };
    let mut op = place.bed.stranger();
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let refused = sign_in_administrator_by_email(&mut op, store, sealing, GLASS, &browser).await;
    assert!(matches!(refused, Err(AdministratorSignInError::Refused)));
    let event = place.bed.last_event(EventKind::AdminLoginAttempt).await;
    assert_eq!(event.detail["reason"], "sealed");
    let open = place.open().await;
    assert_eq!((open.len(), open[0].what), (1, UseKind::Failed));
}

async fn attempts_of_others_and_later_ones_are_uses_of_their_own(bed: Bed) {
    let mut place = Place::new(bed).await;
    guess_from(&place, "198.51.100.1").await;
    guess_from(&place, "198.51.100.2").await;
    guess_from(&place, "198.51.100.1").await;
    // The holder comes from a third one: the strangers' attempts stay what they are.
    place.sign_in(0, None).await;
    let summary = async |place: &Place| {
        let open = place.open().await;
        let mut open: Vec<_> = open
            .iter()
            .map(|used| (used.ip.unwrap().to_string(), used.what, used.times))
            .collect();
        open.sort_by(|one, other| (&one.0, one.2).cmp(&(&other.0, other.2)));
        open
    };
    let own = ("192.0.2.7".to_owned(), UseKind::SignedIn, 1);
    let first = ("198.51.100.1".to_owned(), UseKind::Failed, 2);
    let second = ("198.51.100.2".to_owned(), UseKind::Failed, 1);
    let expected = [own.clone(), first.clone(), second.clone()];
    assert_eq!(summary(&place).await, expected);
    place.bed.pass(Duration::minutes(10));
    guess_from(&place, "198.51.100.1").await;
    let later = ("198.51.100.1".to_owned(), UseKind::Failed, 1);
    assert_eq!(summary(&place).await, [own, later, first, second]);
}

async fn a_stranger_does_not_take_part_in_a_drill(bed: Bed) {
    let mut place = Place::new(bed).await;
    let start = async |place: &Place| {
        let mut op = op_of(&place.bed, place.admin).await;
        start_drill(&mut op, &place.bed.store, place.glass).await
    };
    // Even behind the same address: what was before the drill, and what comes after it.
    place.first_step(None).await;
    start(&place).await.unwrap();
    place.first_step(None).await;
    place.bed.pass(Duration::minutes(60));
    place.first_step(None).await;
    let open = place.open().await;
    let drills: Vec<_> = open.iter().map(|used| used.drill_by.is_some()).collect();
    assert_eq!(drills, [false, true, false]);
    let mut told = open.iter().map(|used| (used.what, used.times));
    assert!(told.all(|told| told == (UseKind::PasswordGiven, 1)));
}

/// Requirement A05.
async fn a_reset_lifts_the_lock_out_of_browsers_that_are_known(bed: Bed) {
    let place = Place::new(bed).await;
    let device = new_device(&mut place.bed.op().rng);
    let device = device.expose_secret();
    place.sign_in(0, Some(device)).await;
    for _ in 0..5 {
        let wrong = place.give_password("not-the-password", Some(device)).await;
        assert!(wrong.is_err());
    }
    let waits = place.give_password(PASSWORD, Some(device)).await;
    assert!(
        matches!(waits, Err(AdministratorSignInError::LockedOut { .. })),
        "{waits:?}"
    );
    let (store, sealing) = (&place.bed.store, place.bed.keys.sealing());
    let asked = (GLASS, Lost::Password);
    issue_administrator_reset_link(&mut place.bed.op(), store, sealing, asked)
        .await
        .unwrap();
    place.sign_in(1, Some(device)).await;
}

async fn what_happened_since_it_was_read_is_not_acknowledged(bed: Bed) {
    let place = Place::new(bed).await;
    assert!(place.give_password("not-the-password", None).await.is_err());
    let read = place.open().await.remove(0);
    assert!(place.give_password("not-the-password", None).await.is_err());
    let changed = place.acknowledge(place.admin, &read).await;
    assert!(matches!(changed, Err(BreakGlassError::Changed)));
    // As often as was seen, and further than was seen.
    let now = place.open().await.remove(0);
    let mut op = op_of(&place.bed, place.admin).await;
    let less = SeenUse {
        what: UseKind::PasswordGiven,
        ..seen(&now)
    };
    let said = (less, "A typing error of ours");
    let changed = acknowledge_break_glass_use(&mut op, &place.bed.store, said).await;
    assert!(matches!(changed, Err(BreakGlassError::Changed)));
    assert_eq!(place.open().await.len(), 1, "it still waits");
    let events = place.bed.events(EventKind::BreakGlassAcknowledge).await;
    assert!(events.is_empty());
    place.acknowledge(place.admin, &now).await.unwrap();
    assert!(place.open().await.is_empty());
}
