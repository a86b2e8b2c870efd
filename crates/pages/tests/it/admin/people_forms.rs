//! New users: one, many from a file, and the states in which they begin; confirmations.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{Badge, Choice, Confirm, Hidden, Moment, Select, Tone, Typed};
use jetway_pages::admin::people::{
    ImportPreview, ImportProgress, ImportResult, ImportUpload, LineProblem, NewUser, PreviewRow,
    RecentImport, UserFields, UsersSettings,
};

use super::person::{ago, fields};
use super::{CSRF, NOW, sample};
use crate::samples::{HOSTILE, Sample};

fn states(staged: bool) -> Select {
    Select {
        choices: vec![
            Choice::new("staged", "Staged", staged),
            Choice::new("active", "Active", !staged),
        ],
        error: None,
    }
}

fn new_user() -> NewUser {
    NewUser {
        csrf: CSRF.to_owned(),
        fields: UserFields::default(),
        state: states(true),
        access: Select {
            choices: vec![
                Choice::new("invite", "Mail an activation link", true),
                Choice::new("password", "Set a password now", false),
                Choice::new("later", "Later", false),
            ],
            error: None,
        },
        password_error: None,
        password_rules: "At least 12 characters and not a common password.".to_owned(),
        problem: None,
    }
}

fn new_user_errors() -> NewUser {
    let mut fields = fields();
    assert!(fields.mark("username", "Another user has this username already."));
    NewUser {
        fields,
        password_error: Some("This password is on a list of common ones; take another.".to_owned()),
        problem: Some("Correct the marked fields.".to_owned()),
        ..new_user()
    }
}

fn new_user_hostile() -> NewUser {
    NewUser {
        fields: UserFields::from_values(|_| HOSTILE.to_owned()),
        problem: Some(HOSTILE.to_owned()),
        ..new_user()
    }
}

fn upload() -> ImportUpload {
    ImportUpload {
        csrf: CSRF.to_owned(),
        state: states(true),
        problem: None,
        columns: [
            "username",
            "email",
            "firstname",
            "lastname",
            "department",
            "groups",
        ]
        .map(str::to_owned)
        .to_vec(),
        recent: vec![RecentImport {
            href: "/admin/users/import/01912345-6789-7abc-8def-0123456789ab".to_owned(),
            file: "autumn.csv".to_owned(),
            state: Badge::new(Tone::Good, "done"),
            outcome: "12 users added, 1 left out".to_owned(),
            at: Moment::new(NOW - 7_200_000, NOW),
        }],
        limits: "10,000 rows, 8 MB".to_owned(),
    }
}

fn problem(line: u64, column: &str, text: &str) -> LineProblem {
    LineProblem {
        line,
        column: column.to_owned(),
        problem: text.to_owned(),
    }
}

fn preview() -> ImportPreview {
    let row = |line: u64, username: &str| PreviewRow {
        line,
        username: username.to_owned(),
        email: format!("{username}@the-acme-corporation.com"),
        name: "Bugs Bunny".to_owned(),
    };
    ImportPreview {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        csrf: CSRF.to_owned(),
        file: "users.csv".to_owned(),
        good: 9_996,
        bad: 4,
        remarks: vec!["The column shoeSize becomes a custom attribute.".to_owned()],
        problems: vec![
            problem(3, "email", "This is not an e-mail address."),
            problem(17, "username", "Line 2 has this username already."),
        ],
        rows: vec![row(2, "bugs.bunny"), row(4, "elmer.fudd")],
        outcome: "They begin Staged; no mail is sent.".to_owned(),
    }
}

fn hostile_preview() -> ImportPreview {
    ImportPreview {
        id: HOSTILE.to_owned(),
        file: HOSTILE.to_owned(),
        good: 0,
        bad: 1,
        remarks: vec![HOSTILE.to_owned()],
        problems: vec![problem(2, HOSTILE, HOSTILE)],
        rows: vec![PreviewRow {
            line: 2,
            username: HOSTILE.to_owned(),
            email: HOSTILE.to_owned(),
            name: HOSTILE.to_owned(),
        }],
        ..preview()
    }
}

fn result() -> ImportResult {
    ImportResult {
        file: "users.csv".to_owned(),
        created: 9_996,
        problems: preview().problems,
        failed: 4,
        finished: ago(0),
        stopped: None,
    }
}

fn settings() -> UsersSettings {
    UsersSettings {
        csrf: CSRF.to_owned(),
        version: "3".to_owned(),
        manual: states(false),
        bulk: states(true),
        import: states(true),
        problem: None,
    }
}

fn delete_one() -> Confirm {
    Confirm {
        heading: "Delete Road Runner?".to_owned(),
        subjects: vec![
            "Road Runner".to_owned(),
            "road.runner@the-acme-corporation.com".to_owned(),
        ],
        more: None,
        consequences: vec![
            "2 sessions end at once; 3 applications are no longer reachable.".to_owned(),
            "Events about this user stay in the activity log.".to_owned(),
        ],
        action: "/admin/users/65e1c2a9f0b3d4e5a6b7c8d9/delete".to_owned(),
        csrf: CSRF.to_owned(),
        hidden: Vec::new(),
        choice: None,
        typed: Some(Typed {
            label: "Type the username".to_owned(),
            expected: "road.runner".to_owned(),
            value: "roadrunner".to_owned(),
            error: Some("That is not the username.".to_owned()),
        }),
        submit: "Delete user".to_owned(),
        danger: true,
        cancel: "/admin/users/65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
    }
}

fn add_to_group() -> Confirm {
    Confirm {
        heading: "Add 3 users to a group".to_owned(),
        subjects: ["Road Runner", "tweety", "Wile Coyote"]
            .map(str::to_owned)
            .to_vec(),
        consequences: vec!["They get the applications of the group at once.".to_owned()],
        action: "/admin/users/bulk".to_owned(),
        hidden: vec![
            Hidden::new("action", "add-to-group"),
            Hidden::new("confirmed", "yes"),
        ],
        choice: Some((
            "Group".to_owned(),
            "group".to_owned(),
            Select {
                choices: vec![
                    Choice::new("", "Choose a group", true),
                    Choice::new("65e1c2a9f0b3d4e5a6b7c8d1", "operations", false),
                ],
                error: Some("Choose a group.".to_owned()),
            },
        )),
        typed: None,
        submit: "Add 3 users".to_owned(),
        danger: false,
        cancel: "/admin/users".to_owned(),
        ..delete_one()
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let users = NavItem::Users;
    let unreadable = ImportUpload {
        problem: Some("Line 1 has no column named username or email.".to_owned()),
        ..upload()
    };
    let progress = ImportProgress {
        file: "users.csv".to_owned(),
        done: 4_200,
        total: 9_996,
    };
    let stopped = ImportResult {
        file: HOSTILE.to_owned(),
        created: 0,
        stopped: Some(HOSTILE.to_owned()),
        problems: vec![problem(2, HOSTILE, HOSTILE)],
        ..result()
    };
    let outdated = UsersSettings {
        problem: Some("Granny Webster saved first. Look at the values and save again.".to_owned()),
        ..settings()
    };
    vec![
        sample("admin_user_new", users, new_user()),
        sample("admin_user_new_errors", users, new_user_errors()),
        sample("admin_user_new_hostile", users, new_user_hostile()),
        sample("admin_import", users, upload()),
        sample("admin_import_unreadable", users, unreadable),
        sample("admin_import_preview", users, preview()),
        sample("admin_import_preview_hostile", users, hostile_preview()),
        sample("admin_import_progress", users, progress),
        sample("admin_import_result", users, result()),
        sample("admin_import_stopped_hostile", users, stopped),
        sample("admin_users_settings", users, settings()),
        sample("admin_users_settings_outdated", users, outdated),
        sample("admin_user_delete", users, delete_one()),
        sample("admin_users_add_to_group", users, add_to_group()),
    ]
}
