//! The frame in its states, and the confirmation page that all areas share.

use jetway_pages::admin::parts::{Confirm, Hidden, Select, Tone, Typed};
use jetway_pages::admin::{AdminFrame, Checklist, NavItem, Toast};
use jetway_pages::{Brand, Message, Person};

use super::{CSRF, frame, framed, sample};
use crate::samples::{HOSTILE, Sample};

fn confirm() -> Confirm {
    Confirm {
        heading: "Delete 12 users?".to_owned(),
        subjects: vec!["Road Runner".to_owned(), "Wile Coyote".to_owned()],
        more: Some("and 10 more".to_owned()),
        consequences: vec![
            "Their 3 sessions end at once and their tiles are gone.".to_owned(),
            "Events about them stay in the activity log.".to_owned(),
        ],
        action: "/admin/users/bulk".to_owned(),
        csrf: CSRF.to_owned(),
        hidden: vec![
            Hidden::new("action", "delete"),
            Hidden::new("id", "65e1c2a9f0b3d4e5a6b7c8d9"),
        ],
        choice: None,
        typed: Some(Typed {
            label: "Type the number of users to delete".to_owned(),
            expected: "12".to_owned(),
            value: String::new(),
            error: None,
        }),
        submit: "Delete 12 users".to_owned(),
        danger: true,
        cancel: "/admin/users".to_owned(),
    }
}

fn hostile() -> Confirm {
    Confirm {
        heading: format!("Delete {HOSTILE}?"),
        subjects: vec![HOSTILE.to_owned()],
        more: None,
        consequences: vec![HOSTILE.to_owned()],
        hidden: vec![Hidden::new("id", HOSTILE)],
        choice: Some(("Group".to_owned(), "group".to_owned(), Select::default())),
        typed: Some(Typed {
            label: "Type the username".to_owned(),
            expected: HOSTILE.to_owned(),
            value: HOSTILE.to_owned(),
            error: Some("That is not the username.".to_owned()),
        }),
        ..confirm()
    }
}

pub(crate) fn samples() -> Vec<Sample> {
    let busy = AdminFrame {
        alerts: 120,
        checklist: Some(Checklist { done: 3, total: 7 }),
        brand: Brand {
            logo: Some("/brand/logo?v=1".to_owned()),
            colours: Some("/brand/colours.css?v=1".to_owned()),
        },
        toast: Some(Toast {
            tone: Tone::Good,
            text: "Road Runner is suspended.".to_owned(),
        }),
        ..frame(NavItem::Users)
    };
    let bare = AdminFrame {
        can: vec![NavItem::Home, NavItem::Users, NavItem::Activity],
        help: Vec::new(),
        current: None,
        role: "Read-only".to_owned(),
        ..frame(NavItem::Home)
    };
    let odd = AdminFrame {
        organisation: HOSTILE.to_owned(),
        administrator: Person {
            name: HOSTILE.to_owned(),
            detail: HOSTILE.to_owned(),
        },
        ..frame(NavItem::Users)
    };
    vec![
        sample("admin_confirm", NavItem::Users, confirm()),
        framed("admin_confirm_hostile", odd, hostile()),
        framed("admin_frame_busy", busy, confirm()),
        framed("admin_frame_bare", bare, Message::not_found()),
    ]
}
