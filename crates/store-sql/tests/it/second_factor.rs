//! The second step of a sign-in: authenticator apps and recovery codes. The app is `oathtool`.

use jetway_identity::factors::{
    ChangeFactorError, CodeRefused, FactorKind, begin_totp, finish_totp, owned_factors,
    remove_totp, renew_recovery_codes, reset_factors,
};
use jetway_identity::sessions::{SecondFactorError, prove_code};
use jetway_identity::{
    EventKind, Session, SignInError, SignedIn, Store, UserId, UserState, current_session,
    set_user_state,
};
use jetway_testkit::authenticator_app;
use secrecy::ExposeSecret;
use time::{Duration, OffsetDateTime};

use crate::bed::{Bed, EMAIL, PASSWORD, on_both};
use crate::credentials::{ask, last_token, reset};

on_both!(
    a_password_alone_opens_nothing_once_an_app_is_connected,
    a_code_works_once_also_for_another_sign_in,
    a_used_code_stays_used_after_a_restart_and_on_another_node,
    of_eight_who_send_one_code_at_once_exactly_one_is_in,
    a_new_password_by_a_link_does_not_take_the_second_step_away,
    wrong_codes_lock_the_account_and_a_right_password_forgives_nothing,
    each_recovery_code_opens_one_sign_in,
    a_sign_in_waits_ten_minutes_and_for_an_active_person,
    an_app_is_connected_by_its_first_code_and_changed_after_a_fresh_sign_in,
    an_administrator_takes_factors_away_and_says_why,
    the_secret_and_the_codes_are_not_in_the_database,
);

/// What the app shows at this time.
pub(crate) fn shown(secret: &str, at: OffsetDateTime) -> String {
    authenticator_app::shown_at(secret, at.unix_timestamp()).unwrap()
}

/// Connects an app; gives its secret and the recovery codes.
pub(crate) async fn connect(bed: &mut Bed) -> (UserId, String, Vec<String>) {
    let user = bed.user(EMAIL).await;
    let (secret, codes) = connect_signed_in(bed).await;
    (user, secret, codes)
}

/// The same of somebody who is there.
pub(crate) async fn connect_signed_in(bed: &mut Bed) -> (String, Vec<String>) {
    let session = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap().session;
    connect_in(bed, &session).await
}

/// The same for whoever is signed in.
pub(crate) async fn connect_in(bed: &mut Bed, session: &Session) -> (String, Vec<String>) {
    let sealing = bed.keys.sealing();
    let enrolment = begin_totp(&mut bed.op(), &bed.store, sealing, session.into())
        .await
        .unwrap();
    let secret = enrolment.secret.expose_secret().to_owned();
    let code = shown(&secret, bed.now);
    let codes = finish_totp(&mut bed.op(), &bed.store, sealing, session.into(), &code)
        .await
        .unwrap()
        .unwrap();
    let codes = codes.iter().map(|code| code.expose_secret().to_owned());
    let codes = codes.collect();
    bed.pass(Duration::minutes(1));
    (secret, codes)
}

/// The token of the first step.
async fn first_step(bed: &Bed) -> (String, Vec<FactorKind>) {
    match bed.try_sign_in(EMAIL, PASSWORD).await {
        Err(SignInError::FactorNeeded(needed)) => {
            (needed.token.expose_secret().to_owned(), needed.kinds)
        }
        other => panic!("{other:?}"),
    }
}

async fn second_step(bed: &Bed, token: &str, code: &str) -> Result<SignedIn, SecondFactorError> {
    let sealing = bed.keys.sealing();
    prove_code(&mut bed.stranger(), &bed.store, sealing, (token, code)).await
}

/// Requirements L06, M01.
async fn a_password_alone_opens_nothing_once_an_app_is_connected(mut bed: Bed) {
    let (user, secret, _) = connect(&mut bed).await;
    let (token, kinds) = first_step(&bed).await;
    assert_eq!(kinds, [FactorKind::Totp, FactorKind::RecoveryCode]);
    // What waits is no session.
    let session = current_session(&mut bed.stranger(), &bed.store, &token).await;
    assert!(session.unwrap().is_none());
    let signed_in = second_step(&bed, &token, &shown(&secret, bed.now))
        .await
        .unwrap();
    assert_eq!(signed_in.user.id, user);
    assert_eq!(
        signed_in.session.factor.map(|factor| factor.kind),
        Some(FactorKind::Totp)
    );
    let token = signed_in.token.expose_secret();
    let current = current_session(&mut bed.stranger(), &bed.store, token).await;
    assert_eq!(current.unwrap().unwrap().session, signed_in.session);
    let event = bed.last_event(EventKind::UserLoginAttempt).await;
    assert!(event.success);
    assert_eq!(event.detail["mfa_meta"]["type"], "totp");
}

/// Security.md item 29.
async fn a_code_works_once_also_for_another_sign_in(mut bed: Bed) {
    let (_, secret, _) = connect(&mut bed).await;
    let code = shown(&secret, bed.now);
    let (first, _) = first_step(&bed).await;
    let (second, _) = first_step(&bed).await;
    second_step(&bed, &first, &code).await.unwrap();
    for token in [&first, &second] {
        let refused = second_step(&bed, token, &code).await.unwrap_err();
        match refused {
            SecondFactorError::NotStarted => assert_eq!(token, &first),
            SecondFactorError::Refused(CodeRefused::AlreadyUsed) => assert_eq!(token, &second),
            other => panic!("{other:?}"),
        }
    }
    // The code of the last half minute is taken, after a later one it is not.
    bed.pass(Duration::minutes(2));
    let late = shown(&secret, bed.now - Duration::seconds(30));
    second_step(&bed, &second, &late).await.unwrap();
}

/// Security.md item 29.
async fn a_used_code_stays_used_after_a_restart_and_on_another_node(mut bed: Bed) {
    let (_, secret, _) = connect(&mut bed).await;
    let code = shown(&secret, bed.now);
    let (first, _) = first_step(&bed).await;
    second_step(&bed, &first, &code).await.unwrap();
    bed.restart().await;
    let (again, _) = first_step(&bed).await;
    let refused = second_step(&bed, &again, &code).await.unwrap_err();
    let used = SecondFactorError::Refused(CodeRefused::AlreadyUsed);
    assert_eq!(format!("{refused:?}"), format!("{used:?}"));
    bed.pass(Duration::minutes(1));
    let code = shown(&secret, bed.now);
    second_step(&bed, &again, &code).await.unwrap();
}

/// Security.md item 29.
async fn of_eight_who_send_one_code_at_once_exactly_one_is_in(mut bed: Bed) {
    let (_, secret, _) = connect(&mut bed).await;
    let code = shown(&secret, bed.now);
    let mut tokens = Vec::new();
    for _ in 0..8 {
        tokens.push(first_step(&bed).await.0);
    }
    let tries = tokens.iter().map(|token| second_step(&bed, token, &code));
    let answers = futures_util::future::join_all(tries).await;
    let signed_in = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(signed_in, 1, "{answers:?}");
}

/// Security.md items 28 and 35: whoever reads the mailbox has one factor and not two.
async fn a_new_password_by_a_link_does_not_take_the_second_step_away(mut bed: Bed) {
    let new = "an otter plays the cello";
    let (_, secret, _) = connect(&mut bed).await;
    ask(&bed, EMAIL).await.unwrap();
    let link = last_token(&bed, "/login/reset/").await;
    reset(&bed, &link, new).await.unwrap();
    let token = match bed.try_sign_in(EMAIL, new).await {
        Err(SignInError::FactorNeeded(needed)) => needed.token,
        other => panic!("{other:?}"),
    };
    let code = shown(&secret, bed.now);
    second_step(&bed, token.expose_secret(), &code)
        .await
        .unwrap();
}

/// Security.md items 26 and 29.
async fn wrong_codes_lock_the_account_and_a_right_password_forgives_nothing(mut bed: Bed) {
    let (_, secret, _) = connect(&mut bed).await;
    let right = shown(&secret, bed.now);
    let wrong = if right == "000000" {
        "000001"
    } else {
        "000000"
    };
    for _ in 0..5 {
        let (token, _) = first_step(&bed).await;
        let refused = second_step(&bed, &token, wrong).await.unwrap_err();
        assert!(matches!(
            refused,
            SecondFactorError::Refused(CodeRefused::Wrong)
        ));
    }
    let locked = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap_err();
    assert!(
        matches!(locked, SignInError::LockedOut { .. }),
        "{locked:?}"
    );
    let event = bed.last_event(EventKind::UserLockout).await;
    assert_eq!(event.detail["failures"], 5);
    let attempts = bed.events(EventKind::UserLoginAttempt).await;
    let reasons = attempts
        .iter()
        .filter(|event| event.detail["reason"] == "wrong_code");
    assert_eq!(reasons.count(), 5);
    bed.pass(Duration::minutes(2));
    let (token, _) = first_step(&bed).await;
    second_step(&bed, &token, &shown(&secret, bed.now))
        .await
        .unwrap();
}

async fn each_recovery_code_opens_one_sign_in(mut bed: Bed) {
    let (user, _, codes) = connect(&mut bed).await;
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_lowercase().replace('-', " ");
    let (token, _) = first_step(&bed).await;
    let signed_in = second_step(&bed, &token, &typed).await.unwrap();
    assert_eq!(
        signed_in.session.factor.map(|factor| factor.kind),
        Some(FactorKind::RecoveryCode)
    );
    assert_eq!(
        owned_factors(&bed.store, user.into())
            .await
            .unwrap()
            .recovery_codes,
        9
    );
    let (token, _) = first_step(&bed).await;
    assert!(second_step(&bed, &token, &codes[3]).await.is_err());
    // New ones end the old ones.
    let new = renew_recovery_codes(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        (&signed_in.session).into(),
    )
    .await;
    let new = new.unwrap();
    assert!(second_step(&bed, &token, &codes[4]).await.is_err());
    second_step(&bed, &token, new[0].expose_secret())
        .await
        .unwrap();
    // The last one too, though none is left once it is taken.
    for code in &new[1..] {
        let (token, _) = first_step(&bed).await;
        second_step(&bed, &token, code.expose_secret())
            .await
            .unwrap();
    }
    let (_, kinds) = first_step(&bed).await;
    assert_eq!(kinds, [FactorKind::Totp]);
}

async fn a_sign_in_waits_ten_minutes_and_for_an_active_person(mut bed: Bed) {
    let (user, secret, _) = connect(&mut bed).await;
    let (token, _) = first_step(&bed).await;
    bed.pass(Duration::minutes(10));
    let late = second_step(&bed, &token, &shown(&secret, bed.now)).await;
    assert!(matches!(late, Err(SecondFactorError::NotStarted)));
    let (token, _) = first_step(&bed).await;
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Suspended)
        .await
        .unwrap();
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Active)
        .await
        .unwrap();
    let ended = second_step(&bed, &token, &shown(&secret, bed.now)).await;
    assert!(
        matches!(ended, Err(SecondFactorError::NotStarted)),
        "{ended:?}"
    );
    assert!(matches!(
        second_step(&bed, "no token", "123456").await,
        Err(SecondFactorError::NotStarted)
    ));
}

async fn an_app_is_connected_by_its_first_code_and_changed_after_a_fresh_sign_in(mut bed: Bed) {
    let user = bed.user(EMAIL).await;
    let session = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap().session;
    let sealing = bed.keys.sealing();
    let enrolment = begin_totp(&mut bed.op(), &bed.store, sealing, (&session).into()).await;
    let secret = enrolment.unwrap().secret.expose_secret().to_owned();
    let wrong = finish_totp(
        &mut bed.op(),
        &bed.store,
        sealing,
        (&session).into(),
        "12345",
    )
    .await;
    assert!(matches!(
        wrong,
        Err(ChangeFactorError::Code(CodeRefused::NotACode))
    ));
    // Nothing is asked of somebody who did not finish.
    bed.signed_in(EMAIL).await;
    let code = shown(&secret, bed.now);
    finish_totp(&mut bed.op(), &bed.store, sealing, (&session).into(), &code)
        .await
        .unwrap();
    assert_eq!(
        owned_factors(&bed.store, user.into()).await.unwrap().totp,
        Some(bed.now)
    );
    let again = begin_totp(&mut bed.op(), &bed.store, sealing, (&session).into()).await;
    assert!(matches!(again, Err(ChangeFactorError::Enrolled)));
    bed.pass(Duration::minutes(10));
    let stale = remove_totp(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        (&session).into(),
    )
    .await;
    assert!(matches!(stale, Err(ChangeFactorError::NotFresh)));
    let (token, _) = first_step(&bed).await;
    let fresh = second_step(&bed, &token, &shown(&secret, bed.now))
        .await
        .unwrap();
    remove_totp(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        (&fresh.session).into(),
    )
    .await
    .unwrap();
    bed.signed_in(EMAIL).await;
    assert_eq!(
        owned_factors(&bed.store, user.into())
            .await
            .unwrap()
            .recovery_codes,
        0
    );
}

/// Requirement M02.
async fn an_administrator_takes_factors_away_and_says_why(mut bed: Bed) {
    let (user, secret, _) = connect(&mut bed).await;
    let (token, _) = first_step(&bed).await;
    let signed_in = second_step(&bed, &token, &shown(&secret, bed.now))
        .await
        .unwrap();
    let silent = reset_factors(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        user.into(),
        " ",
    )
    .await;
    assert!(silent.is_err());
    reset_factors(
        &mut bed.op(),
        &bed.store,
        bed.keys.sealing(),
        user.into(),
        "Lost the phone in Arizona",
    )
    .await
    .unwrap();
    let token = signed_in.token.expose_secret();
    let session = current_session(&mut bed.stranger(), &bed.store, token).await;
    assert!(session.unwrap().is_none(), "whoever has the phone is out");
    bed.signed_in(EMAIL).await;
    let event = bed.last_event(EventKind::TotpDeleteEnrollment).await;
    assert_eq!(event.detail["reason"], "Lost the phone in Arizona");
}

async fn the_secret_and_the_codes_are_not_in_the_database(mut bed: Bed) {
    let (user, secret, codes) = connect(&mut bed).await;
    let record = bed
        .store
        .read()
        .await
        .unwrap()
        .totp(user.into())
        .await
        .unwrap();
    assert!(record.unwrap().sealed_secret.len() > 20);
    let dump = bed.dump().await;
    let unspaced = secret.replace(' ', "");
    for secret in [&secret, &unspaced, &codes[0], &codes[0].replace('-', "")] {
        assert!(!dump.contains(secret.as_str()));
    }
}
