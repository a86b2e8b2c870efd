//! Samples of the console's users and groups.

use jetway_pages::Link;
use jetway_pages::admin::parts::{Moment, Paging};
use jetway_pages::local::identity_center::console::{
    CenterNav, GroupDetails, GroupList, GroupMember, GroupRow, ManagedBy, NewGroup, NewUser,
    UserDetails, UserList, UserRow,
};

use super::{CSRF, NOW, page};
use crate::samples::{HOSTILE, Sample};

const ID: &str = "b4c8e468-1061-7085-3c0e-5f1d2a7e9b31";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = users();
    all.extend(groups());
    all
}

fn list(managed: ManagedBy, search: &str, total: usize, names: &[&str]) -> UserList {
    UserList {
        managed,
        search: search.to_owned(),
        total,
        users: names
            .iter()
            .enumerate()
            .map(|(index, name)| UserRow {
                id: ID.to_owned(),
                user_name: (*name).to_owned(),
                display_name: "Road Runner".to_owned(),
                email: (*name).to_owned(),
                enabled: index != 1,
                by_scim: managed == ManagedBy::Scim,
            })
            .collect(),
        paging: Paging::default(),
    }
}

fn user(managed: ManagedBy, name: &str, full: bool) -> UserDetails {
    UserDetails {
        managed,
        id: ID.to_owned(),
        user_name: name.to_owned(),
        display_name: "Road Runner".to_owned(),
        enabled: full,
        by_scim: managed == ManagedBy::Scim,
        created: Moment::new(NOW - 86_400_000, NOW),
        updated: Moment::new(NOW, NOW),
        attributes: vec![
            ("userName".to_owned(), name.to_owned()),
            ("name.familyName".to_owned(), "Runner".to_owned()),
        ],
        groups: if full {
            vec![Link {
                href: format!("/console/identity-center/groups/{ID}"),
                text: "operations".to_owned(),
            }]
        } else {
            Vec::new()
        },
        access: if full { access() } else { Vec::new() },
    }
}

fn access() -> Vec<(String, String, String)> {
    vec![(
        "production".to_owned(),
        "111122223301".to_owned(),
        "ReadOnly, S3Admin".to_owned(),
    )]
}

fn users() -> Vec<Sample> {
    let here = CenterNav::Users;
    let names = &[
        "road.runner@the-acme-corporation.com",
        "wile.coyote@the-acme-corporation.com",
    ];
    let add = |text: &str, problem: Option<&str>| NewUser {
        csrf: CSRF.to_owned(),
        user_name: text.into(),
        problem: problem.map(str::to_owned),
        ..NewUser::default()
    };
    vec![
        page(
            "local_center_users",
            here,
            list(ManagedBy::Console, "", 2, names),
        ),
        page(
            "local_center_users_scim",
            here,
            list(ManagedBy::Scim, "", 2, names),
        ),
        page(
            "local_center_users_empty",
            here,
            list(ManagedBy::Console, "", 0, &[]),
        ),
        page(
            "local_center_users_empty_scim",
            here,
            list(ManagedBy::Scim, "", 0, &[]),
        ),
        page(
            "local_center_users_nothing_hostile",
            here,
            list(ManagedBy::Console, HOSTILE, 9, &[]),
        ),
        page(
            "local_center_users_hostile",
            here,
            list(ManagedBy::Console, "", 1, &[HOSTILE]),
        ),
        page(
            "local_center_user",
            here,
            user(ManagedBy::Console, names[0], true),
        ),
        page(
            "local_center_user_scim",
            here,
            user(ManagedBy::Scim, names[0], false),
        ),
        page(
            "local_center_user_hostile",
            here,
            user(ManagedBy::Console, HOSTILE, true),
        ),
        page("local_center_user_new", here, add("", None)),
        page(
            "local_center_user_new_hostile",
            here,
            add(HOSTILE, Some("Duplicate UserName")),
        ),
    ]
}

fn details(managed: ManagedBy, name: &str, members: &[&str]) -> GroupDetails {
    GroupDetails {
        csrf: CSRF.to_owned(),
        managed,
        id: ID.to_owned(),
        name: name.to_owned(),
        description: "Keeps things running".to_owned(),
        by_scim: managed == ManagedBy::Scim,
        created: Moment::new(NOW - 86_400_000, NOW),
        updated: Moment::new(NOW, NOW),
        count: members.len(),
        members: members
            .iter()
            .map(|name| GroupMember {
                id: ID.to_owned(),
                user_name: (*name).to_owned(),
                display_name: "Road Runner".to_owned(),
            })
            .collect(),
        paging: Paging::default(),
        user_name: "".into(),
        access: if members.is_empty() {
            Vec::new()
        } else {
            access()
        },
    }
}

fn groups() -> Vec<Sample> {
    let here = CenterNav::Groups;
    let list = |managed, search: &str, total, names: &[&str]| GroupList {
        managed,
        search: search.to_owned(),
        total,
        groups: names
            .iter()
            .map(|name| GroupRow {
                id: ID.to_owned(),
                name: (*name).to_owned(),
                description: "Keeps things running".to_owned(),
                members: 12,
                by_scim: managed == ManagedBy::Scim,
            })
            .collect(),
        paging: Paging::default(),
    };
    let add = |text: &str, problem: Option<&str>| NewGroup {
        csrf: CSRF.to_owned(),
        display_name: text.into(),
        description: text.into(),
        problem: problem.map(str::to_owned),
    };
    let console = ManagedBy::Console;
    vec![
        page(
            "local_center_groups",
            here,
            list(console, "", 2, &["operations", "accounts-payable"]),
        ),
        page(
            "local_center_groups_scim",
            here,
            list(ManagedBy::Scim, "", 1, &["operations"]),
        ),
        page("local_center_groups_empty", here, list(console, "", 0, &[])),
        page(
            "local_center_groups_empty_scim",
            here,
            list(ManagedBy::Scim, "", 0, &[]),
        ),
        page(
            "local_center_groups_nothing_hostile",
            here,
            list(console, HOSTILE, 3, &[]),
        ),
        page(
            "local_center_group",
            here,
            details(console, "operations", &["road.runner"]),
        ),
        page(
            "local_center_group_scim",
            here,
            details(ManagedBy::Scim, "operations", &[]),
        ),
        page(
            "local_center_group_hostile",
            here,
            details(console, HOSTILE, &[HOSTILE]),
        ),
        page("local_center_group_new", here, add("", None)),
        page(
            "local_center_group_new_hostile",
            here,
            add(HOSTILE, Some("Duplicate GroupDisplayName")),
        ),
    ]
}
