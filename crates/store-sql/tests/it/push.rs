//! Approval on the phone.

use jetway_identity::alerts::{AlertKind, list_alerts};
use jetway_identity::events::seal_events;
use jetway_identity::factors::{
    FactorKind, MAX_PHONES, Phone, PhoneError, begin_phone, begin_totp, finish_phone, finish_totp,
    list_passkeys, owned_factors, phone_of_secret, phones_of, remove_passkey, remove_phone,
    remove_totp, reset_factors,
};
use jetway_identity::sessions::push::{
    AnswerPushError, PhoneSays, ProvePushError, PushChallenge, StartPushError, answer_push,
    look_at_push, prove_push, start_push, waiting_push,
};
use jetway_identity::sessions::{ProvedFactor, revoke_sessions};
use jetway_identity::{EventKind, Session, SignInError, UserId};
use jetway_testkit::security_key::SecurityKey;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, new_application, on_both};
use crate::passkeys::Place;
use crate::second_factor::shown;

on_both!(
    a_phone_lets_in_whoever_picks_the_number,
    another_number_and_a_no_are_final_and_written_down,
    a_question_is_answered_once_and_within_a_minute,
    the_answer_is_for_the_sign_in_that_asked,
    a_phone_is_asked_three_times_in_five_minutes,
    a_link_connects_one_phone_within_five_minutes,
    a_link_ends_with_the_sessions_of_whoever_asked_for_it,
    the_phone_names_only_applications_that_there_are,
    a_phone_needs_another_factor_beside_it_and_there_are_five,
    a_phone_that_was_taken_away_answers_nothing,
    phones_go_with_the_last_factor_beside_them_and_stay_while_there_is_one,
    the_secret_of_a_phone_is_not_in_the_database,
);

pub(crate) const COYOTE: &str = "wile.coyote@the-acme-corporation.com";

/// Somebody with an authenticator app, freshly signed in.
pub(crate) async fn person(bed: &Bed, email: &str) -> (UserId, Session) {
    let user = bed.user(email).await;
    let session = bed.try_sign_in(email, PASSWORD).await.unwrap().session;
    let sealing = bed.keys.sealing();
    let enrolment = begin_totp(&mut bed.op(), &bed.store, sealing, (&session).into())
        .await
        .unwrap();
    let code = shown(enrolment.secret.expose_secret(), bed.now);
    finish_totp(&mut bed.op(), &bed.store, sealing, (&session).into(), &code)
        .await
        .unwrap();
    (user, session)
}

async fn link(bed: &Bed, session: &Session) -> Result<String, PhoneError> {
    let link = begin_phone(&mut bed.op(), &bed.store, session).await?;
    Ok(link.expose().to_owned())
}

async fn finish(bed: &Bed, link: &str, name: &str) -> Result<(SecretString, Phone), PhoneError> {
    let sealing = bed.keys.sealing();
    finish_phone(&mut bed.stranger(), &bed.store, sealing, (link, name)).await
}

/// The secret of a phone that was just connected, and the phone.
pub(crate) async fn connect(
    bed: &Bed,
    session: &Session,
    name: &str,
) -> Result<(String, Phone), PhoneError> {
    let link = link(bed, session).await?;
    let (secret, phone) = finish(bed, &link, name).await?;
    Ok((secret.expose_secret().to_owned(), phone))
}

/// The token of a sign-in that waits.
pub(crate) async fn first_step(bed: &Bed, email: &str) -> String {
    match bed.try_sign_in(email, PASSWORD).await {
        Err(SignInError::FactorNeeded(needed)) => {
            assert!(needed.kinds.contains(&FactorKind::Push));
            needed.token.expose_secret().to_owned()
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn ask(bed: &Bed, token: &str) -> PushChallenge {
    start_push(&mut bed.stranger(), &bed.store, token, Some("aws-a"))
        .await
        .unwrap()
}

pub(crate) async fn say(
    bed: &Bed,
    phone: &Phone,
    asked: &PushChallenge,
    says: PhoneSays,
) -> Result<(), AnswerPushError> {
    answer_push(&mut bed.stranger(), &bed.store, phone, (asked.id, says)).await
}

pub(crate) fn yes(asked: &PushChallenge) -> PhoneSays {
    PhoneSays::Yes {
        number: asked.number,
    }
}

pub(crate) async fn refused(bed: &Bed, token: &str, asked: &PushChallenge) -> bool {
    let proved = prove_push(
        &mut bed.stranger(),
        &bed.store,
        bed.keys.sealing(),
        (token, asked.id),
    )
    .await;
    matches!(
        proved,
        Err(ProvePushError::NotAccepted | ProvePushError::NotStarted)
    )
}

/// Security.md item 32.
async fn a_phone_lets_in_whoever_picks_the_number(bed: Bed) {
    let (user, session) = person(&bed, EMAIL).await;
    bed.application(new_application("aws-a")).await;
    let (secret, _) = connect(&bed, &session, "Road phone").await.unwrap();
    let found = phone_of_secret(&bed.store, &secret).await.unwrap();
    let (phone, owner) = found.unwrap();
    assert_eq!((owner.id, phone.name.as_str()), (user, "Road phone"));
    assert_eq!(
        owned_factors(&bed.store, user.into()).await.unwrap().phones,
        1
    );
    let waiting = waiting_push(&bed.op(), &bed.store, &phone).await.unwrap();
    assert_eq!(waiting, None);

    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    assert!(asked.choices.contains(&asked.number));
    assert!(refused(&bed, &token, &asked).await, "nobody has answered");
    let waiting = waiting_push(&bed.op(), &bed.store, &phone).await.unwrap();
    assert_eq!(waiting.as_ref(), Some(&asked));
    say(&bed, &phone, &asked, yes(&asked)).await.unwrap();
    let seen = look_at_push(&mut bed.stranger(), &bed.store, &token, asked.id).await;
    assert_eq!(seen.unwrap().unwrap().status(bed.now), "accepted");
    let signed_in = prove_push(
        &mut bed.stranger(),
        &bed.store,
        bed.keys.sealing(),
        (&token, asked.id),
    )
    .await
    .unwrap();
    let factor = ProvedFactor {
        kind: FactorKind::Push,
        at: bed.now,
    };
    assert_eq!(signed_in.session.factor, Some(factor));
    assert!(refused(&bed, &token, &asked).await, "used up");
    let event = bed.last_event(EventKind::UserPushAnswer).await;
    assert!(event.success);
    assert_eq!(event.detail["application"], "aws-a");
}

async fn another_number_and_a_no_are_final_and_written_down(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let (_, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    let other = asked.choices.into_iter().find(|it| *it != asked.number);
    let other = PhoneSays::Yes {
        number: other.unwrap(),
    };
    let wrong = say(&bed, &phone, &asked, other).await;
    assert!(matches!(wrong, Err(AnswerPushError::WrongNumber)));
    let late = say(&bed, &phone, &asked, yes(&asked)).await;
    assert!(matches!(late, Err(AnswerPushError::Over)), "one answer");
    assert!(refused(&bed, &token, &asked).await);
    let events = bed.events(EventKind::UserPushAnswer).await;
    let answers: Vec<_> = events
        .iter()
        .map(|event| (event.success, &event.detail["answer"]))
        .collect();
    let (wrong, late) = (json!("wrong_number"), json!("over"));
    assert_eq!(answers, [(false, &wrong), (false, &late)]);

    let asked = ask(&bed, &token).await;
    say(&bed, &phone, &asked, PhoneSays::NotMe).await.unwrap();
    assert!(refused(&bed, &token, &asked).await);
    let event = bed.last_event(EventKind::UserPushAnswer).await;
    assert_eq!(event.detail["answer"], "not_me");
    seal_events(&mut bed.op(), &bed.store, bed.keys.sealing())
        .await
        .unwrap();
    let page = list_alerts(&bed.store, true, None, 10).await.unwrap();
    let kinds: Vec<_> = page.alerts.iter().map(|alert| alert.kind).collect();
    assert_eq!(kinds, [AlertKind::PushReported], "of the no alone");
    assert!(page.alerts[0].text.contains(EMAIL));
}

async fn a_question_is_answered_once_and_within_a_minute(mut bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let (_, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    bed.pass(Duration::seconds(60));
    let late = say(&bed, &phone, &asked, yes(&asked)).await;
    assert!(matches!(late, Err(AnswerPushError::Over)));
    let seen = look_at_push(&mut bed.stranger(), &bed.store, &token, asked.id).await;
    assert_eq!(seen.unwrap().unwrap().status(bed.now), "expired");
    // A yes in time that is used too late.
    let asked = ask(&bed, &token).await;
    say(&bed, &phone, &asked, yes(&asked)).await.unwrap();
    bed.pass(Duration::seconds(60));
    assert!(refused(&bed, &token, &asked).await);
}

/// Security.md item 32: a yes for one sign-in opens no other.
async fn the_answer_is_for_the_sign_in_that_asked(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let (_, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let (_, coyotes) = person(&bed, COYOTE).await;
    let (_, coyotes_phone) = connect(&bed, &coyotes, "Desert phone").await.unwrap();
    let (mine, stolen) = (first_step(&bed, EMAIL).await, first_step(&bed, EMAIL).await);
    let asked = ask(&bed, &mine).await;
    let theirs = say(&bed, &coyotes_phone, &asked, yes(&asked)).await;
    assert!(matches!(theirs, Err(AnswerPushError::Over)));
    say(&bed, &phone, &asked, yes(&asked)).await.unwrap();
    assert!(refused(&bed, &stolen, &asked).await);
    let seen = look_at_push(&mut bed.stranger(), &bed.store, &stolen, asked.id).await;
    assert_eq!(seen.unwrap(), None);
    prove_push(
        &mut bed.stranger(),
        &bed.store,
        bed.keys.sealing(),
        (&mine, asked.id),
    )
    .await
    .unwrap();
}

async fn a_phone_is_asked_three_times_in_five_minutes(mut bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    connect(&bed, &session, "Road phone").await.unwrap();
    for _ in 0..3 {
        let token = first_step(&bed, EMAIL).await;
        ask(&bed, &token).await;
    }
    let token = first_step(&bed, EMAIL).await;
    let more = start_push(&mut bed.stranger(), &bed.store, &token, None).await;
    assert!(
        matches!(more, Err(StartPushError::TooMany { .. })),
        "{more:?}"
    );
    bed.pass(Duration::minutes(5));
    ask(&bed, &token).await;
}

async fn a_link_connects_one_phone_within_five_minutes(mut bed: Bed) {
    let (user, session) = person(&bed, EMAIL).await;
    let first = link(&bed, &session).await.unwrap();
    for name in ["", " ", "a\nb", &"x".repeat(65)] {
        let nameless = finish(&bed, &first, name).await;
        assert!(matches!(nameless, Err(PhoneError::Name)), "{name:?}");
    }
    finish(&bed, &first, "One").await.unwrap();
    let twice = finish(&bed, &first, "Two").await;
    assert!(matches!(twice, Err(PhoneError::Link)));
    let old = link(&bed, &session).await.unwrap();
    bed.pass(Duration::minutes(5));
    let late = finish(&bed, &old, "Late").await;
    assert!(matches!(late, Err(PhoneError::Link)));
    assert_eq!(phones_of(&bed.store, user).await.unwrap().len(), 1);
    bed.pass(Duration::minutes(5));
    let stale = link(&bed, &session).await;
    assert!(matches!(stale, Err(PhoneError::NotFresh)));
}

async fn a_phone_needs_another_factor_beside_it_and_there_are_five(bed: Bed) {
    bed.user(COYOTE).await;
    let bare = bed.try_sign_in(COYOTE, PASSWORD).await.unwrap().session;
    let first = link(&bed, &bare).await;
    assert!(matches!(first, Err(PhoneError::FactorFirst)));
    let (_, session) = person(&bed, EMAIL).await;
    for at in 0..MAX_PHONES {
        connect(&bed, &session, &format!("Phone {at}"))
            .await
            .unwrap();
    }
    let sixth = link(&bed, &session).await;
    assert!(matches!(sixth, Err(PhoneError::TooMany)));
}

async fn a_phone_that_was_taken_away_answers_nothing(bed: Bed) {
    let (user, session) = person(&bed, EMAIL).await;
    let (secret, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    remove_phone(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        &session,
        phone.id,
    )
    .await
    .unwrap();
    let gone = say(&bed, &phone, &asked, yes(&asked)).await;
    assert!(matches!(gone, Err(AnswerPushError::Over)));
    let found = phone_of_secret(&bed.store, &secret).await.unwrap();
    assert!(found.is_none());
    // An administrator takes them all.
    connect(&bed, &session, "Other phone").await.unwrap();
    reset_factors(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        user.into(),
        "Fell off a cliff",
    )
    .await
    .unwrap();
    assert_eq!(phones_of(&bed.store, user).await.unwrap(), []);
}

/// Requirement M01: a phone is never the only factor.
async fn phones_go_with_the_last_factor_beside_them_and_stay_while_there_is_one(bed: Bed) {
    let (user, session) = person(&bed, EMAIL).await;
    connect(&bed, &session, "Road phone").await.unwrap();
    let place = Place::new(bed);
    place
        .add(
            &session,
            &SecurityKey::new(b"a key beside the phone"),
            "Blue key",
        )
        .await;
    let bed = &place.bed;
    let sealing = bed.keys.sealing();
    let who = || (&session).into();
    remove_totp(&mut bed.op(), &bed.store, sealing, who())
        .await
        .unwrap();
    assert_eq!(phones_of(&bed.store, user).await.unwrap().len(), 1);
    let unfinished = link(bed, &session).await.unwrap();
    let keys = list_passkeys(&bed.store, user.into()).await.unwrap();
    remove_passkey(&mut bed.op(), &bed.store, sealing, who(), keys[0].id)
        .await
        .unwrap();
    assert_eq!(phones_of(&bed.store, user).await.unwrap(), []);
    let event = bed.last_event(EventKind::WebauthnDeleteEnrollment).await;
    assert_eq!(event.detail["phones"], 1);
    let late = finish(bed, &unfinished, "Late").await;
    assert!(matches!(late, Err(PhoneError::Link)), "{late:?}");
    bed.signed_in(EMAIL).await;
}

async fn the_secret_of_a_phone_is_not_in_the_database(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let link = link(&bed, &session).await.unwrap();
    let (secret, _) = connect(&bed, &session, "Road phone").await.unwrap();
    let dump = bed.dump().await;
    assert!(!dump.contains(&secret) && !dump.contains(&link));
}

/// Security.md items 34 and 39: a thief who was thrown out connects no phone afterwards.
async fn a_link_ends_with_the_sessions_of_whoever_asked_for_it(bed: Bed) {
    let (user, session) = person(&bed, EMAIL).await;
    let asked = link(&bed, &session).await.unwrap();
    let ended = revoke_sessions(&mut bed.op(), &bed.store, user, None).await;
    assert_eq!(ended.unwrap(), 1);
    let finished = finish(&bed, &asked, "Thief's phone").await;
    assert!(matches!(finished, Err(PhoneError::Link)));
}

/// Whoever asks writes the name of the application: it must not become a sentence of ours.
async fn the_phone_names_only_applications_that_there_are(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    connect(&bed, &session, "Road phone").await.unwrap();
    bed.application(new_application("aws-a")).await;
    let token = first_step(&bed, EMAIL).await;
    for (name, shown) in [("aws-a", Some("aws-a")), ("pick-the-middle-one", None)] {
        let asked = start_push(&mut bed.stranger(), &bed.store, &token, Some(name)).await;
        assert_eq!(asked.unwrap().application.as_deref(), shown);
    }
}
