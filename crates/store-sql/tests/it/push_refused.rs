//! Questions to the phone that let nobody in: each is counted and written down.

use jetway_identity::factors::FactorKind;
use jetway_identity::sessions::push::{
    AnswerPushError, PhoneSays, ProvePushError, StartPushError, look_at_push, prove_push,
    start_push,
};
use jetway_identity::sign_in_policies::{
    Applications, Conditions, Effect, PolicyRule, SecondFactor, Who, WithoutFactor,
    create_sign_in_policy,
};
use jetway_identity::{EventKind, SignInError};
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, on_both};
use crate::push::{COYOTE, ask, connect, first_step, person, refused, say, yes};

on_both!(
    a_question_that_nobody_answered_is_written_down_once,
    a_no_counts_like_a_wrong_code,
    a_phone_is_asked_only_where_the_policies_take_its_word,
    an_answer_for_somebody_else_is_refused_and_written_down,
);

/// Reasons of the sign-ins that failed, the oldest first.
async fn reasons(bed: &Bed) -> Vec<String> {
    let attempts = bed.events(EventKind::UserLoginAttempt).await;
    let failed = attempts.iter().filter(|event| !event.success);
    let reasons = failed.map(|event| event.detail["reason"].as_str().unwrap().to_owned());
    reasons.collect()
}

async fn a_question_that_nobody_answered_is_written_down_once(mut bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    bed.pass(Duration::seconds(60));
    for _ in 0..2 {
        let seen = look_at_push(&mut bed.stranger(), &bed.store, &token, asked.id).await;
        assert_eq!(seen.unwrap().unwrap().status(bed.now), "expired");
    }
    assert_eq!(reasons(&bed).await, ["push_expired"]);
}

/// Security.md items 26 and 32: whoever has the password goes no further by asking.
async fn a_no_counts_like_a_wrong_code(mut bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let (_, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    for at in 0..5 {
        if at == 3 {
            bed.pass(Duration::minutes(5));
        }
        let asked = ask(&bed, &token).await;
        say(&bed, &phone, &asked, PhoneSays::NotMe).await.unwrap();
    }
    assert_eq!(reasons(&bed).await, ["push_denied"; 5]);
    let more = start_push(&mut bed.stranger(), &bed.store, &token, None).await;
    assert!(
        matches!(more, Err(StartPushError::LockedOut { .. })),
        "{more:?}"
    );
    let password = bed.try_sign_in(EMAIL, PASSWORD).await;
    assert!(
        matches!(password, Err(SignInError::LockedOut { .. })),
        "{password:?}"
    );
    assert_eq!(bed.events(EventKind::UserLockout).await.len(), 1);
}

/// Security.md item 28.
async fn a_phone_is_asked_only_where_the_policies_take_its_word(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    let (_, phone) = connect(&bed, &session, "Road phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    say(&bed, &phone, &asked, yes(&asked)).await.unwrap();
    let factor = SecondFactor {
        kinds: [FactorKind::Totp].into(),
        max_age_minutes: None,
        without_factor: WithoutFactor::Enrol,
    };
    let rule = PolicyRule {
        name: "Apps alone".to_owned(),
        enabled: true,
        order: 1,
        who: Who::Everyone,
        application: Applications::Any,
        conditions: Conditions::default(),
        effect: Effect::RequireSecondFactor(factor),
    };
    create_sign_in_policy(&mut bed.op(), &bed.store, rule)
        .await
        .unwrap();
    assert!(refused(&bed, &token, &asked).await, "also after a yes");
    let more = start_push(&mut bed.stranger(), &bed.store, &token, None).await;
    assert!(matches!(more, Err(StartPushError::NoPhone)), "{more:?}");
}

async fn an_answer_for_somebody_else_is_refused_and_written_down(bed: Bed) {
    let (_, session) = person(&bed, EMAIL).await;
    connect(&bed, &session, "Road phone").await.unwrap();
    let (coyote, theirs) = person(&bed, COYOTE).await;
    let (_, phone) = connect(&bed, &theirs, "Desert phone").await.unwrap();
    let token = first_step(&bed, EMAIL).await;
    let asked = ask(&bed, &token).await;
    for _ in 0..12 {
        let answered = say(&bed, &phone, &asked, yes(&asked)).await;
        assert!(matches!(answered, Err(AnswerPushError::Over)));
    }
    let events = bed.events(EventKind::UserPushAnswer).await;
    assert_eq!(events.len(), 10, "no flood");
    let target = events[0].target.as_ref().unwrap();
    assert_eq!(
        (events[0].success, &target.id),
        (false, &coyote.to_string())
    );
    // A yes for one sign-in, shown by another.
    let stolen = first_step(&bed, COYOTE).await;
    let proved = prove_push(
        &mut bed.stranger(),
        &bed.store,
        bed.keys.sealing(),
        (&stolen, asked.id),
    )
    .await;
    assert!(matches!(proved, Err(ProvePushError::NotStarted)));
    assert_eq!(reasons(&bed).await, ["push_of_another_sign_in"]);
}
