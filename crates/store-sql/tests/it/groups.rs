//! Groups and membership.

use jetway_identity::groups::RemoveMemberError;
use jetway_identity::{
    AddMemberError, EventKind, Store, add_member, ensure_everyone, remove_member,
};

use crate::bed::{Bed, EMAIL, on_both};

on_both!(
    everyone_is_in_all_users_also_those_who_come_later,
    a_membership_is_added_once_and_removed_once,
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
    let added = add_member(&mut bed.op(), &bed.store, everyone, user).await;
    assert!(matches!(added, Err(AddMemberError::BuiltIn)));
    let removed = remove_member(&mut bed.op(), &bed.store, everyone, user).await;
    assert!(matches!(removed, Err(RemoveMemberError::BuiltIn)));
}

/// Requirements E02 and K05.
async fn a_membership_is_added_once_and_removed_once(bed: Bed) {
    let user = bed.user(EMAIL).await;
    let group = bed.group("operations", &[]).await;
    assert!(
        add_member(&mut bed.op(), &bed.store, group, user)
            .await
            .unwrap()
    );
    assert!(
        !add_member(&mut bed.op(), &bed.store, group, user)
            .await
            .unwrap()
    );
    assert_eq!(
        bed.store
            .read()
            .await
            .unwrap()
            .members(group)
            .await
            .unwrap(),
        [user]
    );
    assert!(
        remove_member(&mut bed.op(), &bed.store, group, user)
            .await
            .unwrap()
    );
    assert!(
        !remove_member(&mut bed.op(), &bed.store, group, user)
            .await
            .unwrap()
    );
    let changes = bed.events(EventKind::AssociationChange).await;
    let ops: Vec<_> = changes
        .iter()
        .map(|event| event.detail["op"].as_str().unwrap())
        .collect();
    assert_eq!(ops, ["add", "remove"]);
}
