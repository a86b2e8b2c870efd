//! What both databases must do alike.

use std::sync::Arc;

use jetway_identity::sessions::{FailureKey, Failures};
use jetway_identity::store::StoreError;
use jetway_identity::{CreateApplicationError, CreateGroupError, CreateUserError, NewGroup};
use jetway_identity::{CreationMethod, CustomValue};
use jetway_identity::{Group, GroupId, Store, Unique, UserState, create_group, create_user};
use jetway_identity::{applications, create_application};
use jetway_store_sql::statements;

use crate::bed::{Bed, EMAIL, custom, hashers, map, new_application, new_user, on_both};

on_both!(
    every_statement_fits_the_schema,
    a_write_that_is_dropped_changes_nothing,
    a_write_sees_its_own_changes_and_readers_do_not,
    eight_tasks_with_fifty_read_then_write_transactions_lose_nothing,
    an_address_is_taken_in_any_spelling,
    a_username_is_taken_in_any_letter_case,
    a_group_name_is_taken_in_any_letter_case,
    a_slug_is_taken,
    a_membership_of_nobody_is_refused,
    what_was_written_is_read_back,
    a_changed_application_is_read_anew,
);

/// Every text of the registry is prepared when the database is opened; a text that a database does
/// not understand would not get this far. None is listed twice.
async fn every_statement_fits_the_schema(bed: Bed) {
    bed.store.ping().await.unwrap();
    let mut all: Vec<_> = statements::all().collect();
    assert!(all.len() > 40);
    assert!(all.iter().all(|sql| !sql.contains('\n')));
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), statements::all().count());
}

fn group(name: &str, bed: &Bed) -> Group {
    Group {
        id: GroupId::random(&mut bed.op().rng),
        name: name.to_owned(),
        description: "what it is for".to_owned(),
        attributes: custom(&[("Project", "automation")]),
        everyone: false,
        membership: jetway_identity::Membership::Static,
        version: 1,
        updated_at: bed.now,
        created_at: bed.now,
    }
}

async fn a_write_that_is_dropped_changes_nothing(bed: Bed) {
    let lost = group("lost", &bed);
    let mut write = bed.store.write().await.unwrap();
    write.insert_group(&lost).await.unwrap();
    drop(write);
    // The next write waits until the dropped one is undone.
    let mut write = bed.store.write().await.unwrap();
    assert_eq!(write.group(lost.id).await.unwrap(), None);
    write.insert_group(&group("kept", &bed)).await.unwrap();
    write.commit().await.unwrap();
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.group_by_name("lost").await.unwrap(), None);
    assert!(read.group_by_name("kept").await.unwrap().is_some());
}

async fn a_write_sees_its_own_changes_and_readers_do_not(bed: Bed) {
    let new = group("new", &bed);
    let mut write = bed.store.write().await.unwrap();
    write.insert_group(&new).await.unwrap();
    assert_eq!(write.group(new.id).await.unwrap().as_ref(), Some(&new));
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.group(new.id).await.unwrap(), None);
    write.commit().await.unwrap();
    assert_eq!(read.group(new.id).await.unwrap(), Some(new));
}

async fn eight_tasks_with_fifty_read_then_write_transactions_lose_nothing(bed: Bed) {
    let bed = Arc::new(bed);
    let key = FailureKey::of(EMAIL);
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (bed, key) = (Arc::clone(&bed), key.clone());
            tokio::spawn(async move {
                for _ in 0..50 {
                    let mut write = bed.store.write().await.unwrap();
                    let before = write.failures(&key).await.unwrap();
                    let count = before.map_or(0, |before| before.count) + 1;
                    let after = Failures {
                        count,
                        last_at: bed.now,
                        locked_until: None,
                    };
                    write.set_failures(&key, &after).await.unwrap();
                    write.commit().await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.failures(&key).await.unwrap().unwrap().count, 400);
}

async fn an_address_is_taken_in_any_spelling(bed: Bed) {
    bed.user(EMAIL).await;
    let mut second = new_user(&EMAIL.to_uppercase());
    "other".clone_into(&mut second.username);
    let refused = create_user(&mut bed.op(), &bed.store, hashers(), second).await;
    let Err(CreateUserError::Store(StoreError::Taken(Unique::Email))) = refused else {
        panic!("{refused:?}");
    };
}

async fn a_username_is_taken_in_any_letter_case(bed: Bed) {
    bed.user(EMAIL).await;
    let mut second = new_user("somebody.else@the-acme-corporation.com");
    "Road.RUNNER".clone_into(&mut second.username);
    let refused = create_user(&mut bed.op(), &bed.store, hashers(), second).await;
    let Err(CreateUserError::Store(StoreError::Taken(Unique::Username))) = refused else {
        panic!("{refused:?}");
    };
}

async fn a_group_name_is_taken_in_any_letter_case(bed: Bed) {
    bed.group("Überflieger", &[]).await;
    let new = NewGroup {
        name: "ÜBERFLIEGER".to_owned(),
        ..NewGroup::default()
    };
    let refused = create_group(&mut bed.op(), &bed.store, new).await;
    let Err(CreateGroupError::Store(StoreError::Taken(Unique::GroupName))) = refused else {
        panic!("{refused:?}");
    };
}

async fn a_slug_is_taken(bed: Bed) {
    bed.application(new_application("aws-a")).await;
    let sealing = bed.keys.sealing();
    let again = new_application("aws-a");
    let refused = create_application(&mut bed.op(), &bed.store, sealing, again).await;
    let Err(CreateApplicationError::Store(StoreError::Taken(Unique::Slug))) = refused else {
        panic!("{refused:?}");
    };
}

async fn a_membership_of_nobody_is_refused(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let nobody = jetway_identity::UserId::random(&mut bed.op().rng);
    let mut write = bed.store.write().await.unwrap();
    let member = jetway_identity::groups::NewMember {
        user: nobody,
        key: "nobody".to_owned(),
    };
    let refused = write.add_members(group, &[member], bed.now).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
}

async fn what_was_written_is_read_back(bed: Bed) {
    let mut new = new_user("o'brien@the-acme-corporation.com");
    "o.brien".clone_into(&mut new.username);
    "Müller; DROP TABLE users; -- \"><x>".clone_into(&mut new.display_name);
    new.attributes = map(&[
        ("addresses.work.region", "US-West"),
        ("costCenter", "a\"b'c"),
    ]);
    let custom = [
        ("Prøject", CustomValue::String("a\"b'c".to_owned())),
        ("level", CustomValue::parse("number", "7").unwrap()),
        ("remote", CustomValue::Boolean(true)),
        (
            "badges",
            CustomValue::parse("json", r#"{"b": [1, "x"]}"#).unwrap(),
        ),
    ];
    new.custom_attributes = custom.map(|(name, value)| (name.to_owned(), value)).into();
    new.password_never_expires = true;
    new.created_by = CreationMethod::Import;
    new.state = UserState::Staged;
    new.password = None;
    let id = bed.user_with(new.clone()).await;
    let mut read = bed.store.read().await.unwrap();
    let user = read.user(id).await.unwrap().unwrap();
    assert_eq!(user.display_name, new.display_name);
    assert_eq!(user.attributes, new.attributes);
    assert_eq!(user.custom_attributes, new.custom_attributes);
    assert_eq!(
        (user.password_never_expires, user.created_by, user.version),
        (true, CreationMethod::Import, 1)
    );
    assert_eq!((user.updated_at, user.last_sign_in_at), (bed.now, None));
    assert_eq!(
        (user.state, user.password_changed_at),
        (UserState::Staged, None)
    );
    assert_eq!(user.created_at, bed.now);
    assert_eq!(
        read.user_by_email(" O'Brien@The-Acme-Corporation.COM")
            .await
            .unwrap(),
        Some(user)
    );
}

async fn a_changed_application_is_read_anew(bed: Bed) {
    let id = bed.application(new_application("aws-a")).await;
    let mut read = bed.store.read().await.unwrap();
    let before = read.application(id).await.unwrap().unwrap();
    let again = read.application_by_slug("aws-a").await.unwrap().unwrap();
    assert!(
        Arc::ptr_eq(&before, &again),
        "the decoded application is reused"
    );
    drop(read);
    applications::set_application_active(&mut bed.op(), &bed.store, id, false)
        .await
        .unwrap();
    let mut read = bed.store.read().await.unwrap();
    let after = read.application(id).await.unwrap().unwrap();
    assert_eq!((before.active, after.active), (true, false));
    assert!(after.version > before.version);
}
