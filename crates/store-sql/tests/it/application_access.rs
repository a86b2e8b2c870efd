//! Who has an application: groups and single users, from the application's side.

use jetway_identity::applications::{
    AccessChange, AccessChanged, ChangeAccessError, PeopleWithAccess, application_access,
    change_access, people_with_access,
};
use jetway_identity::events::associated_names;
use jetway_identity::{
    ApplicationId, AssertError, AssertRequest, EventKind, GroupId, NewUser, UserId, UserState,
    applications_of_user, assert, delete_group, delete_user, ensure_everyone, list_tiles,
    set_user_state,
};

use crate::bed::{Bed, EMAIL, new_application, new_user, on_both};

on_both!(
    a_single_user_has_the_application_until_it_is_taken_away,
    groups_and_users_change_in_one_step_with_an_event_each_way,
    a_grant_to_somebody_unknown_changes_nothing,
    everybody_is_listed_once_with_all_reasons,
    people_come_in_pages_by_name,
    the_built_in_group_gives_it_to_everyone,
    whoever_is_deleted_has_it_no_more,
);

const SLUG: &str = "acme";

async fn change(
    bed: &Bed,
    id: ApplicationId,
    change: AccessChange,
) -> Result<AccessChanged, ChangeAccessError> {
    change_access(&mut bed.op(), &bed.store, id, &change).await
}

fn to_users(users: &[UserId]) -> AccessChange {
    AccessChange {
        grant_users: users.to_vec(),
        ..AccessChange::default()
    }
}

fn to_groups(groups: &[GroupId]) -> AccessChange {
    AccessChange {
        grant_groups: groups.to_vec(),
        ..AccessChange::default()
    }
}

async fn person(bed: &Bed, email: &str, last_name: &str) -> UserId {
    let new = NewUser {
        last_name: last_name.to_owned(),
        ..new_user(email)
    };
    bed.user_with(new).await
}

async fn people(bed: &Bed, id: ApplicationId) -> PeopleWithAccess {
    people_with_access(&bed.store, id, None, 100).await.unwrap()
}

/// Requirements K01, K04 and K05.
async fn a_single_user_has_the_application_until_it_is_taken_away(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let user = bed.user(EMAIL).await;
    let token = bed.signed_in(EMAIL).await;
    let request = || AssertRequest {
        session_token: &token,
        slug: SLUG,
        wish: None,
    };
    let refused = assert(&mut bed.stranger(), &bed.store, &bed.keys, request()).await;
    assert!(matches!(refused, Err(AssertError::NotAssigned { .. })));

    let done = change(&bed, id, to_users(&[user])).await.unwrap();
    assert_eq!((done.granted, done.withdrawn), (1, 0));
    let granted = assert(&mut bed.stranger(), &bed.store, &bed.keys, request()).await;
    assert!(granted.is_ok(), "{granted:?}");
    assert_eq!(list_tiles(&bed.store, user).await.unwrap().len(), 1);
    let own = applications_of_user(&bed.store, user).await.unwrap();
    assert_eq!((own[0].users, own[0].groups.len()), (1, 0));

    let withdrawn = AccessChange {
        withdraw_users: vec![user],
        ..AccessChange::default()
    };
    change(&bed, id, withdrawn).await.unwrap();
    let refused = assert(&mut bed.stranger(), &bed.store, &bed.keys, request()).await;
    assert!(matches!(refused, Err(AssertError::NotAssigned { .. })));
    assert!(list_tiles(&bed.store, user).await.unwrap().is_empty());
}

/// Requirements K02 and K04.
async fn groups_and_users_change_in_one_step_with_an_event_each_way(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let (old, new) = (bed.group("old", &[]).await, bed.group("new", &[]).await);
    let user = bed.user(EMAIL).await;
    change(&bed, id, to_groups(&[old])).await.unwrap();
    let before = bed.events(EventKind::AssociationChange).await.len();
    let both = AccessChange {
        grant_groups: vec![new],
        withdraw_groups: vec![old],
        grant_users: vec![user],
        withdraw_users: Vec::new(),
    };
    let done = change(&bed, id, both.clone()).await.unwrap();
    assert_eq!((done.granted, done.withdrawn), (2, 1));
    let events = bed.events(EventKind::AssociationChange).await;
    let [added, removed] = &events[before..] else {
        panic!("{events:?}")
    };
    assert_eq!((&added.detail["op"]), "add");
    let names: Vec<_> = associated_names(&added.detail).collect();
    assert_eq!(names, ["new", EMAIL]);
    assert_eq!(removed.detail["op"], "remove");
    let names: Vec<_> = associated_names(&removed.detail).collect();
    assert_eq!(names, ["old"]);
    let target = added.target.as_ref().unwrap();
    assert_eq!(target.id, id.to_string());
    let access = application_access(&bed.store, id).await.unwrap().unwrap();
    assert_eq!((access.groups.len(), access.users.len()), (1, 1));
    assert_eq!(access.groups[0].name, "new");
    assert_eq!(access.users[0].id, user);
    // The same once more changes nothing and says nothing.
    assert_eq!(
        change(&bed, id, both).await.unwrap(),
        AccessChanged::default()
    );
    let after = bed.events(EventKind::AssociationChange).await.len();
    assert_eq!(after, events.len());
}

async fn a_grant_to_somebody_unknown_changes_nothing(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let (there, gone) = (bed.group("there", &[]).await, bed.group("gone", &[]).await);
    delete_group(&mut bed.op(), &bed.store, gone, None)
        .await
        .unwrap();
    let refused = change(&bed, id, to_groups(&[there, gone])).await;
    assert!(
        matches!(refused, Err(ChangeAccessError::NoSuchGroup(group)) if group == gone),
        "{refused:?}"
    );
    let access = application_access(&bed.store, id).await.unwrap().unwrap();
    assert!(access.groups.is_empty());
    // Taking it away from what is gone is done already.
    let withdrawn = AccessChange {
        withdraw_groups: vec![gone],
        ..AccessChange::default()
    };
    let done = change(&bed, id, withdrawn).await.unwrap();
    assert_eq!(done, AccessChanged::default());
}

/// Requirements K04 and K05.
async fn everybody_is_listed_once_with_all_reasons(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let both = person(&bed, "a@acme.com", "Aardvark").await;
    let alone = person(&bed, "b@acme.com", "Beaver").await;
    let by_group = person(&bed, "c@acme.com", "Coyote").await;
    person(&bed, "d@acme.com", "Duck").await;
    let operations = bed.group_of(both, "operations", &[]).await;
    let developers = bed.group_of(both, "developers", &[]).await;
    jetway_identity::add_member(&mut bed.op(), &bed.store, operations, by_group)
        .await
        .unwrap();
    bed.group_of(both, "unrelated", &[]).await;
    change(&bed, id, to_groups(&[operations, developers]))
        .await
        .unwrap();
    change(&bed, id, to_users(&[both, alone])).await.unwrap();
    set_user_state(&mut bed.op(), &bed.store, by_group, UserState::Suspended)
        .await
        .unwrap();
    let found = people(&bed, id).await;
    let rows: Vec<_> = found
        .people
        .iter()
        .map(|one| {
            let groups: Vec<_> = one.groups.iter().map(|g| g.name.as_str()).collect();
            (one.user.email.as_str(), one.direct, groups)
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("a@acme.com", true, vec!["developers", "operations"]),
            ("b@acme.com", true, vec![]),
            ("c@acme.com", false, vec!["operations"]),
        ]
    );
    assert_eq!(found.next, None);
}

async fn people_come_in_pages_by_name(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let mut users = Vec::new();
    for number in 0..5 {
        let email = format!("p{number}@acme.com");
        users.push(person(&bed, &email, &format!("Person {number}")).await);
    }
    change(&bed, id, to_users(&users)).await.unwrap();
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = people_with_access(&bed.store, id, after.as_deref(), 2)
            .await
            .unwrap();
        assert!(page.people.len() <= 2);
        seen.extend(page.people.iter().map(|one| one.user.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, users);
}

/// Requirement E01.
async fn the_built_in_group_gives_it_to_everyone(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let id = bed.application(new_application(SLUG)).await;
    let user = bed.user(EMAIL).await;
    assert!(people(&bed, id).await.people.is_empty());
    change(&bed, id, to_groups(&[everyone])).await.unwrap();
    let found = people(&bed, id).await;
    assert_eq!(found.people[0].user.id, user);
    assert!(!found.people[0].direct);
    assert_eq!(found.people[0].groups[0].id, everyone);
}

async fn whoever_is_deleted_has_it_no_more(bed: Bed) {
    let id = bed.application(new_application(SLUG)).await;
    let user = bed.user(EMAIL).await;
    change(&bed, id, to_users(&[user])).await.unwrap();
    delete_user(&mut bed.op(), &bed.store, user, None)
        .await
        .unwrap();
    let access = application_access(&bed.store, id).await.unwrap().unwrap();
    assert!(access.users.is_empty());
    let refused = change(&bed, id, to_users(&[user])).await;
    assert!(matches!(refused, Err(ChangeAccessError::NoSuchUser(_))));
}
