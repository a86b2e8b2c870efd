//! Groups: lists, changes, and what is granted to them.

use jetway_identity::{
    ChangeGrantsError, ChangeMembersError, CustomValue, DeleteGroupError, EventKind, GrantChange,
    GroupChange, NewGroup, Store, StoreError, Unique, UpdateGroupError, add_member, add_members,
    all_applications, applications_of_group, applications_of_user, change_grants, create_group,
    delete_group, ensure_everyone, group_summary, list_groups, list_tiles, remove_member,
    unassign_group, update_group,
};
use serde_json::json;

use crate::bed::{Bed, EMAIL, custom, new_application, on_both};

on_both!(
    everyone_is_in_all_users_also_those_who_come_later,
    the_built_in_group_cannot_be_deleted_renamed_or_given_members,
    groups_are_listed_by_name_with_their_members_and_applications,
    a_group_is_found_by_part_of_its_name_or_description,
    a_change_of_a_group_says_what_changed,
    the_second_of_two_administrators_sees_what_the_first_changed,
    a_name_with_a_colon_is_kept_and_marked,
    a_bad_field_is_named_and_nothing_is_written,
    a_deleted_group_takes_its_memberships_and_grants_along,
    an_application_granted_to_a_group_is_granted_to_its_members,
    grants_of_a_group_are_changed_together_or_not_at_all,
    an_application_tells_through_which_groups_a_person_has_it,
);

/// Requirement E01.
async fn everyone_is_in_all_users_also_those_who_come_later(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    assert_eq!(
        ensure_everyone(&mut bed.op(), &bed.store).await.unwrap(),
        everyone
    );
    let user = bed.user(EMAIL).await;
    let mut read = bed.store.read().await.unwrap();
    let groups = read.groups_of(user).await.unwrap();
    assert_eq!(groups.len(), 1);
    assert_eq!(
        (groups[0].id, groups[0].name.as_str()),
        (everyone, "All Users")
    );
    drop(read);
    bed.user("wile.coyote@the-acme-corporation.com").await;
    let summary = group_summary(&bed.store, everyone).await.unwrap().unwrap();
    assert_eq!(summary.members, 2);
}

/// Requirement E01.
async fn the_built_in_group_cannot_be_deleted_renamed_or_given_members(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let user = bed.user(EMAIL).await;
    let added = add_member(&mut bed.op(), &bed.store, everyone, user).await;
    assert!(matches!(added, Err(ChangeMembersError::BuiltIn)));
    let removed = remove_member(&mut bed.op(), &bed.store, everyone, user).await;
    assert!(matches!(removed, Err(ChangeMembersError::BuiltIn)));
    let deleted = delete_group(&mut bed.op(), &bed.store, everyone, None).await;
    assert!(matches!(deleted, Err(DeleteGroupError::BuiltIn)));
    let change = GroupChange {
        name: Some("Some Users".to_owned()),
        ..GroupChange::default()
    };
    let renamed = update_group(&mut bed.op(), &bed.store, everyone, None, change).await;
    assert!(matches!(renamed, Err(UpdateGroupError::BuiltIn)));
    let change = GroupChange {
        attributes: Some(custom(&[("Company", "Acme")])),
        ..GroupChange::default()
    };
    let changed = update_group(&mut bed.op(), &bed.store, everyone, None, change).await;
    assert_eq!(changed.unwrap().attributes, custom(&[("Company", "Acme")]));
}

async fn names(bed: &Bed, text: &str, after: Option<&str>, limit: u32) -> Vec<String> {
    let page = list_groups(&bed.store, text, after, limit).await.unwrap();
    page.groups.into_iter().map(|one| one.group.name).collect()
}

/// Requirement E02.
async fn groups_are_listed_by_name_with_their_members_and_applications(bed: Bed) {
    ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let user = bed.user(EMAIL).await;
    bed.user("wile.coyote@the-acme-corporation.com").await;
    let operations = bed.group_of(user, "operations", &[]).await;
    for name in [
        "Überflieger",
        "zebra",
        "Änderungen",
        "b\u{1F980}",
        "Billing",
    ] {
        bed.group(name, &[]).await;
    }
    for slug in ["aws-a", "aws-b"] {
        let application = bed.application(new_application(slug)).await;
        bed.assign(application, operations).await;
    }
    let page = list_groups(&bed.store, "", None, 4).await.unwrap();
    let seen: Vec<_> = page
        .groups
        .iter()
        .map(|one| (one.group.name.as_str(), one.members, one.applications))
        .collect();
    assert_eq!(
        seen,
        [
            ("All Users", 2, 0),
            ("Billing", 0, 0),
            ("b\u{1F980}", 0, 0),
            ("operations", 1, 2)
        ]
    );
    let rest = list_groups(&bed.store, "", page.next.as_deref(), 4)
        .await
        .unwrap();
    let names: Vec<_> = rest.groups.iter().map(|one| &one.group.name).collect();
    assert_eq!(names, ["zebra", "Änderungen", "Überflieger"]);
    assert_eq!(rest.next, None);
}

async fn a_group_is_found_by_part_of_its_name_or_description(bed: Bed) {
    for (name, description) in [
        ("Platform team", ""),
        ("SRE", "Runs the PLATFORM"),
        ("100%", ""),
        ("1000", ""),
    ] {
        let new = NewGroup {
            name: name.to_owned(),
            description: description.to_owned(),
            ..NewGroup::default()
        };
        create_group(&mut bed.op(), &bed.store, new).await.unwrap();
    }
    assert_eq!(
        names(&bed, "platFORM", None, 10).await,
        ["Platform team", "SRE"]
    );
    assert_eq!(names(&bed, "0%", None, 10).await, ["100%"]);
    assert_eq!(names(&bed, "_", None, 10).await, [""; 0]);
    assert_eq!(names(&bed, "'; --", None, 10).await, [""; 0]);
}

/// Requirements E03 and E06.
async fn a_change_of_a_group_says_what_changed(bed: Bed) {
    let group = bed.group("operations", &[("Project", "automation")]).await;
    let mut attributes = custom(&[("Project", "robots")]);
    attributes.insert("Level".to_owned(), CustomValue::Number(3.into()));
    let change = GroupChange {
        name: Some(" SRE ".to_owned()),
        description: Some("Those on call".to_owned()),
        attributes: Some(attributes.clone()),
        membership: None,
    };
    let changed = update_group(&mut bed.op(), &bed.store, group, Some(1), change.clone())
        .await
        .unwrap();
    assert_eq!((changed.name.as_str(), changed.version), ("SRE", 2));
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.group(group).await.unwrap().unwrap(), changed);
    assert_eq!(changed.attributes, attributes);
    drop(read);
    let event = bed.last_event(EventKind::GroupUpdate).await;
    assert_eq!(
        event.detail["changes"],
        json!([
            {"field": "name", "from": "operations", "to": "SRE"},
            {"field": "description", "from": "", "to": "Those on call"},
            {"field": "attributes.Project.value", "from": "automation", "to": "robots"},
            {"field": "attributes.Level", "from": null, "to": {"type": "number", "value": 3}},
        ])
    );
    // The same again changes nothing and says nothing.
    let again = update_group(&mut bed.op(), &bed.store, group, Some(2), change).await;
    assert_eq!(again.unwrap().version, 2);
    assert_eq!(bed.events(EventKind::GroupUpdate).await.len(), 1);
}

async fn the_second_of_two_administrators_sees_what_the_first_changed(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let change = |text: &str| GroupChange {
        description: Some(text.to_owned()),
        ..GroupChange::default()
    };
    update_group(&mut bed.op(), &bed.store, group, Some(1), change("first"))
        .await
        .unwrap();
    let second = update_group(&mut bed.op(), &bed.store, group, Some(1), change("second")).await;
    let Err(UpdateGroupError::Stale(present)) = second else {
        panic!("{second:?}");
    };
    assert_eq!(present.description, "first");
    let deleted = delete_group(&mut bed.op(), &bed.store, group, Some(1)).await;
    assert!(matches!(deleted, Err(DeleteGroupError::Stale(_))));
}

/// Requirement E05.
async fn a_name_with_a_colon_is_kept_and_marked(bed: Bed) {
    let group = bed.group("aws:admins", &[]).await;
    let mut read = bed.store.read().await.unwrap();
    let group = read.group(group).await.unwrap().unwrap();
    assert_eq!(group.name, "aws:admins");
    assert!(group.wont_sync_to_aws());
    drop(read);
    let plain = bed.group("aws-admins", &[]).await;
    let mut read = bed.store.read().await.unwrap();
    assert!(!read.group(plain).await.unwrap().unwrap().wont_sync_to_aws());
}

async fn a_bad_field_is_named_and_nothing_is_written(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    bed.group("taken", &[]).await;
    let change = GroupChange {
        name: Some("x".repeat(1025)),
        description: Some("\u{0}".to_owned()),
        attributes: Some(custom(&[("ok", "fine"), ("long", &"y".repeat(1025))])),
        membership: None,
    };
    let refused = update_group(&mut bed.op(), &bed.store, group, None, change).await;
    let Err(UpdateGroupError::Invalid(problems)) = refused else {
        panic!("{refused:?}");
    };
    let fields: Vec<_> = problems.iter().map(|one| one.field.as_str()).collect();
    assert_eq!(fields, ["name", "description", "attributes.long"]);
    let change = GroupChange {
        name: Some("TAKEN".to_owned()),
        ..GroupChange::default()
    };
    let refused = update_group(&mut bed.op(), &bed.store, group, None, change).await;
    let Err(UpdateGroupError::Store(StoreError::Taken(Unique::GroupName))) = refused else {
        panic!("{refused:?}");
    };
    let mut read = bed.store.read().await.unwrap();
    assert_eq!(read.group(group).await.unwrap().unwrap().version, 1);
}

async fn a_deleted_group_takes_its_memberships_and_grants_along(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group_of(user, "operations", &[]).await;
    let application = bed.application(new_application("aws-a")).await;
    bed.assign(application, group).await;
    assert_eq!(list_tiles(&bed.store, user).await.unwrap().len(), 1);
    delete_group(&mut bed.op(), &bed.store, group, Some(1))
        .await
        .unwrap();
    assert_eq!(list_tiles(&bed.store, user).await.unwrap().len(), 0);
    assert_eq!(names(&bed, "", None, 10).await, [""; 0]);
    let event = bed.last_event(EventKind::GroupDelete).await;
    assert_eq!(event.detail, json!({"members": 1, "applications": 1}));
    assert_eq!(event.target.unwrap().label, "operations");
    let again = delete_group(&mut bed.op(), &bed.store, group, None).await;
    assert!(matches!(again, Err(DeleteGroupError::NoSuchGroup)));
}

/// Requirements E04, E08, K02, K03 and K05.
async fn an_application_granted_to_a_group_is_granted_to_its_members(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let other = bed.user("wile.coyote@the-acme-corporation.com").await;
    let group = bed.group_of(user, "operations", &[]).await;
    let application = bed.application(new_application("aws-a")).await;
    bed.assign(application, group).await;
    let granted = applications_of_group(&bed.store, group).await.unwrap();
    assert_eq!(granted.len(), 1);
    assert_eq!(granted[0].id, application);
    let all = all_applications(&bed.store).await.unwrap();
    assert_eq!(all[0].groups[0].id, group);
    assert_eq!(list_tiles(&bed.store, other).await.unwrap().len(), 0);
    add_members(&mut bed.op(), &bed.store, group, &[user, other])
        .await
        .unwrap();
    assert_eq!(list_tiles(&bed.store, other).await.unwrap().len(), 1);
    unassign_group(&mut bed.op(), &bed.store, application, group)
        .await
        .unwrap();
    assert_eq!(list_tiles(&bed.store, other).await.unwrap().len(), 0);
    let all = all_applications(&bed.store).await.unwrap();
    assert_eq!((all.len(), all[0].groups.len()), (1, 0));
}

/// Requirement E08.
async fn an_application_tells_through_which_groups_a_person_has_it(bed: Bed) {
    let everyone = ensure_everyone(&mut bed.op(), &bed.store).await.unwrap();
    let user = bed.user(EMAIL).await;
    let operations = bed.group_of(user, "operations", &[]).await;
    let elsewhere = bed.group("elsewhere", &[]).await;
    let a = bed.application(new_application("aws-a")).await;
    let b = bed.application(new_application("aws-b")).await;
    let c = bed.application(new_application("aws-c")).await;
    bed.assign(a, operations).await;
    bed.assign(a, everyone).await;
    bed.assign(a, elsewhere).await;
    bed.assign(b, everyone).await;
    bed.assign(c, elsewhere).await;
    let granted = applications_of_user(&bed.store, user).await.unwrap();
    let seen: Vec<_> = granted
        .iter()
        .map(|one| {
            let through: Vec<_> = one.groups.iter().map(|group| group.name.as_str()).collect();
            (one.application.slug.as_str(), through)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("aws-a", vec!["All Users", "operations"]),
            ("aws-b", vec!["All Users"])
        ]
    );
}

/// Requirements E04 and K03.
async fn grants_of_a_group_are_changed_together_or_not_at_all(bed: Bed) {
    let group = bed.group("operations", &[]).await;
    let a = bed.application(new_application("aws-a")).await;
    let b = bed.application(new_application("aws-b")).await;
    bed.assign(a, group).await;
    let nothing = jetway_identity::ApplicationId::random(&mut bed.op().rng);
    let change = GrantChange {
        grant: vec![b, nothing],
        withdraw: vec![a],
    };
    let refused = change_grants(&mut bed.op(), &bed.store, group, &change).await;
    assert!(matches!(refused, Err(ChangeGrantsError::NoSuchApplication(id)) if id == nothing));
    let granted = applications_of_group(&bed.store, group).await.unwrap();
    assert_eq!((granted.len(), granted[0].id), (1, a));
    let change = GrantChange {
        grant: vec![a, b],
        withdraw: vec![a],
    };
    let changed = change_grants(&mut bed.op(), &bed.store, group, &change).await;
    let changed = changed.unwrap();
    assert_eq!((changed.granted, changed.withdrawn), (1, 1));
    let granted = applications_of_group(&bed.store, group).await.unwrap();
    assert_eq!((granted.len(), granted[0].id), (1, b));
    let events = bed.events(EventKind::AssociationChange).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[2].detail["op"], "remove");
}
