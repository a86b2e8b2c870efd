//! Changing and deleting people, one and many.

use jetway_identity::users::{BulkOutcome, SelectUsersError, select_users};
use jetway_identity::{
    EventKind, NewUser, Store, StoreError, Unique, UpdateUserError, User, UserChange, UserFilter,
    UserId, UserState, current_session, delete_user, delete_users, set_user_states, update_user,
};
use serde_json::json;

use crate::bed::{Bed, EMAIL, custom, map, new_user, on_both};

on_both!(
    a_change_says_what_changed_from_what_to_what,
    the_second_of_two_administrators_sees_what_the_first_one_changed,
    what_cannot_be_kept_is_refused_field_by_field,
    an_address_or_username_of_somebody_else_is_taken,
    a_deleted_person_is_gone_with_everything_of_theirs,
    many_are_suspended_and_deleted_at_once,
    all_that_match_a_search_are_chosen,
    a_sign_in_is_noted,
);

async fn read(bed: &Bed, id: UserId) -> User {
    let mut read = bed.store.read().await.unwrap();
    read.user(id).await.unwrap().unwrap()
}

async fn update(
    bed: &Bed,
    id: UserId,
    version: Option<i64>,
    change: UserChange,
) -> Result<User, UpdateUserError> {
    let sealing = bed.keys.sealing();
    update_user(&mut bed.op(), &bed.store, sealing, id, version, change).await
}

/// Requirements C15, C17 and C18.
async fn a_change_says_what_changed_from_what_to_what(mut bed: Bed) {
    let id = bed
        .user_with(NewUser {
            attributes: map(&[("department", "Sales"), ("location", "Desert")]),
            custom_attributes: custom(&[("Team", "Blue")]),
            ..new_user(EMAIL)
        })
        .await;
    bed.pass(time::Duration::minutes(1));
    let change = UserChange {
        display_name: Some("Meep Meep".to_owned()),
        password_never_expires: Some(true),
        attributes: [
            ("department".to_owned(), Some("Research".to_owned())),
            ("location".to_owned(), Some(String::new())),
            ("addresses.work.region".to_owned(), Some("AZ".to_owned())),
        ]
        .into(),
        custom_attributes: [("Team".to_owned(), None)].into(),
        ..UserChange::default()
    };
    let after = update(&bed, id, Some(1), change.clone()).await.unwrap();
    assert_eq!(after, read(&bed, id).await);
    assert_eq!(after.label(), "Meep Meep");
    assert_eq!((after.version, after.updated_at), (2, bed.now));
    assert_eq!(
        after.attributes,
        map(&[("department", "Research"), ("addresses.work.region", "AZ")])
    );
    let event = bed.last_event(EventKind::UserUpdate).await;
    assert_eq!(
        event.detail["changes"],
        json!([
            {"field": "displayname", "from": "", "to": "Meep Meep"},
            {"field": "password_never_expires", "from": false, "to": true},
            {"field": "department", "from": "Sales", "to": "Research"},
            {"field": "location", "from": "Desert", "to": null},
            {"field": "custom:Team", "from": "Blue", "to": null},
            {"field": "addresses.work.region", "from": null, "to": "AZ"},
        ])
    );
    // The same again changes nothing.
    let again = update(&bed, id, Some(2), change).await.unwrap();
    assert_eq!(again.version, 2);
    assert_eq!(bed.events(EventKind::UserUpdate).await.len(), 1);
}

async fn the_second_of_two_administrators_sees_what_the_first_one_changed(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let first = UserChange {
        first_name: Some("Rita".to_owned()),
        ..UserChange::default()
    };
    let second = UserChange {
        first_name: Some("Rosa".to_owned()),
        ..UserChange::default()
    };
    update(&bed, id, Some(1), first).await.unwrap();
    let refused = update(&bed, id, Some(1), second.clone()).await;
    let Err(UpdateUserError::Stale(present)) = refused else {
        panic!("{refused:?}");
    };
    assert_eq!((present.first_name.as_str(), present.version), ("Rita", 2));
    assert_eq!(read(&bed, id).await, *present);
    let kept = update(&bed, id, Some(2), second).await.unwrap();
    assert_eq!(kept.first_name, "Rosa");
}

async fn what_cannot_be_kept_is_refused_field_by_field(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let change = UserChange {
        email: Some("nobody".to_owned()),
        username: Some("with space".to_owned()),
        attributes: [("planet".to_owned(), Some("Mars".to_owned()))].into(),
        custom_attributes: [(
            "Empty".to_owned(),
            Some(jetway_identity::CustomValue::String(String::new())),
        )]
        .into(),
        ..UserChange::default()
    };
    let refused = update(&bed, id, None, change).await;
    let Err(UpdateUserError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<_> = problems.iter().map(|problem| &*problem.field).collect();
    assert_eq!(fields, ["email", "username", "planet", "custom:Empty"]);
    assert_eq!(read(&bed, id).await.version, 1);
    let nobody = UserId::random(&mut bed.op().rng);
    let refused = update(&bed, nobody, None, UserChange::default()).await;
    assert!(matches!(refused, Err(UpdateUserError::NoSuchUser)));
}

async fn an_address_or_username_of_somebody_else_is_taken(bed: Bed) {
    bed.user(EMAIL).await;
    let id = bed.user("wile@acme.com").await;
    for (change, expected) in [
        (
            UserChange {
                email: Some(EMAIL.to_uppercase()),
                ..UserChange::default()
            },
            Unique::Email,
        ),
        (
            UserChange {
                username: Some("Road.Runner".to_owned()),
                ..UserChange::default()
            },
            Unique::Username,
        ),
    ] {
        let refused = update(&bed, id, None, change).await;
        let Err(UpdateUserError::Store(StoreError::Taken(unique))) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(unique, expected);
    }
}

/// Requirement D07 (in the directory).
async fn a_deleted_person_is_gone_with_everything_of_theirs(bed: Bed) {
    let id = bed.user(EMAIL).await;
    let group = bed.group_of(id, "operations", &[]).await;
    let token = bed.signed_in(EMAIL).await;
    delete_user(&mut bed.op(), &bed.store, id, None)
        .await
        .unwrap();
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.user(id).await.unwrap(), None);
    assert!(read.members(group).await.unwrap().is_empty());
    drop(read);
    let session = current_session(&mut bed.op(), &bed.store, &token).await;
    assert!(session.unwrap().is_none());
    let event = bed.last_event(EventKind::UserDelete).await;
    assert_eq!(event.target.unwrap().label, EMAIL);
    assert_eq!(event.detail["groups"], json!(["operations"]));
    assert_eq!(event.detail["sessions_ended"], 1);
    assert!(
        delete_user(&mut bed.op(), &bed.store, id, None)
            .await
            .is_err()
    );
    // Address and username are free again.
    bed.user(EMAIL).await;
}

/// Requirements B05, D04 and S05.
async fn many_are_suspended_and_deleted_at_once(bed: Bed) {
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        ids.push(bed.user(&format!("{name}@acme.com")).await);
    }
    let token = bed.signed_in("a@acme.com").await;
    let nobody = UserId::random(&mut bed.op().rng);
    let with_nobody = [&ids[..], &[nobody]].concat();
    let state = UserState::Suspended;
    let outcomes = set_user_states(&mut bed.op(), &bed.store, &with_nobody, state)
        .await
        .unwrap();
    assert_eq!(outcomes[0], (ids[0], BulkOutcome::Done));
    assert_eq!(outcomes[3], (nobody, BulkOutcome::NoSuchUser));
    let again = set_user_states(&mut bed.op(), &bed.store, &ids[..1], state)
        .await
        .unwrap();
    assert_eq!(again, [(ids[0], BulkOutcome::Unchanged)]);
    let session = current_session(&mut bed.op(), &bed.store, &token).await;
    assert!(session.unwrap().is_none());
    assert_eq!(bed.events(EventKind::UserSuspended).await.len(), 3);
    assert_eq!(read(&bed, ids[0]).await.version, 2);
    let outcomes = delete_users(&mut bed.op(), &bed.store, &with_nobody)
        .await
        .unwrap();
    let done = outcomes
        .iter()
        .filter(|(_, outcome)| *outcome == BulkOutcome::Done);
    assert_eq!(done.count(), 3);
    assert_eq!(bed.events(EventKind::UserDelete).await.len(), 3);
}

/// Requirement B05: "select all that match".
async fn all_that_match_a_search_are_chosen(bed: Bed) {
    for name in ["a", "b"] {
        bed.user(&format!("{name}@acme.com")).await;
    }
    bed.user("c@example.com").await;
    let filter = UserFilter {
        text: "acme.com".to_owned(),
        ..UserFilter::default()
    };
    let chosen: Result<_, SelectUsersError> = select_users(&bed.store, &filter).await;
    assert_eq!(chosen.unwrap().len(), 2);
    let all = select_users(&bed.store, &UserFilter::default()).await;
    assert_eq!(all.unwrap().len(), 3);
}

async fn a_sign_in_is_noted(bed: Bed) {
    let id = bed.user(EMAIL).await;
    bed.signed_in(EMAIL).await;
    let user = read(&bed, id).await;
    assert_eq!((user.last_sign_in_at, user.version), (Some(bed.now), 1));
}
