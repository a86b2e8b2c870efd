//! The first page and the search.

use jetway_pages::admin::parts::{Badge, Tone};
use jetway_pages::admin::{
    ChecklistStep, Figure, Home, NavItem, RecentEvent, ResultKind, Search, SearchResult,
    SearchSection, Task,
};

use super::person::ago;
use super::{LONG_NAME, sample};
use crate::samples::{HOSTILE, Sample};

fn home() -> Home {
    let step = |text: &str, href: &str, done: bool| ChecklistStep {
        text: text.to_owned(),
        href: href.to_owned(),
        done,
    };
    let task = |tone: Tone, word: &str, text: &str| Task {
        tone,
        word: word.to_owned(),
        text: text.to_owned(),
        href: "/admin/users?state=staged".to_owned(),
    };
    let figure = |value: &str, label: &str| Figure {
        value: value.to_owned(),
        label: label.to_owned(),
        href: "/admin/users?state=active".to_owned(),
    };
    let event = |event: &str, resource: &str, status: Badge| RecentEvent {
        href: "/admin/activity/0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        event: event.to_owned(),
        resource: resource.to_owned(),
        by: "Granny Webster".to_owned(),
        status,
        at: ago(3),
    };
    Home {
        name: "Granny Webster".to_owned(),
        checklist: vec![
            step("Name the organisation", "/admin/settings", true),
            step("Set up mail", "/admin/settings/mail", false),
            step("Add the first user", "/admin/users/new", true),
            step("Give a group an application", "/admin/groups", false),
        ],
        tasks: vec![
            task(
                Tone::Waiting,
                "Waiting",
                "3 users have been staged for more than 30 days",
            ),
            task(Tone::Bad, "Failed", "2 mails could not be sent"),
        ],
        figures: vec![
            figure("98,765", "Active users"),
            figure("412", "Staged users"),
            figure("823", "Suspended users"),
            figure("1,204", "Sign-ins today"),
        ],
        events: Some(vec![
            event(
                "user_suspended",
                "Wile Coyote",
                Badge::new(Tone::Good, "successful"),
            ),
            event("admin_login_attempt", "", Badge::new(Tone::Bad, "refused")),
        ]),
    }
}

fn hostile_home() -> Home {
    let mut home = home();
    HOSTILE.clone_into(&mut home.name);
    for step in &mut home.checklist {
        HOSTILE.clone_into(&mut step.text);
    }
    for task in &mut home.tasks {
        HOSTILE.clone_into(&mut task.text);
    }
    for event in home.events.iter_mut().flatten() {
        HOSTILE.clone_into(&mut event.resource);
        LONG_NAME.clone_into(&mut event.by);
    }
    home
}

fn search() -> Search {
    let result = |text: &str, detail: &str| SearchResult {
        href: "/admin/users/65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        text: text.to_owned(),
        detail: detail.to_owned(),
    };
    Search {
        query: "run".to_owned(),
        sections: vec![
            SearchSection {
                kind: ResultKind::User,
                results: vec![
                    result("Road Runner", "road.runner@the-acme-corporation.com"),
                    result("Bruno", "bruno@the-acme-corporation.com"),
                ],
                all: Some("/admin/users?q=run".to_owned()),
            },
            SearchSection {
                kind: ResultKind::Group,
                results: vec![result("runners", "Who run in the morning")],
                all: None,
            },
            SearchSection {
                kind: ResultKind::Application,
                results: vec![result("Runbooks", "runbooks")],
                all: None,
            },
        ],
    }
}

fn hostile_search() -> Search {
    let mut search = search();
    HOSTILE.clone_into(&mut search.query);
    for section in &mut search.sections {
        for result in &mut section.results {
            HOSTILE.clone_into(&mut result.href);
            HOSTILE.clone_into(&mut result.text);
            LONG_NAME.clone_into(&mut result.detail);
        }
    }
    search
}

pub(crate) fn samples() -> Vec<Sample> {
    let quiet = Home {
        checklist: Vec::new(),
        tasks: Vec::new(),
        events: Some(Vec::new()),
        ..home()
    };
    let found_nothing = Search {
        query: HOSTILE.to_owned(),
        sections: Vec::new(),
    };
    let asked_nothing = Search {
        query: String::new(),
        sections: Vec::new(),
    };
    vec![
        sample("admin_home", NavItem::Home, home()),
        sample("admin_home_quiet", NavItem::Home, quiet),
        sample("admin_home_hostile", NavItem::Home, hostile_home()),
        sample("admin_search", NavItem::Home, search()),
        sample("admin_search_empty", NavItem::Home, asked_nothing),
        sample("admin_search_nothing_hostile", NavItem::Home, found_nothing),
        sample("admin_search_hostile", NavItem::Home, hostile_search()),
    ]
}
