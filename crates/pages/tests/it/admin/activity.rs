//! Samples of the activity log, alerts and the outbox.

use jetway_pages::Link;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::activity::{
    Activity, ActivityFilters, Bar, Chart, DestinationForm, DestinationKind, DestinationRow,
    DestinationSecret, Destinations, EntryChange, EntryFact, EventRow, LogEntry,
};
use jetway_pages::admin::alerts::{AlertRow, Alerts};
use jetway_pages::admin::outbox::{MailRow, Outbox, OutboxMail};
use jetway_pages::admin::parts::{
    Badge, Choice, Counter, Counters, Field, Moment, Paging, Select, Tone,
};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample};

const HOUR: i64 = 3_600_000;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = log();
    all.extend(entries());
    all.extend(destinations());
    all.extend(alerts());
    all.extend(outbox());
    all
}

fn ago(hours: i64) -> Moment {
    Moment::new(NOW - hours * HOUR, NOW)
}

pub(crate) fn select(texts: &[&str]) -> Select {
    Select {
        choices: (0..)
            .zip(texts)
            .map(|(at, text)| {
                let value = text.split([' ', ':']).next().unwrap_or_default();
                Choice::new(value.to_lowercase(), *text, at == 0)
            })
            .collect(),
        error: None,
    }
}

fn filters(user: &str, any: bool) -> ActivityFilters {
    ActivityFilters {
        service: select(&["All", "Directory", "Sign-in", "SSO"]),
        kind: select(&["All", "user_login_attempt", "sso_auth"]),
        user: user.into(),
        result: select(&["All", "Success", "Failed"]),
        range: select(&["The last 24 hours", "The last 7 days", "Between two days"]),
        from: if any {
            Field::new("2026-02-31").with_error("This day does not exist.")
        } else {
            "".into()
        },
        to: "".into(),
        any,
    }
}

fn chart(text: &str) -> Chart {
    Chart {
        bars: (0..24_u64)
            .map(|hour| Bar {
                count: (hour * 7) % 23,
                failed: if hour % 5 == 0 { hour % 4 } else { 0 },
                label: format!("{text}, {hour}:00"),
                href: format!("/admin/activity?from={hour}"),
            })
            .collect(),
        from: "Feb 28, 2026 @ 12:00:00".to_owned(),
        to: "Mar 01, 2026 @ 12:00:00".to_owned(),
        wider: Some("/admin/activity?range=week".to_owned()),
    }
}

fn event(kind: &str, actor: &str, reason: Option<&str>) -> EventRow {
    EventRow {
        id: "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        at: ago(3),
        kind: kind.to_owned(),
        success: reason.is_none(),
        reason: reason.map(str::to_owned),
        actor: actor.to_owned(),
        client_ip: "2001:db8::7334".to_owned(),
        resource: actor.to_owned(),
        resource_href: Some("/admin/users/5f8d0d55b54764421b7156c1".to_owned()),
    }
}

fn log() -> Vec<Sample> {
    let page = |rows: Vec<EventRow>, filters, chart| Activity {
        filters,
        chart,
        paging: Paging {
            shown: format!("{} events", rows.len()),
            next: (!rows.is_empty()).then(|| "/admin/activity?after=x".to_owned()),
            ..Paging::default()
        },
        rows,
        csv: "/admin/activity/export.csv".to_owned(),
        json: "/admin/activity/export.json".to_owned(),
        can_manage: true,
    };
    let rows = vec![
        event(
            "user_login_attempt",
            "road.runner@the-acme-corporation.com",
            None,
        ),
        event(
            "sso_auth",
            LONG_NAME,
            Some("Not assigned to any of their groups."),
        ),
        EventRow {
            client_ip: String::new(),
            resource: String::new(),
            resource_href: None,
            ..event("user_suspended", "the system", None)
        },
    ];
    let hostile = vec![event(HOSTILE, HOSTILE, Some(HOSTILE))];
    let nav = NavItem::Activity;
    vec![
        sample(
            "admin_activity",
            nav,
            page(rows, filters("", false), chart("Mar 01, 2026")),
        ),
        sample(
            "admin_activity_empty",
            nav,
            page(Vec::new(), filters("", false), Chart::default()),
        ),
        sample(
            "admin_activity_nothing",
            nav,
            page(Vec::new(), filters("payroll", true), Chart::default()),
        ),
        sample(
            "admin_activity_hostile",
            nav,
            page(hostile, filters(HOSTILE, true), chart(HOSTILE)),
        ),
    ]
}

fn entries() -> Vec<Sample> {
    let entry = |text: &str, changes| LogEntry {
        kind: "user_update".to_owned(),
        at: ago(3),
        success: changes != Vec::new(),
        reason: (changes == Vec::new()).then(|| "The address is taken.".to_owned()),
        facts: vec![
            EntryFact {
                label: "Initiated by".to_owned(),
                value: text.to_owned(),
                href: Some("/admin/administrators".to_owned()),
            },
            EntryFact {
                label: "User agent".to_owned(),
                value: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101".to_owned(),
                href: None,
            },
        ],
        changes,
        json: format!("{{\n  \"event_type\": \"user_update\",\n  \"by\": {text:?}\n}}"),
        earlier: Some("/admin/activity/1".to_owned()),
        later: None,
    };
    let change = |field: &str, from: &str, to: &str| EntryChange {
        field: field.to_owned(),
        from: from.to_owned(),
        to: to.to_owned(),
    };
    let changes = vec![
        change("department", "Rockets", "Anvils"),
        change("location", "", LONG_NAME),
    ];
    let nav = NavItem::Activity;
    vec![
        sample("admin_event", nav, entry("Granny Webster", changes)),
        sample(
            "admin_event_failed",
            nav,
            entry("Granny Webster", Vec::new()),
        ),
        sample(
            "admin_event_hostile",
            nav,
            entry(HOSTILE, vec![change(HOSTILE, HOSTILE, HOSTILE)]),
        ),
    ]
}

fn destinations() -> Vec<Sample> {
    let row = |kind, name: &str, status, problem: Option<&str>| DestinationRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        kind,
        name: name.to_owned(),
        target: "https://siem.the-acme-corporation.com/hooks/jetway".to_owned(),
        status,
        last: problem.map(|_| ago(1)),
        problem: problem.map(str::to_owned),
    };
    let rows = vec![
        row(
            DestinationKind::Webhook,
            "SIEM",
            Badge::new(Tone::Bad, "failing"),
            Some("503 Service Unavailable; 12 events wait."),
        ),
        row(
            DestinationKind::File,
            LONG_NAME,
            Badge::new(Tone::None, "switched off"),
            None,
        ),
    ];
    let form = |kind, name: Field, id: Option<&str>| DestinationForm {
        id: id.map(str::to_owned),
        kind,
        csrf: CSRF.to_owned(),
        version: id.map(|_| 3),
        name,
        target: "".into(),
        active: true.into(),
        transport: select(&["TLS", "TCP", "UDP"]),
        last: id.map(|_| {
            (
                Badge::new(Tone::Good, "delivered"),
                "2 hours ago".to_owned(),
            )
        }),
        problem: None,
    };
    let wrong = Field::new(HOSTILE).with_error("Another destination has this name.");
    let nav = NavItem::Activity;
    vec![
        sample("admin_destinations", nav, Destinations { rows }),
        sample(
            "admin_destinations_empty",
            nav,
            Destinations { rows: Vec::new() },
        ),
        sample(
            "admin_destination_webhook",
            nav,
            form(DestinationKind::Webhook, "SIEM".into(), Some("65e1")),
        ),
        sample(
            "admin_destination_syslog",
            nav,
            form(DestinationKind::Syslog, "".into(), None),
        ),
        sample(
            "admin_destination_secret",
            nav,
            DestinationSecret {
                name: HOSTILE.to_owned(),
                secret: "jwwh_0123456789".to_owned(),
            },
        ),
        sample(
            "admin_destination_hostile",
            nav,
            DestinationForm {
                problem: Some(HOSTILE.to_owned()),
                ..form(DestinationKind::File, wrong, None)
            },
        ),
    ]
}

fn alerts() -> Vec<Sample> {
    let row = |severity, text: &str, link: Option<&str>| AlertRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        severity,
        text: text.to_owned(),
        at: ago(5),
        link: link.map(|text| Link {
            href: "/admin/outbox".to_owned(),
            text: text.to_owned(),
        }),
    };
    let page = |rows: Vec<AlertRow>, can_dismiss| Alerts {
        csrf: CSRF.to_owned(),
        paging: Paging {
            shown: format!("{} alerts", rows.len()),
            ..Paging::default()
        },
        rows,
        can_dismiss,
    };
    let rows = vec![
        row(
            Tone::Bad,
            "Mails are not delivered since an hour.",
            Some("Outbox"),
        ),
        row(
            Tone::Waiting,
            "The certificate of AWS Production expires in 14 days.",
            None,
        ),
        row(Tone::Running, "An import of 10,000 users is running.", None),
    ];
    let nav = NavItem::Alerts;
    vec![
        sample("admin_alerts", nav, page(rows, true)),
        sample("admin_alerts_empty", nav, page(Vec::new(), true)),
        sample(
            "admin_alerts_hostile",
            nav,
            page(vec![row(Tone::Bad, HOSTILE, Some(HOSTILE))], false),
        ),
    ]
}

fn outbox() -> Vec<Sample> {
    let row = |subject: &str, state| MailRow {
        id: "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        to: "road.runner@the-acme-corporation.com".to_owned(),
        subject: subject.to_owned(),
        state,
        at: ago(1),
    };
    let counters = || Counters {
        label: "Mails by state".to_owned(),
        counters: vec![Counter {
            href: "/admin/outbox".to_owned(),
            text: "All".to_owned(),
            count: "3".to_owned(),
            current: true,
        }],
    };
    let page = |rows: Vec<MailRow>, counters, mail_server| Outbox {
        counters,
        paging: Paging::default(),
        rows,
        mail_server,
    };
    let none = Counters {
        label: String::new(),
        counters: Vec::new(),
    };
    let rows = vec![
        row(
            "Activate your account",
            Badge::new(Tone::Waiting, "waiting"),
        ),
        row("Set a new password", Badge::new(Tone::Bad, "failed")),
        row(LONG_NAME, Badge::new(Tone::Good, "sent")),
    ];
    let mail = |text: &str, link: Option<&str>| OutboxMail {
        id: "0199f3a2-5c1e-7b4d-9c52-1f0e6a7d3b48".to_owned(),
        csrf: CSRF.to_owned(),
        to: "road.runner@the-acme-corporation.com".to_owned(),
        subject: "Activate your account".to_owned(),
        text: format!("Hello {text},\n\nyou are invited.\n"),
        state: Badge::new(Tone::Waiting, "waiting"),
        at: ago(1),
        attempts: link.map(|_| "2 attempts; the last one failed: connection refused.".to_owned()),
        link: link.map(str::to_owned),
        link_expires: link.map(|_| ago(-72)),
        can_send: link.is_some(),
    };
    let link = "https://sso.acme.example/activate/VGhpcyBpcyBhIHNhbXBsZSB0b2tlbiwgMzIgYnl0ZXM";
    let nav = NavItem::Outbox;
    vec![
        sample("admin_outbox", nav, page(rows, counters(), false)),
        sample("admin_outbox_empty", nav, page(Vec::new(), none, true)),
        sample(
            "admin_outbox_hostile",
            nav,
            page(
                vec![row(HOSTILE, Badge::new(Tone::Bad, "failed"))],
                counters(),
                true,
            ),
        ),
        sample("admin_outbox_mail", nav, mail("Road Runner", Some(link))),
        sample("admin_outbox_mail_hostile", nav, mail(HOSTILE, None)),
    ]
}
