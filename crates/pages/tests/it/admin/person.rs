//! One person: the header and the tabs.

use jetway_pages::Link;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{
    Badge, CustomAttribute, CustomAttributes, Field, Moment, Tone, UserState,
};
use jetway_pages::admin::people::{
    Access, ActivityRow, Conflict, ConflictRow, DeviceBrief, NewPublicKey, PublicKeyRow,
    ScheduledChange, SecurityStatus, UserDetails, UserFields, UserHeader, UserHighlights, UserTab,
};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample};

const ID: &str = "65e1c2a9f0b3d4e5a6b7c8d9";
const HOUR: i64 = 3_600_000;

pub(super) fn ago(hours: i64) -> Moment {
    Moment::new(NOW - hours * HOUR, NOW)
}

pub(super) fn header(tab: UserTab) -> UserHeader {
    UserHeader {
        id: ID.to_owned(),
        name: "Road Runner".to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
        state: UserState::Active,
        locked_until: None,
        scheduled: None,
        security: SecurityStatus {
            password: Badge::new(Tone::Good, "Active"),
            password_detail: "password never expires".to_owned(),
            totp: false,
            push: false,
            web_authn: false,
            enrolment_ends: None,
        },
        tab,
        back: "/admin/users?state=active".to_owned(),
        csrf: CSRF.to_owned(),
        can_edit: true,
        can_delete: true,
    }
}

/// Staged, locked, scheduled, and seen by somebody who may only read.
pub(super) fn hostile_header(tab: UserTab) -> UserHeader {
    UserHeader {
        id: HOSTILE.to_owned(),
        name: format!("{LONG_NAME} {HOSTILE}"),
        email: HOSTILE.to_owned(),
        state: UserState::Staged,
        locked_until: Some(ago(-1)),
        scheduled: Some(ScheduledChange {
            to: UserState::Active,
            at: ago(-72),
        }),
        security: SecurityStatus {
            password: Badge::new(Tone::None, "Pending"),
            password_detail: HOSTILE.to_owned(),
            totp: true,
            push: true,
            web_authn: true,
            enrolment_ends: Some(ago(-12 * 24)),
        },
        back: HOSTILE.to_owned(),
        ..header(tab)
    }
}

pub(super) fn read_only_header(tab: UserTab) -> UserHeader {
    UserHeader {
        can_edit: false,
        can_delete: false,
        ..header(tab)
    }
}

fn group(name: &str) -> Link {
    Link {
        href: format!("/admin/groups/{ID}/details"),
        text: name.to_owned(),
    }
}

fn highlights() -> UserHighlights {
    UserHighlights {
        header: header(UserTab::Highlights),
        devices: vec![
            DeviceBrief {
                name: "Chrome on Windows".to_owned(),
                last_seen: ago(0),
            },
            DeviceBrief {
                name: "Command line".to_owned(),
                last_seen: ago(30),
            },
        ],
        device_count: 2,
        groups: vec![group("All Users"), group("operations")],
        group_count: 2,
        applications: vec![Access {
            label: "AWS Production".to_owned(),
            href: "/admin/applications".to_owned(),
            through: "through operations".to_owned(),
        }],
        activity: vec![
            ActivityRow {
                event: "Last Known Location".to_owned(),
                href: None,
                resource: String::new(),
                status: None,
                at: None,
            },
            ActivityRow {
                event: "Last Password Change".to_owned(),
                href: None,
                resource: String::new(),
                status: Some(Badge::new(Tone::Good, "successful")),
                at: Some(ago(2000)),
            },
            ActivityRow {
                event: "Sign-in".to_owned(),
                href: Some("/admin/activity/0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned()),
                resource: "AWS Production".to_owned(),
                status: Some(Badge::new(Tone::Bad, "refused")),
                at: Some(ago(2)),
            },
        ],
    }
}

fn hostile_highlights() -> UserHighlights {
    UserHighlights {
        header: hostile_header(UserTab::Highlights),
        devices: vec![DeviceBrief {
            name: HOSTILE.to_owned(),
            last_seen: ago(1),
        }],
        groups: vec![group(HOSTILE), group(LONG_NAME)],
        applications: vec![Access {
            label: HOSTILE.to_owned(),
            href: HOSTILE.to_owned(),
            through: HOSTILE.to_owned(),
        }],
        activity: vec![ActivityRow {
            event: HOSTILE.to_owned(),
            href: Some(HOSTILE.to_owned()),
            resource: HOSTILE.to_owned(),
            status: Some(Badge::new(Tone::Running, HOSTILE)),
            at: Some(ago(1)),
        }],
        ..highlights()
    }
}

pub(super) fn fields() -> UserFields {
    UserFields::from_values(|name| {
        match name {
            "username" => "road.runner",
            "email" => "road.runner@the-acme-corporation.com",
            "firstname" => "Road",
            "lastname" => "Runner",
            "jobTitle" => "Courier",
            "department" => "Operations",
            _ => "",
        }
        .to_owned()
    })
}

fn custom(kind: &str, name: &str, value: &str) -> CustomAttribute {
    CustomAttribute {
        kind: kind.to_owned(),
        name: name.to_owned(),
        value: value.to_owned(),
        error: None,
    }
}

fn attributes(attributes: Vec<CustomAttribute>, can_edit: bool) -> CustomAttributes {
    CustomAttributes {
        owner: "user",
        attributes,
        can_edit,
    }
}

fn details() -> UserDetails {
    UserDetails {
        header: header(UserTab::Details),
        version: "7".to_owned(),
        created: Moment::new(1_709_295_786_511, NOW),
        distinguished_name:
            "uid=road.runner,ou=Users,o=65e1c2a9f0b3d4e5a6b7c8d0,dc=jetway,dc=local".to_owned(),
        last_change: Some(("Granny Webster".to_owned(), ago(50))),
        fields: fields(),
        password_never_expires: true.into(),
        custom: attributes(
            vec![
                custom("string", "Project", "Atlas"),
                custom("number", "CostShare", "1.10"),
            ],
            true,
        ),
        keys: vec![PublicKeyRow {
            id: ID.to_owned(),
            name: "Laptop".to_owned(),
            algorithm: "ssh-ed25519".to_owned(),
            fingerprint: "SHA256:uNiVztksCsDhcc0u9e8BrY2qVq3v0ZP0mJbS7CpF5yY".to_owned(),
            added: ago(400),
        }],
        new_key: NewPublicKey::default(),
        problem: None,
        conflict: None,
    }
}

fn with_errors() -> UserDetails {
    let mut fields = fields();
    assert!(fields.mark("email", "Another user has this address already."));
    assert!(fields.mark(
        "addresses.work.country",
        "Use the two letters of ISO 3166, such as DE."
    ));
    assert!(!fields.mark("nothing", "There is no such field."));
    UserDetails {
        fields,
        custom: attributes(
            vec![CustomAttribute {
                error: Some("\"abc\" is not a number.".to_owned()),
                ..custom("number", "CostShare", "abc")
            }],
            true,
        ),
        new_key: NewPublicKey {
            name: Field::new("Laptop"),
            key: Field::new("").with_error(
                "This is a private key. It was not stored; make a new pair, since it has left your \
                 machine, and paste the line of the .pub file.",
            ),
        },
        problem: Some("Correct the marked fields.".to_owned()),
        ..details()
    }
}

fn conflict() -> UserDetails {
    UserDetails {
        version: "9".to_owned(),
        conflict: Some(Conflict {
            by: "Marvin Martian".to_owned(),
            at: ago(0),
            rows: vec![
                ConflictRow {
                    name: "department".to_owned(),
                    label: "Department".to_owned(),
                    from: "Logistics".to_owned(),
                    to: "Space".to_owned(),
                    mine: "Operations".to_owned(),
                    keep_mine: true,
                },
                ConflictRow {
                    name: "manager".to_owned(),
                    label: "Manager".to_owned(),
                    from: String::new(),
                    to: "wile.coyote".to_owned(),
                    mine: String::new(),
                    keep_mine: false,
                },
            ],
        }),
        ..details()
    }
}

fn hostile_details() -> UserDetails {
    let mut fields = UserFields::from_values(|_| HOSTILE.to_owned());
    assert!(fields.mark("displayname", HOSTILE));
    UserDetails {
        header: hostile_header(UserTab::Details),
        version: HOSTILE.to_owned(),
        distinguished_name: HOSTILE.to_owned(),
        last_change: Some((HOSTILE.to_owned(), ago(1))),
        fields,
        custom: attributes(
            vec![CustomAttribute {
                error: Some(HOSTILE.to_owned()),
                ..custom(HOSTILE, HOSTILE, HOSTILE)
            }],
            true,
        ),
        keys: vec![PublicKeyRow {
            id: HOSTILE.to_owned(),
            name: HOSTILE.to_owned(),
            algorithm: HOSTILE.to_owned(),
            fingerprint: HOSTILE.to_owned(),
            added: ago(1),
        }],
        new_key: NewPublicKey {
            name: Field::new(HOSTILE),
            key: Field::new(HOSTILE).with_error(HOSTILE),
        },
        problem: Some(HOSTILE.to_owned()),
        conflict: Some(Conflict {
            by: HOSTILE.to_owned(),
            at: ago(1),
            rows: vec![ConflictRow {
                name: HOSTILE.to_owned(),
                label: HOSTILE.to_owned(),
                from: HOSTILE.to_owned(),
                to: HOSTILE.to_owned(),
                mine: HOSTILE.to_owned(),
                keep_mine: true,
            }],
        }),
        ..details()
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let bare = UserHighlights {
        devices: Vec::new(),
        device_count: 0,
        groups: Vec::new(),
        group_count: 0,
        applications: Vec::new(),
        ..highlights()
    };
    let read_only = UserDetails {
        header: read_only_header(UserTab::Details),
        keys: Vec::new(),
        custom: attributes(Vec::new(), false),
        ..details()
    };
    let users = NavItem::Users;
    vec![
        sample("admin_user_highlights", users, highlights()),
        sample("admin_user_highlights_bare", users, bare),
        sample("admin_user_highlights_hostile", users, hostile_highlights()),
        sample("admin_user_details", users, details()),
        sample("admin_user_details_errors", users, with_errors()),
        sample("admin_user_details_conflict", users, conflict()),
        sample("admin_user_details_read_only", users, read_only),
        sample("admin_user_details_hostile", users, hostile_details()),
    ]
}
