//! Time in which people without a second factor are let in without one (requirement M02).

use jetway_identity::factors::{
    GiveEnrolmentTimeError, RemindToEnrolError, enrolment_time, give_enrolment_time,
    remind_to_enrol, reset_factors,
};
use jetway_identity::mail::list_mails;
use jetway_identity::sign_in_policies::{
    Applications, Conditions, Decision, Effect, FactorKind, FactorKinds, PolicyRule, SecondFactor,
    SimulatedPerson, SimulatedTarget, WhatIf, Who, WithoutFactor, create_sign_in_policy,
    simulate_sign_in,
};
use jetway_identity::{EventKind, Role, SignInError, UserId, UserState, set_user_state};
use time::Duration;
use url::Url;

use crate::administrators::{add, op_of};
use crate::bed::{Bed, EMAIL, PASSWORD, on_both};
use crate::second_factor::{connect, connect_signed_in};

on_both!(
    whoever_has_time_is_let_in_and_reminded_until_it_ends,
    the_simulator_says_what_the_sign_in_does,
    time_that_is_taken_back_is_over,
    who_sets_a_factor_up_has_no_time_left,
    time_is_given_with_a_reason_by_those_who_may,
    a_reminder_goes_to_active_people_without_a_factor,
);

fn url() -> Url {
    Url::parse("https://sso.acme.example").unwrap()
}

/// Everybody needs a second factor.
async fn demand(bed: &Bed) {
    let rule = PolicyRule {
        name: "Two factors".to_owned(),
        enabled: true,
        order: 1,
        who: Who::Everyone,
        application: Applications::Any,
        conditions: Conditions::default(),
        effect: Effect::RequireSecondFactor(SecondFactor {
            kinds: FactorKinds::from([FactorKind::Totp, FactorKind::Webauthn]),
            max_age_minutes: None,
            without_factor: WithoutFactor::Enrol,
        }),
    };
    create_sign_in_policy(&mut bed.op(), &bed.store, rule)
        .await
        .unwrap();
}

async fn give(bed: &Bed, user: UserId, days: u32) {
    let reason = "Their phone comes next week.";
    give_enrolment_time(&mut bed.op(), &bed.store, user, days, reason)
        .await
        .unwrap();
}

async fn whoever_has_time_is_let_in_and_reminded_until_it_ends(mut bed: Bed) {
    let user = bed.user(EMAIL).await;
    demand(&bed).await;
    let held = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap_err();
    assert!(matches!(held, SignInError::MustEnrol(_)), "{held}");
    give(&bed, user, 14).await;
    let ends = bed.now + Duration::days(14);
    let signed_in = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(signed_in.enrol_until, Some(ends));
    assert_eq!(signed_in.session.factor, None);
    let known = enrolment_time(&bed.op(), &bed.store, user).await.unwrap();
    assert_eq!(known, Some(ends));
    bed.pass(Duration::days(14));
    let held = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap_err();
    assert!(matches!(held, SignInError::MustEnrol(_)), "{held}");
    let known = enrolment_time(&bed.op(), &bed.store, user).await.unwrap();
    assert_eq!(known, None);
}

async fn the_simulator_says_what_the_sign_in_does(bed: Bed) {
    let user = bed.user(EMAIL).await;
    demand(&bed).await;
    give(&bed, user, 3).await;
    let what_if = |days: i64| WhatIf {
        person: SimulatedPerson::User(user),
        target: SimulatedTarget::UserPortal,
        address: None,
        at: bed.now + Duration::days(days),
        device_known: true,
        proofs: vec![jetway_identity::sign_in_policies::Proof {
            what: jetway_identity::sign_in_policies::Proved::Password,
            at: bed.now + Duration::days(days),
        }],
        requested: None,
        dev: false,
    };
    let now = simulate_sign_in(&bed.store, what_if(0)).await.unwrap();
    assert!(matches!(
        now.explanation.decision,
        Decision::Allow {
            enrol_until: Some(_),
            ..
        }
    ));
    let later = simulate_sign_in(&bed.store, what_if(3)).await.unwrap();
    assert!(matches!(
        later.explanation.decision,
        Decision::MustEnrol { .. }
    ));
}

async fn time_that_is_taken_back_is_over(bed: Bed) {
    let user = bed.user(EMAIL).await;
    demand(&bed).await;
    give(&bed, user, 14).await;
    give(&bed, user, 0).await;
    let held = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap_err();
    assert!(matches!(held, SignInError::MustEnrol(_)), "{held}");
    let events = bed.events(EventKind::UserMfaEnrolmentTime).await;
    let mut days: Vec<_> = events.iter().map(|event| &event.detail["days"]).collect();
    days.sort_by_key(|days| days.as_u64());
    assert_eq!(days, [0, 14]);
}

/// Taking the factor away again, or having it reset, does not bring the time back.
async fn who_sets_a_factor_up_has_no_time_left(mut bed: Bed) {
    let user = bed.user(EMAIL).await;
    give(&bed, user, 14).await;
    connect_signed_in(&mut bed).await;
    let refused = give_enrolment_time(&mut bed.op(), &bed.store, user, 5, "again").await;
    assert!(matches!(refused, Err(GiveEnrolmentTimeError::HasFactor)));
    let sealing = bed.keys.sealing();
    reset_factors(&mut bed.op(), &bed.store, sealing, user.into(), "Lost")
        .await
        .unwrap();
    demand(&bed).await;
    let held = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap_err();
    assert!(matches!(held, SignInError::MustEnrol(_)), "{held}");
}

async fn time_is_given_with_a_reason_by_those_who_may(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let mut op = bed.op();
    let silent = give_enrolment_time(&mut op, &bed.store, user, 5, " ").await;
    assert!(matches!(silent, Err(GiveEnrolmentTimeError::Reason)));
    let long = give_enrolment_time(&mut op, &bed.store, user, 91, "Phone").await;
    assert!(matches!(long, Err(GiveEnrolmentTimeError::Days)));
    let reader = add(&bed, "reader@acme.com", Role::ReadOnly).await;
    let mut op = op_of(&bed, reader).await;
    let refused = give_enrolment_time(&mut op, &bed.store, user, 5, "Phone").await;
    assert!(matches!(
        refused,
        Err(GiveEnrolmentTimeError::NotAllowed(_))
    ));
    let help = add(&bed, "help@acme.com", Role::HelpDesk).await;
    let mut op = op_of(&bed, help).await;
    give_enrolment_time(&mut op, &bed.store, user, 5, "Phone")
        .await
        .unwrap();
    let event = bed.last_event(EventKind::UserMfaEnrolmentTime).await;
    assert_eq!(event.detail["reason"], "Phone");
    assert_eq!(event.detail["ends_at"], "2026-03-19T09:12:30.25Z");
}

async fn a_reminder_goes_to_active_people_without_a_factor(mut bed: Bed) {
    let (with, _, _) = connect(&mut bed).await;
    let without = bed.user("wile.coyote@acme.com").await;
    give(&bed, without, 14).await;
    let sealing = bed.keys.sealing();
    let (store, url) = (&bed.store, url());
    remind_to_enrol(&mut bed.op(), store, sealing, &url, without)
        .await
        .unwrap();
    let refused = remind_to_enrol(&mut bed.op(), store, sealing, &url, with).await;
    assert!(matches!(refused, Err(RemindToEnrolError::HasFactor)));
    set_user_state(&mut bed.op(), store, without, UserState::Suspended)
        .await
        .unwrap();
    let refused = remind_to_enrol(&mut bed.op(), store, sealing, &url, without).await;
    assert!(matches!(refused, Err(RemindToEnrolError::NotActive)));
    let mails = list_mails(store, None, None, 50).await.unwrap();
    let to_them: Vec<_> = mails
        .iter()
        .filter(|mail| mail.to == "wile.coyote@acme.com")
        .collect();
    assert_eq!(to_them.len(), 1);
    let text = to_them[0].text(sealing).unwrap().unwrap();
    assert!(
        text.contains("https://sso.acme.example/profile"),
        "{}",
        *text
    );
    assert!(
        text.contains("without one until 28 March 2026"),
        "{}",
        *text
    );
    assert_eq!(bed.events(EventKind::UserMfaReminder).await.len(), 1);
}
