//! Invitations, resets and changes of passwords.

use std::sync::Arc;

use jetway_identity::credentials::{
    ChangeOwnPasswordError, ChangePassword, InviteUserError, MustChange, NewPasswordByLink,
    RequestResetError, SendResetError, UseLinkError, activate_user, change_own_password,
    invite_user, link_owner, lockout_of, request_password_reset, require_password_change,
    reset_password, send_password_reset, unlock_user,
};
use jetway_identity::mail::list_mails;
use jetway_identity::passwords::{HashError, PasswordError};
use jetway_identity::sessions::{list_sessions, revoke_session, revoke_sessions};
use jetway_identity::settings::PasswordPolicy;
use jetway_identity::{
    Actor, EventKind, LinkPurpose, NewUser, Sections, SetPasswordError, SignInAttempt, SignInError,
    Store, User, UserChange, UserId, UserState, Via, change_settings, current_session,
    set_password, set_user_state, sign_in, update_user,
};
use secrecy::SecretString;
use time::Duration;
use url::Url;

use crate::bed::{Bed, EMAIL, PASSWORD, hashers, new_user, on_both};

const NEW: &str = "an otter plays the cello";
const OTHER: &str = "seven violet umbrellas dance";
const STAGED: &str = "wile.coyote@contractor.example";

on_both!(
    an_invited_person_becomes_active_by_choosing_a_password,
    the_state_says_nothing_about_the_password,
    a_new_invitation_makes_the_one_before_useless,
    an_invitation_works_for_a_week,
    a_new_password_ends_the_links_that_were_sent_before,
    a_link_dies_with_the_address_that_it_was_sent_to,
    another_address_is_told_to_the_former_one_and_ends_all_sessions,
    a_password_that_an_administrator_sets_is_told_by_mail,
    whoever_has_a_password_or_is_suspended_is_not_invited,
    a_link_of_somebody_who_was_suspended_opens_nothing,
    of_twenty_who_use_one_link_at_once_exactly_one_succeeds,
    a_reset_link_works_once_within_an_hour_and_ends_all_sessions,
    a_stranger_learns_nothing_from_asking_for_a_reset,
    nobody_is_flooded_with_resets,
    an_expired_link_stays_ended_when_the_clock_is_set_back,
    a_link_is_good_for_its_own_purpose_only,
    an_administrator_sends_a_reset_to_active_people_with_a_password,
    changing_the_own_password_takes_the_present_one_and_ends_other_sessions,
    guessing_the_present_password_counts_like_guessing_at_the_sign_in,
    a_password_that_is_too_easy_is_refused_with_the_reason,
    former_passwords_are_refused_as_far_back_as_the_organisation_says,
    an_expired_password_lets_its_owner_choose_another_one_and_nothing_else,
    a_password_that_never_expires_is_left_alone_by_the_policy,
    a_demanded_change_ends_sessions_and_is_over_with_the_change,
    a_command_line_gets_no_link_for_an_expired_password,
    session_lengths_of_the_settings_count_from_the_next_sign_in,
    the_settings_say_how_many_wrong_passwords_lock_and_for_how_long,
    an_unlocked_person_need_not_wait,
    sessions_are_listed_and_ended_one_by_one_or_all_at_once,
    neither_tokens_nor_passwords_are_in_the_database_in_clear,
);

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn url() -> Url {
    Url::parse("https://sso.acme.example").unwrap()
}

fn pending(email: &str, state: UserState) -> NewUser {
    NewUser {
        state,
        password: None,
        ..new_user(email)
    }
}

async fn user(bed: &Bed, id: UserId) -> User {
    bed.store
        .read()
        .await
        .unwrap()
        .user(id)
        .await
        .unwrap()
        .unwrap()
}

async fn set(bed: &Bed, change: impl FnOnce(&mut Sections) + Send) {
    change_settings(&mut bed.op(), &bed.store, None, change)
        .await
        .unwrap();
}

async fn invite(bed: &Bed, id: UserId) -> String {
    invite_user(&mut bed.op(), &bed.store, bed.keys.sealing(), &url(), id)
        .await
        .unwrap();
    last_token(bed, "/activate/").await
}

pub(crate) async fn ask(bed: &Bed, email: &str) -> Result<(), RequestResetError> {
    let mut op = bed.stranger();
    request_password_reset(&mut op, &bed.store, bed.keys.sealing(), &url(), email).await
}

async fn last_text(bed: &Bed) -> String {
    let mail = list_mails(&bed.store, None, None, 1)
        .await
        .unwrap()
        .remove(0);
    mail.text(bed.keys.sealing()).unwrap().unwrap().to_string()
}

/// The token in the newest mail.
pub(crate) async fn last_token(bed: &Bed, path: &str) -> String {
    let text = last_text(bed).await;
    let start = format!("https://sso.acme.example{path}");
    let line = text.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap_or_else(|| panic!("{text}")).to_owned()
}

async fn mails(bed: &Bed) -> usize {
    list_mails(&bed.store, None, None, 200).await.unwrap().len()
}

async fn activate(bed: &Bed, token: &str, password: &str) -> Result<User, UseLinkError> {
    let mut op = bed.stranger();
    activate_user(&mut op, &bed.store, hashers(), token, secret(password)).await
}

async fn reset_with(
    bed: &Bed,
    purpose: LinkPurpose,
    token: &str,
    password: &str,
) -> Result<User, UseLinkError> {
    let new = NewPasswordByLink {
        purpose,
        token,
        password: secret(password),
    };
    let mut op = bed.stranger();
    reset_password(&mut op, &bed.store, hashers(), bed.keys.sealing(), new).await
}

pub(crate) async fn reset(bed: &Bed, token: &str, password: &str) -> Result<User, UseLinkError> {
    reset_with(bed, LinkPurpose::ResetUserPassword, token, password).await
}

async fn set_to(bed: &Bed, id: UserId, password: &str) -> Result<(), SetPasswordError> {
    let mut op = bed.op();
    let sealing = bed.keys.sealing();
    set_password(
        &mut op,
        &bed.store,
        hashers(),
        sealing,
        id,
        secret(password),
    )
    .await
}

async fn is_live(bed: &Bed, token: &str) -> bool {
    let found = current_session(&mut bed.stranger(), &bed.store, token).await;
    found.unwrap().is_some()
}

/// Requirement A13: somebody of another mail domain is invited and becomes a user.
async fn an_invited_person_becomes_active_by_choosing_a_password(bed: Bed) {
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let token = invite(&bed, id).await;
    let event = bed.last_event(EventKind::UserActivationEmail).await;
    assert_eq!(event.target.unwrap().label, STAGED);
    assert!(!event.detail.to_string().contains(&token));
    let mail = list_mails(&bed.store, None, None, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_str()),
        (STAGED, "Activate your account at Jetway")
    );
    let text = last_text(&bed).await;
    assert!(text.starts_with("Hello Road Runner,\n"), "{text}");

    for _ in 0..3 {
        let op = bed.stranger();
        let owner = link_owner(&op, &bed.store, LinkPurpose::ActivateUser, &token).await;
        assert_eq!(owner.unwrap().unwrap().id, id, "looking does not use it up");
    }
    assert_eq!(activate(&bed, &token, NEW).await.unwrap().id, id);
    assert_eq!(user(&bed, id).await.state, UserState::Active);
    let event = bed.last_event(EventKind::UserActivated).await;
    let label = STAGED.to_owned();
    assert_eq!(event.actor, Actor::User { id, label });
    assert_eq!(bed.events(EventKind::UserPasswordSet).await.len(), 1);
    bed.try_sign_in(STAGED, NEW).await.unwrap();
    let again = activate(&bed, &token, OTHER).await;
    assert!(matches!(again, Err(UseLinkError::LinkGone)));
}

/// Requirement D05.
async fn the_state_says_nothing_about_the_password(bed: Bed) {
    let active = bed
        .user_with(pending("active@acme.com", UserState::Active))
        .await;
    assert_eq!(user(&bed, active).await.password_changed_at, None);
    assert!(bed.try_sign_in("active@acme.com", PASSWORD).await.is_err());
    let staged = NewUser {
        state: UserState::Staged,
        ..new_user("staged@acme.com")
    };
    let staged = bed.user_with(staged).await;
    assert_eq!(user(&bed, staged).await.password_changed_at, Some(bed.now));
    assert_eq!(user(&bed, staged).await.state, UserState::Staged);
    let token = invite(&bed, active).await;
    activate(&bed, &token, NEW).await.unwrap();
    assert_eq!(user(&bed, active).await.state, UserState::Active);
    assert_eq!(user(&bed, active).await.password_changed_at, Some(bed.now));
}

/// Security.md item 35: newest only.
async fn a_new_invitation_makes_the_one_before_useless(bed: Bed) {
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let first = invite(&bed, id).await;
    let second = invite(&bed, id).await;
    assert_ne!(first, second);
    let answer = activate(&bed, &first, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
    activate(&bed, &second, NEW).await.unwrap();
}

/// Security.md item 35: whoever reads the mailbox later must not replace the new password.
async fn a_new_password_ends_the_links_that_were_sent_before(bed: Bed) {
    let invited = bed.user_with(pending(STAGED, UserState::Active)).await;
    let token = invite(&bed, invited).await;
    set_to(&bed, invited, NEW).await.unwrap();
    let answer = activate(&bed, &token, OTHER).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
    let op = bed.stranger();
    let owner = link_owner(&op, &bed.store, LinkPurpose::ActivateUser, &token).await;
    assert_eq!(owner.unwrap(), None);

    let id = bed.user(EMAIL).await;
    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    set_to(&bed, id, NEW).await.unwrap();
    let answer = reset(&bed, &token, OTHER).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
}

async fn a_link_dies_with_the_address_that_it_was_sent_to(bed: Bed) {
    let id = bed.user(EMAIL).await;
    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    move_to(&bed, id, "rr@acme.com").await;
    let answer = reset(&bed, &token, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
}

/// Whoever had the former mailbox learns of it, and whoever had a browser is out.
async fn another_address_is_told_to_the_former_one_and_ends_all_sessions(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let session = bed.signed_in(EMAIL).await;
    // The same mailbox, written differently, is no other address.
    move_to(&bed, id, &EMAIL.to_uppercase()).await;
    assert!(is_live(&bed, &session).await);
    assert_eq!(mails(&bed).await, 0);
    move_to(&bed, id, "rr@acme.com").await;
    assert!(!is_live(&bed, &session).await);
    let mail = list_mails(&bed.store, None, None, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(mail.to, EMAIL.to_uppercase());
    assert!(mail.subject.contains("e-mail address"), "{}", mail.subject);
    assert!(!last_text(&bed).await.contains("rr@acme.com"));
    let event = bed.last_event(EventKind::UserUpdate).await;
    assert_eq!(event.detail["changes"][0]["to"], "rr@acme.com");
    assert_eq!(event.detail["sessions_ended"], 1);
    // Somebody who never had a password has nothing to lose yet.
    let staged = bed.user_with(pending(STAGED, UserState::Staged)).await;
    move_to(&bed, staged, "staged@acme.com").await;
    assert_eq!(mails(&bed).await, 1);
}

async fn a_password_that_an_administrator_sets_is_told_by_mail(bed: Bed) {
    let id = bed.user(EMAIL).await;
    set_to(&bed, id, NEW).await.unwrap();
    let mail = list_mails(&bed.store, None, None, 1)
        .await
        .unwrap()
        .remove(0);
    assert_eq!(mail.to, EMAIL);
    assert_eq!(mail.subject, "Your password at Jetway was changed");
}

async fn move_to(bed: &Bed, id: UserId, email: &str) {
    let change = UserChange {
        email: Some(email.to_owned()),
        ..UserChange::default()
    };
    let sealing = bed.keys.sealing();
    update_user(&mut bed.op(), &bed.store, sealing, id, None, change)
        .await
        .unwrap();
}

async fn an_invitation_works_for_a_week(mut bed: Bed) {
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let token = invite(&bed, id).await;
    bed.pass(Duration::days(7) - Duration::SECOND);
    let op = bed.stranger();
    let owner = link_owner(&op, &bed.store, LinkPurpose::ActivateUser, &token).await;
    assert!(owner.unwrap().is_some());
    bed.pass(Duration::SECOND);
    let answer = activate(&bed, &token, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
}

async fn whoever_has_a_password_or_is_suspended_is_not_invited(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let suspended = bed.user_with(pending(STAGED, UserState::Suspended)).await;
    let sealing = bed.keys.sealing();
    let answer = invite_user(&mut bed.op(), &bed.store, sealing, &url(), id).await;
    assert!(matches!(answer, Err(InviteUserError::HasPassword)));
    let answer = invite_user(&mut bed.op(), &bed.store, sealing, &url(), suspended).await;
    assert!(matches!(answer, Err(InviteUserError::Suspended)));
    assert_eq!(mails(&bed).await, 0);
}

async fn a_link_of_somebody_who_was_suspended_opens_nothing(bed: Bed) {
    let id = bed.user(EMAIL).await;
    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    set_user_state(&mut bed.op(), &bed.store, id, UserState::Suspended)
        .await
        .unwrap();
    let answer = reset(&bed, &token, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
    let op = bed.stranger();
    let owner = link_owner(&op, &bed.store, LinkPurpose::ResetUserPassword, &token).await;
    assert_eq!(owner.unwrap(), None);
}

/// Security.md item 36, for links of people.
async fn of_twenty_who_use_one_link_at_once_exactly_one_succeeds(bed: Bed) {
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let token = invite(&bed, id).await;
    let bed = Arc::new(bed);
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (bed, token) = (Arc::clone(&bed), token.clone());
            tokio::spawn(async move {
                loop {
                    let password = format!("{NEW} number {number}");
                    match activate(&bed, &token, &password).await {
                        Err(UseLinkError::Password(HashError::Busy(_))) => {
                            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
                        }
                        Ok(_) => return Some(password),
                        Err(UseLinkError::LinkGone) => return None,
                        Err(other) => panic!("{other:?}"),
                    }
                }
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        winners.extend(task.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    bed.try_sign_in(STAGED, &winners[0]).await.unwrap();
    assert_eq!(bed.events(EventKind::UserPasswordSet).await.len(), 1);
}

/// Security.md items 35 and 39; requirement L06's way back in.
async fn a_reset_link_works_once_within_an_hour_and_ends_all_sessions(mut bed: Bed) {
    let id = bed.user(EMAIL).await;
    let session = bed.signed_in(EMAIL).await;
    for _ in 0..5 {
        assert!(bed.try_sign_in(EMAIL, "wrong").await.is_err());
    }
    ask(&bed, &EMAIL.to_uppercase()).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    assert_eq!(token.len(), 43, "256 bits");
    bed.pass(Duration::minutes(59));
    assert_eq!(reset(&bed, &token, NEW).await.unwrap().id, id);
    assert!(!is_live(&bed, &session).await);
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
    let old = bed.try_sign_in(EMAIL, PASSWORD).await;
    assert!(matches!(old, Err(SignInError::Refused)));
    let event = bed.last_event(EventKind::UserPasswordChange).await;
    assert_eq!(event.detail["sessions_ended"], 1);
    let told = last_text(&bed).await;
    assert!(told.contains("was changed just now"), "{told}");
    let again = reset(&bed, &token, OTHER).await;
    assert!(matches!(again, Err(UseLinkError::LinkGone)));

    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    bed.pass(Duration::hours(1));
    let late = reset(&bed, &token, OTHER).await;
    assert!(matches!(late, Err(UseLinkError::LinkGone)));
}

/// Security.md item 27. Not timed, since the machine may be busy: the statements that run are the
/// same, and what is there afterwards differs in the outbox and the log alone.
async fn a_stranger_learns_nothing_from_asking_for_a_reset(bed: Bed) {
    bed.user(EMAIL).await;
    bed.user_with(pending(STAGED, UserState::Staged)).await;
    let suspended = bed.user("suspended@acme.com").await;
    set_user_state(&mut bed.op(), &bed.store, suspended, UserState::Suspended)
        .await
        .unwrap();
    for (email, reason) in [
        ("nobody@acme.com", "unknown_user"),
        (STAGED, "staged"),
        ("suspended@acme.com", "suspended"),
        ("no address", "unknown_user"),
        ("a\u{0}@acme.com", "unknown_user"),
    ] {
        ask(&bed, email).await.unwrap();
        assert_eq!(mails(&bed).await, 0, "{email}");
        let event = bed.last_event(EventKind::UserPasswordResetRequest).await;
        assert_eq!(event.detail["reason"], reason);
        assert!(!event.success);
    }
    ask(&bed, EMAIL).await.unwrap();
    assert_eq!(mails(&bed).await, 1);
    let event = bed.last_event(EventKind::UserPasswordResetRequest).await;
    assert!(event.success);
}

async fn nobody_is_flooded_with_resets(mut bed: Bed) {
    bed.user(EMAIL).await;
    for email in [EMAIL, "nobody@acme.com"] {
        for _ in 0..3 {
            ask(&bed, email).await.unwrap();
        }
        let many = ask(&bed, email).await;
        let Err(RequestResetError::TooMany { retry_after }) = many else {
            panic!("{many:?}");
        };
        assert_eq!(retry_after, Duration::hours(1), "known or not: {email}");
    }
    assert_eq!(mails(&bed).await, 3);
    bed.pass(Duration::hours(1));
    ask(&bed, EMAIL).await.unwrap();
    // Nor does one machine ask for everybody.
    let mut refused = 0;
    for number in 0..40 {
        refused += usize::from(ask(&bed, &format!("p{number}@acme.com")).await.is_err());
    }
    assert_eq!(refused, 11);
}

/// Security.md F7.
async fn an_expired_link_stays_ended_when_the_clock_is_set_back(mut bed: Bed) {
    bed.user(EMAIL).await;
    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    bed.pass(Duration::hours(2));
    jetway_identity::mail::prune_outbox(&mut bed.op(), &bed.store)
        .await
        .unwrap();
    bed.pass(-Duration::hours(2));
    let answer = reset(&bed, &token, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
}

async fn a_link_is_good_for_its_own_purpose_only(bed: Bed) {
    bed.user(EMAIL).await;
    ask(&bed, EMAIL).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    let answer = activate(&bed, &token, NEW).await;
    assert!(matches!(answer, Err(UseLinkError::LinkGone)));
    for purpose in [
        LinkPurpose::ChangeUserPassword,
        LinkPurpose::ActivateUser,
        LinkPurpose::ResetAdministratorPassword,
        LinkPurpose::SetUp,
    ] {
        let answer = reset_with(&bed, purpose, &token, NEW).await;
        assert!(matches!(answer, Err(UseLinkError::LinkGone)), "{purpose:?}");
    }
    for odd in [
        "",
        "x",
        &"A".repeat(43),
        &format!("{token}A"),
        &token.to_lowercase(),
    ] {
        let answer = reset(&bed, odd, NEW).await;
        assert!(matches!(answer, Err(UseLinkError::LinkGone)), "{odd}");
    }
    reset(&bed, &token, NEW).await.unwrap();
}

async fn an_administrator_sends_a_reset_to_active_people_with_a_password(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let no_password = bed
        .user_with(pending("p@acme.com", UserState::Active))
        .await;
    let staged = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let sealing = bed.keys.sealing();
    let send = async |id| send_password_reset(&mut bed.op(), &bed.store, sealing, &url(), id).await;
    assert!(matches!(
        send(no_password).await,
        Err(SendResetError::NoPassword)
    ));
    assert!(matches!(send(staged).await, Err(SendResetError::NotActive)));
    send(id).await.unwrap();
    let token = last_token(&bed, "/login/reset/").await;
    bed.signed_in(EMAIL).await;
    reset(&bed, &token, NEW).await.unwrap();
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
}

async fn change(
    bed: &Bed,
    session: &str,
    current: &str,
    new: &str,
) -> Result<(), ChangeOwnPasswordError> {
    let present = current_session(&mut bed.stranger(), &bed.store, session).await;
    let present = present.unwrap().unwrap();
    let change = ChangePassword {
        user: present.user.id,
        current: secret(current),
        new: secret(new),
        keep: present.session.id,
    };
    let mut op = bed.op();
    change_own_password(&mut op, &bed.store, hashers(), bed.keys.sealing(), change).await
}

/// Security.md items 34 and 39.
async fn changing_the_own_password_takes_the_present_one_and_ends_other_sessions(bed: Bed) {
    bed.user(EMAIL).await;
    let (mine, other) = (bed.signed_in(EMAIL).await, bed.signed_in(EMAIL).await);
    let wrong = change(&bed, &mine, NEW, OTHER).await;
    assert!(matches!(wrong, Err(ChangeOwnPasswordError::WrongPassword)));
    let same = change(&bed, &mine, PASSWORD, PASSWORD).await;
    let Err(ChangeOwnPasswordError::Password(HashError::Password(reason))) = same else {
        panic!("{same:?}");
    };
    assert_eq!(reason, PasswordError::Unchanged);
    assert!(is_live(&bed, &other).await);
    assert_eq!(mails(&bed).await, 0);
    change(&bed, &mine, PASSWORD, NEW).await.unwrap();
    assert!(is_live(&bed, &mine).await);
    assert!(!is_live(&bed, &other).await);
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
    assert!(last_text(&bed).await.contains("was changed just now"));
    let event = bed.last_event(EventKind::UserPasswordChange).await;
    assert_eq!(
        (event.success, &event.detail["sessions_ended"]),
        (true, &1.into())
    );
}

/// Security.md item 26.
async fn guessing_the_present_password_counts_like_guessing_at_the_sign_in(bed: Bed) {
    bed.user(EMAIL).await;
    let mine = bed.signed_in(EMAIL).await;
    for _ in 0..5 {
        let wrong = change(&bed, &mine, "a guess", NEW).await;
        assert!(matches!(wrong, Err(ChangeOwnPasswordError::WrongPassword)));
    }
    let locked = change(&bed, &mine, PASSWORD, NEW).await;
    assert!(matches!(
        locked,
        Err(ChangeOwnPasswordError::LockedOut { .. })
    ));
    let locked = bed.try_sign_in(EMAIL, PASSWORD).await;
    assert!(matches!(locked, Err(SignInError::LockedOut { .. })));
    assert_eq!(bed.events(EventKind::UserLockout).await.len(), 1);
}

/// Security.md items 22 and 23.
async fn a_password_that_is_too_easy_is_refused_with_the_reason(bed: Bed) {
    set(&bed, |settings| {
        "The Acme Corporation".clone_into(&mut settings.profile.name);
    })
    .await;
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let token = invite(&bed, id).await;
    let min = 15;
    for (password, expected) in [
        ("short", PasswordError::TooShort { min }),
        ("passwordpassword", PasswordError::Repeated),
        ("123456789012345", PasswordError::Sequence),
        ("iloveyouforever", PasswordError::Common),
        ("road-runner-2026", PasswordError::Personal),
        ("wile.coyote@contractor", PasswordError::Personal),
        ("The Acme Corporation 1", PasswordError::Personal),
        (&"long ".repeat(60), PasswordError::TooLong),
    ] {
        let answer = activate(&bed, &token, password).await;
        let Err(UseLinkError::Password(HashError::Password(reason))) = answer else {
            panic!("{password}: {answer:?}");
        };
        assert_eq!(reason, expected, "{password}");
        assert!(
            set_to(&bed, id, password).await.is_err(),
            "an administrator is told the same: {password}"
        );
    }
    activate(&bed, &token, NEW).await.unwrap();
}

async fn former_passwords_are_refused_as_far_back_as_the_organisation_says(mut bed: Bed) {
    set(&bed, |settings| settings.passwords.history = 2).await;
    let id = bed.user(EMAIL).await;
    let numbered = |number: u32| format!("{NEW} number {number}");
    let mut outcome = Vec::new();
    for password in [
        numbered(1),
        PASSWORD.to_owned(),
        numbered(2),
        PASSWORD.to_owned(),
        numbered(3),
        numbered(1),
        PASSWORD.to_owned(),
    ] {
        bed.pass(Duration::SECOND);
        outcome.push(set_to(&bed, id, &password).await.is_ok());
    }
    assert_eq!(outcome, [true, false, true, false, true, false, true]);
    set(&bed, |settings| settings.passwords.history = 0).await;
    set_to(&bed, id, &numbered(2)).await.unwrap();
    let kept = bed
        .store
        .read()
        .await
        .unwrap()
        .password_history(id, 99)
        .await;
    assert!(
        kept.unwrap().is_empty(),
        "nothing is kept that is not asked for"
    );
}

/// Security.md item 24.
async fn an_expired_password_lets_its_owner_choose_another_one_and_nothing_else(mut bed: Bed) {
    assert_eq!(PasswordPolicy::default().expires_after_days, None);
    let id = bed.user(EMAIL).await;
    bed.pass(Duration::days(90));
    bed.signed_in(EMAIL).await;
    set(&bed, |settings| {
        settings.passwords.expires_after_days = Some(90);
    })
    .await;
    let sessions = list_sessions(&bed.op(), &bed.store, id)
        .await
        .unwrap()
        .len();
    let answer = bed.try_sign_in(EMAIL, PASSWORD).await;
    let Err(SignInError::MustChange { reason, link }) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(reason, MustChange::Expired);
    let after = list_sessions(&bed.op(), &bed.store, id)
        .await
        .unwrap()
        .len();
    assert_eq!(after, sessions, "no session began");
    assert_eq!(bed.events(EventKind::UserPasswordExpired).await.len(), 1);
    let wrong = bed.try_sign_in(EMAIL, "wrong").await;
    assert!(
        matches!(wrong, Err(SignInError::Refused)),
        "told to nobody else"
    );

    let link = link.unwrap();
    let purpose = LinkPurpose::ChangeUserPassword;
    let same = reset_with(&bed, purpose, link.expose(), PASSWORD).await;
    let unchanged = HashError::Password(PasswordError::Unchanged);
    assert!(matches!(same, Err(UseLinkError::Password(reason)) if reason == unchanged));
    reset_with(&bed, purpose, link.expose(), NEW).await.unwrap();
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
    let again = reset_with(&bed, purpose, link.expose(), OTHER).await;
    assert!(matches!(again, Err(UseLinkError::LinkGone)));
}

/// Requirement C02.
async fn a_password_that_never_expires_is_left_alone_by_the_policy(mut bed: Bed) {
    bed.user_with(NewUser {
        password_never_expires: true,
        ..new_user(EMAIL)
    })
    .await;
    bed.user("other@acme.com").await;
    set(&bed, |settings| {
        settings.passwords.expires_after_days = Some(1);
    })
    .await;
    bed.pass(Duration::days(400));
    bed.signed_in(EMAIL).await;
    let other = bed.try_sign_in("other@acme.com", PASSWORD).await;
    assert!(matches!(other, Err(SignInError::MustChange { .. })));
}

async fn a_demanded_change_ends_sessions_and_is_over_with_the_change(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let session = bed.signed_in(EMAIL).await;
    require_password_change(&mut bed.op(), &bed.store, id)
        .await
        .unwrap();
    require_password_change(&mut bed.op(), &bed.store, id)
        .await
        .unwrap();
    assert_eq!(bed.events(EventKind::UserUpdate).await.len(), 1);
    assert!(!is_live(&bed, &session).await);
    let answer = bed.try_sign_in(EMAIL, PASSWORD).await;
    let Err(SignInError::MustChange { reason, link }) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(reason, MustChange::Required);
    let link = link.unwrap();
    reset_with(&bed, LinkPurpose::ChangeUserPassword, link.expose(), NEW)
        .await
        .unwrap();
    bed.try_sign_in(EMAIL, NEW).await.unwrap();
}

async fn a_command_line_gets_no_link_for_an_expired_password(bed: Bed) {
    let id = bed.user(EMAIL).await;
    require_password_change(&mut bed.op(), &bed.store, id)
        .await
        .unwrap();
    let attempt = SignInAttempt {
        email: EMAIL.to_owned(),
        password: secret(PASSWORD),
        via: Via::CommandLine,
        device: None,
    };
    let answer = sign_in(&mut bed.stranger(), &bed.store, bed.tools(), attempt).await;
    assert!(matches!(
        answer,
        Err(SignInError::MustChange { link: None, .. })
    ));
}

/// Security.md item 38.
async fn session_lengths_of_the_settings_count_from_the_next_sign_in(mut bed: Bed) {
    bed.user(EMAIL).await;
    let before = bed.signed_in(EMAIL).await;
    set(&bed, |settings| {
        settings.sessions.idle_minutes = 10;
        settings.sessions.absolute_minutes = 30;
    })
    .await;
    let after = bed.signed_in(EMAIL).await;
    for _ in 0..3 {
        bed.pass(Duration::minutes(9));
        assert!(is_live(&bed, &after).await);
    }
    bed.pass(Duration::minutes(9));
    assert!(!is_live(&bed, &after).await, "36 minutes old");
    assert!(is_live(&bed, &before).await, "began under the old rule");
    let idle = bed.signed_in(EMAIL).await;
    bed.pass(Duration::minutes(10));
    assert!(!is_live(&bed, &idle).await);
}

/// Security.md item 26.
async fn the_settings_say_how_many_wrong_passwords_lock_and_for_how_long(mut bed: Bed) {
    bed.user(EMAIL).await;
    set(&bed, |settings| {
        settings.lockout.attempts = 3;
        settings.lockout.longest_wait_minutes = 2;
    })
    .await;
    let mut waits = Vec::new();
    for _ in 0..6 {
        assert!(bed.try_sign_in(EMAIL, "wrong").await.is_err());
        let wait = match bed.try_sign_in(EMAIL, "wrong too").await {
            Err(SignInError::LockedOut { retry_after }) => retry_after,
            _ => Duration::ZERO,
        };
        waits.push(wait.whole_seconds());
        bed.pass(wait);
    }
    assert_eq!(waits, [0, 60, 120, 120, 120, 120]);
}

async fn an_unlocked_person_need_not_wait(bed: Bed) {
    let id = bed.user(EMAIL).await;
    for _ in 0..5 {
        assert!(bed.try_sign_in(EMAIL, "wrong").await.is_err());
    }
    let person = user(&bed, id).await;
    let wait = lockout_of(&bed.op(), &bed.store, &person).await.unwrap();
    assert_eq!(wait, Some(Duration::minutes(1)));
    unlock_user(&mut bed.op(), &bed.store, id).await.unwrap();
    unlock_user(&mut bed.op(), &bed.store, id).await.unwrap();
    assert_eq!(
        lockout_of(&bed.op(), &bed.store, &person).await.unwrap(),
        None
    );
    bed.signed_in(EMAIL).await;
    let events = bed.events(EventKind::UserUnlocked).await;
    assert_eq!(
        (events.len(), &events[0].detail["failures"]),
        (1, &5.into())
    );
}

/// Security.md item 40.
async fn sessions_are_listed_and_ended_one_by_one_or_all_at_once(mut bed: Bed) {
    let id = bed.user(EMAIL).await;
    let other = bed.user("other@acme.com").await;
    let first = bed.signed_in(EMAIL).await;
    bed.pass(Duration::minutes(5));
    let tokens = [bed.signed_in(EMAIL).await, bed.signed_in(EMAIL).await];
    let sessions = list_sessions(&bed.op(), &bed.store, id).await.unwrap();
    assert_eq!(sessions.len(), 3);
    let oldest = sessions[2].id;
    assert!(
        revoke_session(&mut bed.op(), &bed.store, other, oldest)
            .await
            .is_err(),
        "not through another person"
    );
    assert!(is_live(&bed, &first).await);
    revoke_session(&mut bed.op(), &bed.store, id, oldest)
        .await
        .unwrap();
    assert!(!is_live(&bed, &first).await);
    assert!(
        revoke_session(&mut bed.op(), &bed.store, id, oldest)
            .await
            .is_err()
    );
    let keep = current_session(&mut bed.op(), &bed.store, &tokens[1])
        .await
        .unwrap();
    let keep = Some(keep.unwrap().session.id);
    let ended = revoke_sessions(&mut bed.op(), &bed.store, id, keep)
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert!(is_live(&bed, &tokens[1]).await && !is_live(&bed, &tokens[0]).await);
    assert_eq!(bed.events(EventKind::UserSessionsRevoke).await.len(), 2);
    bed.pass(Duration::hours(2));
    let over = list_sessions(&bed.op(), &bed.store, id).await.unwrap();
    assert!(over.is_empty(), "ended ones are not shown");
}

/// Security.md items 35 and 37: a copy of the database is of no use as a link.
async fn neither_tokens_nor_passwords_are_in_the_database_in_clear(bed: Bed) {
    set(&bed, |settings| settings.passwords.history = 3).await;
    let id = bed.user_with(pending(STAGED, UserState::Staged)).await;
    let used = invite(&bed, id).await;
    activate(&bed, &used, NEW).await.unwrap();
    ask(&bed, STAGED).await.unwrap();
    let live = last_token(&bed, "/login/reset/").await;
    let other = bed.user("other@acme.com").await;
    let pending = invite_user(&mut bed.op(), &bed.store, bed.keys.sealing(), &url(), other).await;
    assert!(pending.is_err());
    let dump = bed.dump().await;
    assert!(dump.contains(STAGED), "the dump is one");
    for planted in [used.as_str(), live.as_str(), NEW, PASSWORD, "/login/reset/"] {
        assert!(!dump.contains(planted), "{planted}");
    }
}
