//! Signing in.

use jetway_identity::{
    Actor, EventKind, NewUser, SignInError, Store, UserState, current_session, set_user_state,
};
use secrecy::ExposeSecret;
use serde_json::Value;
use time::Duration;

use crate::bed::{Bed, EMAIL, PASSWORD, new_user, on_both};

on_both!(
    the_right_password_opens_a_session,
    the_address_is_taken_in_any_spelling,
    nobody_learns_why_a_sign_in_was_refused,
    an_unknown_address_costs_as_many_hashes_as_a_known_one,
    a_password_that_was_typed_as_the_address_is_not_logged,
    an_old_hash_is_renewed_at_the_next_sign_in,
    twelve_sign_ins_at_once_all_succeed,
    an_address_with_a_nul_is_as_wrong_as_any_other,
);

/// Requirement L06 (without a factor).
async fn the_right_password_opens_a_session(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let signed_in = bed.try_sign_in(EMAIL, PASSWORD).await.unwrap();
    assert_eq!(signed_in.user.id, user);
    assert_eq!(signed_in.expires_at, bed.now + Duration::hours(24));
    let token = signed_in.token.expose_secret();
    let current = current_session(&mut bed.stranger(), &bed.store, token)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(current.session, signed_in.session);
    assert_eq!(current.user, signed_in.user);
    assert_eq!(current.session.user_agent.as_deref(), Some("test/1"));
    let event = bed.last_event(EventKind::UserLoginAttempt).await;
    assert!(event.success);
    assert_eq!(
        event.actor,
        Actor::User {
            id: user,
            label: EMAIL.to_owned()
        }
    );
    assert_eq!(event.detail["session"], signed_in.session.id.to_string());
    assert!(!event.detail.to_string().contains(token));
    // Each sign-in has a token of its own.
    assert_ne!(bed.signed_in(EMAIL).await, token);
}

async fn the_address_is_taken_in_any_spelling(bed: Bed) {
    bed.user(EMAIL).await;
    bed.signed_in(&format!(" {} ", EMAIL.to_uppercase())).await;
}

/// Security.md item 27.
async fn nobody_learns_why_a_sign_in_was_refused(bed: Bed) {
    let id = bed.user(EMAIL).await;
    bed.user_with(NewUser {
        state: UserState::Staged,
        ..new_user("staged@acme.com")
    })
    .await;
    bed.user_with(NewUser {
        password: None,
        ..new_user("pending@acme.com")
    })
    .await;
    bed.user("suspended@acme.com").await;
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user_by_email("suspended@acme.com")
        .await;
    let suspended = user.unwrap().unwrap().id;
    set_user_state(&mut bed.op(), &bed.store, suspended, UserState::Suspended)
        .await
        .unwrap();
    let mut answers = Vec::new();
    for (email, password, reason) in [
        (EMAIL, "wrong", "wrong_password"),
        (EMAIL, "", "wrong_password"),
        ("nobody@acme.com", PASSWORD, "unknown_user"),
        ("staged@acme.com", PASSWORD, "staged"),
        ("suspended@acme.com", PASSWORD, "suspended"),
        ("pending@acme.com", PASSWORD, "no_password"),
    ] {
        let error = bed.try_sign_in(email, password).await.unwrap_err();
        assert!(matches!(error, SignInError::Refused));
        answers.push(error.to_string());
        let event = bed.last_event(EventKind::UserLoginAttempt).await;
        assert_eq!(event.detail["reason"], reason);
        assert_eq!(event.detail["email"], email);
        assert_eq!((event.success, &event.actor), (false, &Actor::Anonymous));
        assert_eq!(event.target.is_some(), email != "nobody@acme.com");
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
    let sessions = bed
        .store
        .read()
        .await
        .unwrap()
        .sessions_of(id)
        .await
        .unwrap();
    assert!(sessions.is_empty());
}

/// Security.md item 27: counted, not timed, since the machine may be busy.
async fn an_unknown_address_costs_as_many_hashes_as_a_known_one(bed: Bed) {
    bed.user_with(NewUser {
        password: None,
        ..new_user("pending@acme.com")
    })
    .await;
    bed.user(EMAIL).await;
    let hashers = jetway_identity::PasswordHashers::start().unwrap();
    for email in [
        EMAIL,
        "pending@acme.com",
        "nobody@acme.com",
        "",
        "not an address",
    ] {
        for password in ["wrong", "", &"x".repeat(100_000)] {
            let before = hashers.computed();
            let attempt = jetway_identity::SignInAttempt {
                email: email.to_owned(),
                password: password.to_owned().into(),
                via: jetway_identity::Via::CommandLine,
                device: None,
            };
            let mut op = bed.stranger();
            let refused = jetway_identity::sign_in(
                &mut op,
                &bed.store,
                (&hashers, bed.keys.sealing()),
                attempt,
            )
            .await;
            assert!(matches!(refused, Err(SignInError::Refused)));
            assert_eq!(hashers.computed() - before, 1, "{email:?}");
        }
    }
}

async fn a_password_that_was_typed_as_the_address_is_not_logged(bed: Bed) {
    assert!(bed.try_sign_in(PASSWORD, PASSWORD).await.is_err());
    let event = bed.last_event(EventKind::UserLoginAttempt).await;
    assert_eq!(event.detail["email"], Value::Null);
}

/// Security.md item 25.
async fn an_old_hash_is_renewed_at_the_next_sign_in(mut bed: Bed) {
    // The reference implementation's test vector: "password", m=65536.
    const OLD: &str =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    let id = bed.user(EMAIL).await;
    let mut write = bed.store.write().await.unwrap();
    write
        .set_password_hash(id, &OLD.parse().unwrap(), bed.now)
        .await
        .unwrap();
    write.commit().await.unwrap();
    let changed_at = bed.now;
    bed.pass(Duration::days(3));
    assert!(bed.try_sign_in(EMAIL, "passwore").await.is_err());
    bed.try_sign_in(EMAIL, "password").await.unwrap();
    let mut read = bed.store.read().await.unwrap();
    let hash = read.password_hash(id).await.unwrap().unwrap().to_string();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    let user = read.user(id).await.unwrap().unwrap();
    assert_eq!(
        user.password_changed_at,
        Some(changed_at),
        "the person changed nothing"
    );
    drop(read);
    bed.try_sign_in(EMAIL, "password").await.unwrap();
}

async fn twelve_sign_ins_at_once_all_succeed(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let bed = std::sync::Arc::new(bed);
    let tasks: Vec<_> = (0..12)
        .map(|_| {
            let bed = std::sync::Arc::clone(&bed);
            tokio::spawn(async move { bed.try_sign_in(EMAIL, PASSWORD).await.is_ok() })
        })
        .collect();
    for task in tasks {
        assert!(task.await.unwrap());
    }
    assert_eq!(
        bed.store
            .read()
            .await
            .unwrap()
            .sessions_of(id)
            .await
            .unwrap()
            .len(),
        12
    );
}

/// PostgreSQL takes no NUL in a text; that must not show as an error.
async fn an_address_with_a_nul_is_as_wrong_as_any_other(bed: Bed) {
    bed.user(EMAIL).await;
    for email in ["\u{0}", "road\u{0}@acme.com", &format!("{EMAIL}\u{0}")] {
        let error = bed.try_sign_in(email, PASSWORD).await.unwrap_err();
        assert!(matches!(error, SignInError::Refused), "{email:?}: {error}");
    }
}
