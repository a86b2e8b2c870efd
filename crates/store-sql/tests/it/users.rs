//! People: adding them, their state, their password.

use jetway_identity::{
    CreateUserError, EventKind, SetUserStateError, Store, UserState, create_user, current_session,
    set_password, set_user_state,
};
use secrecy::SecretString;

use crate::bed::{Bed, EMAIL, PASSWORD, hashers, new_user, on_both};

on_both!(
    a_user_starts_in_the_state_that_was_asked_for,
    a_password_is_independent_of_the_state,
    suspending_ends_every_session_in_the_same_commit_as_its_event,
    setting_the_present_state_again_changes_nothing,
    a_new_password_ends_the_sessions,
    unusable_texts_are_refused_before_anything_is_written,
    the_database_holds_no_password_and_no_session_token,
);

/// Requirement D01.
async fn a_user_starts_in_the_state_that_was_asked_for(bed: Bed) {
    for (state, email) in [
        (UserState::Staged, "staged@acme.com"),
        (UserState::Active, "active@acme.com"),
        (UserState::Suspended, "suspended@acme.com"),
    ] {
        let id = bed
            .user_with(jetway_identity::NewUser {
                state,
                ..new_user(email)
            })
            .await;
        let user = bed
            .store
            .read()
            .await
            .unwrap()
            .user(id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(user.state, state);
        assert_eq!(id.to_string().len(), 24);
    }
    assert_eq!(bed.events(EventKind::UserCreate).await.len(), 3);
}

/// Requirement D05.
async fn a_password_is_independent_of_the_state(bed: Bed) {
    let pending = jetway_identity::NewUser {
        password: None,
        ..new_user(EMAIL)
    };
    let id = bed.user_with(pending).await;
    assert!(bed.events(EventKind::UserPasswordSet).await.is_empty());
    assert!(bed.try_sign_in(EMAIL, "").await.is_err());
    let password = SecretString::from(PASSWORD.to_owned());
    let sealing = bed.keys.sealing();
    set_password(&mut bed.op(), &bed.store, hashers(), sealing, id, password)
        .await
        .unwrap();
    assert_eq!(bed.events(EventKind::UserPasswordSet).await.len(), 1);
    let user = bed
        .store
        .read()
        .await
        .unwrap()
        .user(id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (user.state, user.password_changed_at),
        (UserState::Active, Some(bed.now))
    );
    bed.signed_in(EMAIL).await;
}

/// Security.md item 39, requirement D01.
async fn suspending_ends_every_session_in_the_same_commit_as_its_event(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let (first, second) = (bed.signed_in(EMAIL).await, bed.signed_in(EMAIL).await);
    set_user_state(&mut bed.op(), &bed.store, id, UserState::Suspended)
        .await
        .unwrap();
    for token in [&first, &second] {
        assert!(
            current_session(&mut bed.op(), &bed.store, token)
                .await
                .unwrap()
                .is_none()
        );
    }
    assert!(
        bed.store
            .read()
            .await
            .unwrap()
            .sessions_of(id)
            .await
            .unwrap()
            .is_empty()
    );
    let event = bed.last_event(EventKind::UserSuspended).await;
    assert_eq!(event.detail["sessions_ended"], 2);
    // Letting the person in again does not bring the sessions back.
    set_user_state(&mut bed.op(), &bed.store, id, UserState::Active)
        .await
        .unwrap();
    assert!(
        current_session(&mut bed.op(), &bed.store, &first)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(bed.events(EventKind::UserUnsuspended).await.len(), 1);
}

async fn setting_the_present_state_again_changes_nothing(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    set_user_state(&mut bed.op(), &bed.store, id, UserState::Active)
        .await
        .unwrap();
    assert!(
        current_session(&mut bed.op(), &bed.store, &token)
            .await
            .unwrap()
            .is_some()
    );
    assert!(bed.events(EventKind::UserActivated).await.is_empty());
    let nobody = jetway_identity::UserId::random(&mut bed.op().rng);
    let refused = set_user_state(&mut bed.op(), &bed.store, nobody, UserState::Active).await;
    assert!(matches!(refused, Err(SetUserStateError::NoSuchUser)));
}

async fn a_new_password_ends_the_sessions(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let other = bed.signed_in(EMAIL).await;
    let password = SecretString::from("what-is-up-then-doc".to_owned());
    let sealing = bed.keys.sealing();
    set_password(&mut bed.op(), &bed.store, hashers(), sealing, id, password)
        .await
        .unwrap();
    assert!(
        current_session(&mut bed.op(), &bed.store, &other)
            .await
            .unwrap()
            .is_none()
    );
    let sessions = bed
        .store
        .read()
        .await
        .unwrap()
        .sessions_of(id)
        .await
        .unwrap();
    assert_eq!(sessions, []);
    assert!(bed.try_sign_in(EMAIL, PASSWORD).await.is_err());
    assert!(bed.try_sign_in(EMAIL, "what-is-up-then-doc").await.is_ok());
    assert_eq!(bed.events(EventKind::UserPasswordChange).await.len(), 1);
}

async fn unusable_texts_are_refused_before_anything_is_written(bed: Bed) {
    let good = || new_user(EMAIL);
    let short = SecretString::from("fourteen-chars".to_owned());
    for bad in [
        jetway_identity::NewUser {
            email: "nobody".to_owned(),
            ..good()
        },
        jetway_identity::NewUser {
            username: "with space".to_owned(),
            ..good()
        },
        jetway_identity::NewUser {
            first_name: "a\u{0}b".to_owned(),
            ..good()
        },
        jetway_identity::NewUser {
            last_name: "x".repeat(257),
            ..good()
        },
        jetway_identity::NewUser {
            attributes: crate::bed::map(&[("department", "\u{FFFE}")]),
            ..good()
        },
        jetway_identity::NewUser {
            attributes: crate::bed::map(&[("planet", "Mars")]),
            ..good()
        },
        jetway_identity::NewUser {
            custom_attributes: crate::bed::custom(&[(" ", "nameless")]),
            ..good()
        },
        jetway_identity::NewUser {
            password: Some(short),
            ..good()
        },
    ] {
        let refused = create_user(&mut bed.op(), &bed.store, hashers(), bad).await;
        let Err(CreateUserError::Invalid(_) | CreateUserError::Password(_)) = refused else {
            panic!("{refused:?}");
        };
    }
    assert!(bed.events(EventKind::UserCreate).await.is_empty());
}

/// Security.md items 25 and 37.
async fn the_database_holds_no_password_and_no_session_token(bed: Bed) {
    bed.user(EMAIL).await;
    bed.signed_in(EMAIL).await;
    let mut read = bed.store.read().await.unwrap();
    let hash = read
        .credential(EMAIL)
        .await
        .unwrap()
        .unwrap()
        .password_hash
        .unwrap();
    assert!(
        hash.to_string()
            .starts_with("$argon2id$v=19$m=19456,t=2,p=1$")
    );
    assert!(!format!("{hash:?}").contains("argon2"));
}
