//! The list of users.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{
    Choice, Column, Counter, Counters, Direction, Field, Hidden, Moment, Paging, RowsChoice,
    Select, UserState,
};
use jetway_pages::admin::people::{
    AppliedFilter, ListFilter, ListFilterValue, Matching, PasswordStatus, UserColumn, UserColumns,
    UserRow, Users,
};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample};

fn row(name: &str, username: &str, state: UserState, password: PasswordStatus) -> UserRow {
    UserRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
        email: format!("{username}@the-acme-corporation.com"),
        state,
        note: None,
        password,
        totp: "NOT ENROLLED".to_owned(),
        last_sign_in: (state == UserState::Active).then(|| Moment::new(NOW - 7_200_000, NOW)),
        username: username.to_owned(),
        department: "Operations".to_owned(),
        job_title: String::new(),
        created: Moment::new(NOW - 86_400_000, NOW),
    }
}

fn counters(current: &str, counts: [&str; 4]) -> Counters {
    let names = [
        ("All", ""),
        ("Staged", "staged"),
        ("Active", "active"),
        ("Suspended", "suspended"),
    ];
    Counters {
        label: "Users by state".to_owned(),
        counters: names
            .into_iter()
            .zip(counts)
            .map(|((text, value), count)| Counter {
                href: format!("/admin/users?state={value}"),
                text: text.to_owned(),
                count: count.to_owned(),
                current: value == current,
            })
            .collect(),
    }
}

fn sortable(text: &str, key: &str, sorted: Option<Direction>) -> Column {
    Column {
        text: text.to_owned(),
        href: Some(format!("/admin/users?sort={key}")),
        sorted,
    }
}

fn users(rows: Vec<UserRow>) -> Users {
    let count = rows.len().to_string();
    Users {
        csrf: CSRF.to_owned(),
        counters: counters("", [&count, "1", "1", "1"]),
        query: String::new(),
        filters: vec![
            ListFilter {
                name: "filter.department".to_owned(),
                label: "Department".to_owned(),
                value: ListFilterValue::Text(Field::default()),
            },
            ListFilter {
                name: "filter.password".to_owned(),
                label: "Password status".to_owned(),
                value: ListFilterValue::OneOf(Select {
                    choices: vec![
                        Choice::new("", "Any", true),
                        Choice::new("set", "Set", false),
                        Choice::new("pending", "Pending", false),
                    ],
                    error: None,
                }),
            },
        ],
        applied: Vec::new(),
        keep: Vec::new(),
        columns: UserColumns {
            state: sortable("User State", "state", None),
            name: sortable("Name", "-name", Some(Direction::Ascending)),
            others: UserColumn::USUAL
                .into_iter()
                .chain([UserColumn::LastSignIn])
                .map(|column| (column, Column::plain(column.text())))
                .collect(),
        },
        matching: Matching::Exactly(rows.len() as u64),
        total: rows.len() as u64,
        paging: Paging {
            shown: format!("{count} of {count} users"),
            first: None,
            next: None,
            rows: [10, 20, 50, 100]
                .map(|rows| RowsChoice {
                    rows,
                    href: format!("/admin/users?rows={rows}"),
                    current: rows == 50,
                })
                .to_vec(),
        },
        rows,
        export: "/admin/users/export.csv".to_owned(),
        can_edit: true,
        can_group: true,
        can_delete: true,
        can_settings: true,
    }
}

fn three() -> Vec<UserRow> {
    vec![
        row(
            "Road Runner",
            "road.runner",
            UserState::Active,
            PasswordStatus::Set,
        ),
        UserRow {
            note: Some("active in 3 days".to_owned()),
            ..row(
                "tweety",
                "tweety",
                UserState::Staged,
                PasswordStatus::Pending,
            )
        },
        row(
            "Wile Coyote",
            "wile.coyote",
            UserState::Suspended,
            PasswordStatus::Expired,
        ),
    ]
}

fn large() -> Users {
    let rows: Vec<UserRow> = three().into_iter().cycle().take(50).collect();
    Users {
        counters: counters("active", ["100,000", "412", "98,765", "823"]),
        query: "run".to_owned(),
        applied: vec![AppliedFilter {
            text: "Department: Operations".to_owned(),
            remove: "/admin/users?state=active&q=run".to_owned(),
        }],
        keep: vec![
            Hidden::new("state", "active"),
            Hidden::new("q", "run"),
            Hidden::new("filter.department", "Operations"),
        ],
        matching: Matching::Exactly(98_765),
        total: 100_000,
        paging: Paging {
            shown: "50 of 98,765 users".to_owned(),
            first: Some("/admin/users?state=active&q=run".to_owned()),
            next: Some("/admin/users?state=active&q=run&after=abc".to_owned()),
            ..users(three()).paging
        },
        ..users(rows)
    }
}

fn hostile() -> Users {
    let mut page = users(vec![
        UserRow {
            id: HOSTILE.to_owned(),
            email: HOSTILE.to_owned(),
            note: Some(HOSTILE.to_owned()),
            totp: HOSTILE.to_owned(),
            ..row(HOSTILE, HOSTILE, UserState::Active, PasswordStatus::Set)
        },
        row(
            LONG_NAME,
            &"x".repeat(64),
            UserState::Staged,
            PasswordStatus::Pending,
        ),
    ]);
    HOSTILE.clone_into(&mut page.query);
    page.keep = vec![Hidden::new("filter.department", HOSTILE)];
    page.applied = vec![AppliedFilter {
        text: format!("Department: {HOSTILE}"),
        remove: "/admin/users".to_owned(),
    }];
    page
}

pub(crate) fn samples() -> Vec<Sample> {
    let read_only = Users {
        can_edit: false,
        can_group: false,
        can_delete: false,
        can_settings: false,
        ..users(three())
    };
    let nothing = Users {
        rows: Vec::new(),
        matching: Matching::Exactly(0),
        query: "nobody".to_owned(),
        ..users(three())
    };
    vec![
        sample("admin_users", NavItem::Users, users(three())),
        sample("admin_users_large", NavItem::Users, large()),
        sample("admin_users_read_only", NavItem::Users, read_only),
        sample("admin_users_nothing", NavItem::Users, nothing),
        sample("admin_users_empty", NavItem::Users, users(Vec::new())),
        sample("admin_users_hostile", NavItem::Users, hostile()),
    ]
}
