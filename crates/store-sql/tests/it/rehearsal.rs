//! Trying a change.

use jetway_identity::{
    CreateUserError, EventKind, Store, StoreError, UserState, create_user, set_user_state,
};

use crate::bed::{Bed, EMAIL, hashers, new_user, on_both};

on_both!(
    a_rehearsed_change_answers_like_the_real_one_and_leaves_nothing_behind,
    a_rehearsal_meets_the_same_rules,
);

async fn a_rehearsed_change_answers_like_the_real_one_and_leaves_nothing_behind(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    let before = bed.events(EventKind::UserSuspended).await.len();
    let rehearsal = bed.store.rehearsal();
    set_user_state(
        &mut bed.op(),
        rehearsal.as_ref(),
        user,
        UserState::Suspended,
    )
    .await
    .unwrap();
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(
        read.user(user).await.unwrap().unwrap().state,
        UserState::Active
    );
    drop(read);
    assert_eq!(bed.events(EventKind::UserSuspended).await.len(), before);
    let session = jetway_identity::current_session(&mut bed.op(), &bed.store, &token).await;
    assert!(session.unwrap().is_some(), "the session lives on");
    // The turn to write was given back.
    set_user_state(&mut bed.op(), &bed.store, user, UserState::Suspended)
        .await
        .unwrap();
    assert_eq!(bed.events(EventKind::UserSuspended).await.len(), before + 1);
}

async fn a_rehearsal_meets_the_same_rules(bed: Bed) {
    bed.user(EMAIL).await;
    let rehearsal = bed.store.rehearsal();
    let refused = create_user(
        &mut bed.op(),
        rehearsal.as_ref(),
        hashers(),
        new_user(EMAIL),
    )
    .await;
    assert!(matches!(
        refused,
        Err(CreateUserError::Store(StoreError::Taken(_)))
    ));
}
