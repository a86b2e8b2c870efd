//! The other tabs of one person, and the form that schedules a change of state.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{Badge, Choice, Field, Paging, Select, Tone, UserState};
use jetway_pages::admin::people::{
    DirectoryRow, EnrolmentTime, MembershipKind, MembershipRow, PersonEventRow, ResetFactors,
    ScheduleState, ScheduledChange, SessionRow, UserActivity, UserDevices, UserDirectories,
    UserGroups, UserTab,
};

use super::person::{ago, header, hostile_header, read_only_header};
use super::{CSRF, LONG_NAME, sample};
use crate::samples::{HOSTILE, Sample};

const ID: &str = "65e1c2a9f0b3d4e5a6b7c8d9";

fn membership(name: &str, membership: MembershipKind, fixed: bool) -> MembershipRow {
    MembershipRow {
        id: ID.to_owned(),
        name: name.to_owned(),
        description: format!("People of {name}"),
        membership,
        fixed,
    }
}

fn groups() -> UserGroups {
    UserGroups {
        header: header(UserTab::Groups),
        query: String::new(),
        rows: vec![
            membership("All Users", MembershipKind::Everyone, true),
            membership("operations", MembershipKind::Direct, false),
            membership("berlin", MembershipKind::ByRule, true),
            membership("developers", MembershipKind::None, false),
            membership("contractors", MembershipKind::None, true),
        ],
        paging: Paging {
            shown: "5 of 5 groups".to_owned(),
            ..Paging::default()
        },
    }
}

fn session(device: &str, command_line: bool, address: &str) -> SessionRow {
    SessionRow {
        id: ID.to_owned(),
        device: device.to_owned(),
        command_line,
        address: address.to_owned(),
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/141.0".to_owned(),
        signed_in: ago(30),
        last_seen: ago(0),
        expires: ago(-8),
    }
}

fn devices() -> UserDevices {
    UserDevices {
        header: header(UserTab::Devices),
        rows: vec![
            session("Chrome on Windows", false, "203.0.113.7"),
            session("saml2aws", true, ""),
            session(
                "Firefox on Linux",
                false,
                "2001:db8:85a3:8d3:1319:8a2e:370:7348",
            ),
        ],
    }
}

fn directories() -> UserDirectories {
    let row = |name: &str, status: Badge, detail: &str| DirectoryRow {
        name: name.to_owned(),
        href: "/admin/applications".to_owned(),
        kind: "AWS IAM Identity Center".to_owned(),
        status,
        detail: detail.to_owned(),
        changed: Some(ago(3)),
    };
    UserDirectories {
        header: header(UserTab::Directories),
        rows: vec![
            row("aws-a", Badge::new(Tone::Good, "In sync"), ""),
            row(
                "aws-b",
                Badge::new(Tone::Bad, "Failed"),
                "The last name is missing",
            ),
            DirectoryRow {
                changed: None,
                ..row(HOSTILE, Badge::new(Tone::None, "Excluded"), HOSTILE)
            },
        ],
    }
}

fn activity() -> UserActivity {
    let row = |event: &str, resource: &str, status: Badge, by: &str| PersonEventRow {
        href: "/admin/activity/0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        event: event.to_owned(),
        resource: resource.to_owned(),
        status,
        by: by.to_owned(),
        address: "203.0.113.7".to_owned(),
        at: ago(4),
    };
    UserActivity {
        header: header(UserTab::Activity),
        rows: vec![
            row(
                "sso_auth",
                "AWS Production",
                Badge::new(Tone::Good, "successful"),
                "road.runner",
            ),
            row(
                "user_login_attempt",
                "",
                Badge::new(Tone::Bad, "refused"),
                "road.runner",
            ),
            row(
                "user_update",
                "",
                Badge::new(Tone::Good, "successful"),
                "Granny Webster",
            ),
        ],
        paging: Paging {
            shown: "3 events".to_owned(),
            next: Some("/admin/users/x/activity?after=y".to_owned()),
            ..Paging::default()
        },
        log: format!("/admin/activity?user={ID}"),
    }
}

fn schedule() -> ScheduleState {
    ScheduleState {
        user_id: ID.to_owned(),
        name: "Road Runner".to_owned(),
        csrf: CSRF.to_owned(),
        current: None,
        state: Select {
            choices: vec![
                Choice::new("suspended", "Suspended", true),
                Choice::new("active", "Active", false),
            ],
            error: None,
        },
        at: Field::default(),
    }
}

fn hostile_schedule() -> ScheduleState {
    ScheduleState {
        user_id: HOSTILE.to_owned(),
        name: format!("{LONG_NAME} {HOSTILE}"),
        current: Some(ScheduledChange {
            to: UserState::Suspended,
            at: ago(-48),
        }),
        at: Field::new(HOSTILE).with_error("This is not a date and time."),
        ..schedule()
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let users = NavItem::Users;
    let found_nothing = UserGroups {
        rows: Vec::new(),
        query: "nobody".to_owned(),
        ..groups()
    };
    let hostile_groups = UserGroups {
        header: hostile_header(UserTab::Groups),
        query: HOSTILE.to_owned(),
        rows: vec![membership(HOSTILE, MembershipKind::Direct, false)],
        ..groups()
    };
    let nowhere = UserDevices {
        header: header(UserTab::Devices),
        rows: Vec::new(),
    };
    let read_only_devices = UserDevices {
        header: read_only_header(UserTab::Devices),
        rows: vec![session(HOSTILE, false, HOSTILE)],
    };
    let no_directories = UserDirectories {
        header: header(UserTab::Directories),
        rows: Vec::new(),
    };
    let quiet = UserActivity {
        rows: Vec::new(),
        ..activity()
    };
    vec![
        sample("admin_user_groups", users, groups()),
        sample("admin_user_groups_nothing", users, found_nothing),
        sample("admin_user_groups_hostile", users, hostile_groups),
        sample("admin_user_devices", users, devices()),
        sample("admin_user_devices_empty", users, nowhere),
        sample("admin_user_devices_hostile", users, read_only_devices),
        sample("admin_user_directories_hostile", users, directories()),
        sample("admin_user_directories_empty", users, no_directories),
        sample("admin_user_activity", users, activity()),
        sample("admin_user_activity_empty", users, quiet),
        sample(
            "admin_user_reset_factors",
            users,
            ResetFactors {
                user_id: ID.to_owned(),
                name: format!("{LONG_NAME} {HOSTILE}"),
                csrf: CSRF.to_owned(),
                reason: Field::new(HOSTILE).with_error("Say why."),
            },
        ),
        sample(
            "admin_user_enrolment_time",
            users,
            EnrolmentTime {
                user_id: ID.to_owned(),
                name: format!("{LONG_NAME} {HOSTILE}"),
                csrf: CSRF.to_owned(),
                ends: Some(ago(-12 * 24)),
                days: Field::new("365").with_error("Give 1 to 90 days."),
                reason: Field::new(HOSTILE).with_error("Say why."),
            },
        ),
        sample("admin_user_schedule", users, schedule()),
        sample("admin_user_schedule_hostile", users, hostile_schedule()),
    ]
}
