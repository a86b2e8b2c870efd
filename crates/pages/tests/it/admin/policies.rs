//! Samples of the policies of sign-ins.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::parts::{Badge, Choice, Field, Select, Tone};
use jetway_pages::admin::policies::{
    FoundPerson, Policies, PolicyForm, PolicyRow, SimulatedPolicy, SimulationResult, Simulator,
    TickedChoice, TimeWindowRow,
};

use super::activity::select;
use super::{CSRF, LONG_NAME, sample};
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Policies;
const ID: &str = "01912345-6789-7abc-8def-0123456789ab";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = list();
    all.extend(forms());
    all.extend(simulations());
    all
}

fn row(name: &str, effect: Badge) -> PolicyRow {
    PolicyRow {
        id: ID.to_owned(),
        name: name.to_owned(),
        enabled: true,
        who: "Everyone".to_owned(),
        what: "Everything".to_owned(),
        conditions: Vec::new(),
        effect,
        warning: None,
    }
}

fn list() -> Vec<Sample> {
    let page = |rows: Vec<PolicyRow>, can_edit| Policies {
        csrf: CSRF.to_owned(),
        rows,
        can_edit,
    };
    let rows = vec![
        PolicyRow {
            conditions: vec![
                "Not from 192.0.2.0/24 or 2001:db8::/32.".to_owned(),
                "The proof is at most 60 minutes old.".to_owned(),
            ],
            ..row(
                "Away from the office",
                Badge::new(Tone::Good, "second factor"),
            )
        },
        PolicyRow {
            who: "operations, sales".to_owned(),
            what: "AWS Production".to_owned(),
            conditions: vec!["On Saturday, Sunday from 00:00 to 24:00 (UTC+01:00).".to_owned()],
            ..row(
                "No production on weekends",
                Badge::new(Tone::Bad, "refuses"),
            )
        },
        PolicyRow {
            enabled: false,
            who: "0 groups".to_owned(),
            warning: Some("what it was about is deleted".to_owned()),
            ..row(LONG_NAME, Badge::new(Tone::None, "nothing more"))
        },
    ];
    let hostile = vec![PolicyRow {
        who: HOSTILE.to_owned(),
        what: HOSTILE.to_owned(),
        conditions: vec![HOSTILE.to_owned()],
        ..row(HOSTILE, Badge::new(Tone::Bad, HOSTILE))
    }];
    vec![
        sample("admin_policies", NAV, page(rows.clone(), true)),
        sample("admin_policies_read_only", NAV, page(rows, false)),
        sample("admin_policies_empty", NAV, page(Vec::new(), true)),
        sample("admin_policies_hostile", NAV, page(hostile, true)),
    ]
}

fn tick(value: &str, text: &str, ticked: bool) -> TickedChoice {
    TickedChoice {
        value: value.to_owned(),
        text: text.to_owned(),
        ticked,
    }
}

fn window(error: Option<&str>) -> TimeWindowRow {
    let days = [
        ("monday", "Mon"),
        ("tuesday", "Tue"),
        ("wednesday", "Wed"),
        ("thursday", "Thu"),
        ("friday", "Fri"),
        ("saturday", "Sat"),
        ("sunday", "Sun"),
    ];
    let day = |(value, text): (&str, &str)| Choice::new(value, text, text.starts_with('S'));
    TimeWindowRow {
        side: select(&["holds only then", "outside holds except then"]),
        days: days.into_iter().map(day).collect(),
        from: "22:00".to_owned(),
        until: "06:00".to_owned(),
        offset: "+01:00".to_owned(),
        error: error.map(str::to_owned),
    }
}

fn form(id: Option<&str>, heading: &str) -> PolicyForm {
    PolicyForm {
        id: id.map(str::to_owned),
        heading: heading.to_owned(),
        csrf: CSRF.to_owned(),
        can_edit: true,
        version: id.map(|_| 3),
        name: id.map_or("", |_| heading).into(),
        enabled: true.into(),
        who: select(&["everyone, administrators too", "groups", "administrators"]),
        groups: vec![
            tick("65e1", "operations", true),
            tick("65e2", "sales", false),
            tick("65e3", LONG_NAME, false),
        ],
        groups_error: None,
        more_groups: None,
        applies_to: select(&["any application, and both portals", "some"]),
        applications: vec![tick("65f1", "AWS Production", false)],
        applications_error: None,
        inside: "".into(),
        outside: "192.0.2.0/24\n2001:db8::/32".into(),
        windows: vec![window(None)],
        windows_error: None,
        device: select(&["any", "known", "new"]),
        effect: select(&["require needs a second factor", "deny", "allow"]),
        kinds: vec![
            tick("totp", "a code of an authenticator app", true),
            tick("webauthn", "a passkey or security key", true),
            tick("push", "an approval on the phone", false),
            tick("recovery_code", "a recovery code", true),
        ],
        kinds_error: None,
        max_age: "60".into(),
        without_factor: select(&["enrol has to set one up first", "deny is refused"]),
        problem: None,
    }
}

fn forms() -> Vec<Sample> {
    let wrong = |value: &str, error: &str| Field::new(value).with_error(error);
    let refused = PolicyForm {
        name: wrong("", "The name must not be empty."),
        groups_error: Some("Choose at least 1 of the groups.".to_owned()),
        more_groups: Some(wrong("pirates", "There is no group “pirates”.")),
        applications_error: Some("Choose at least 1 of the applications.".to_owned()),
        inside: wrong("office", "\"office\" is not a network."),
        windows: vec![
            window(None),
            window(Some("Choose at least 1 of the days of the week.")),
        ],
        windows_error: Some("Use at most 14 time windows; these are 15.".to_owned()),
        effect: Select {
            error: Some("With this policy no administrator could ever sign in.".to_owned()),
            ..select(&["deny", "allow"])
        },
        kinds_error: Some("Allow at least one kind of factor.".to_owned()),
        max_age: wrong("0", "Use a number from 1 to 43200, which is 30 days."),
        problem: Some("Somebody else changed this policy while the form was open.".to_owned()),
        ..form(Some(ID), "Away from the office")
    };
    let hostile = PolicyForm {
        groups: vec![tick(HOSTILE, HOSTILE, true)],
        applications: vec![tick(HOSTILE, HOSTILE, true)],
        inside: wrong(HOSTILE, HOSTILE),
        problem: Some(HOSTILE.to_owned()),
        ..form(Some(ID), HOSTILE)
    };
    let bare = PolicyForm {
        groups: Vec::new(),
        applications: Vec::new(),
        ..form(None, "New policy")
    };
    let read_only = PolicyForm {
        can_edit: false,
        ..form(Some(ID), "Away from the office")
    };
    vec![
        sample("admin_policy", NAV, form(Some(ID), "Away from the office")),
        sample("admin_policy_new", NAV, bare),
        sample("admin_policy_read_only", NAV, read_only),
        sample("admin_policy_refused", NAV, refused),
        sample("admin_policy_hostile", NAV, hostile),
    ]
}

fn simulator(found: Vec<FoundPerson>, result: Option<SimulationResult>) -> Simulator {
    Simulator {
        query: "road".into(),
        found,
        target: select(&["portal", "AWS Production"]),
        address: "198.51.100.7".into(),
        at: "2026-03-01T12:00".into(),
        device: select(&["known", "new"]),
        proved: vec![
            tick("password", "the password", true),
            tick("passkey", "a passkey in place of the password", false),
            tick("totp", "a code of an authenticator app", false),
        ],
        minutes: "0".into(),
        result,
    }
}

fn simulations() -> Vec<Sample> {
    let person = |name: &str, administrator, chosen| FoundPerson {
        value: format!("user:{name}"),
        name: name.to_owned(),
        detail: format!("{name}@the-acme-corporation.com"),
        administrator,
        chosen,
    };
    let result = |words: &str, told: Option<&str>| SimulationResult {
        badge: Badge::new(Tone::Waiting, "second factor"),
        question: format!("What would happen if {words} opens AWS Production?"),
        answer: format!("{words} is asked for a code of an authenticator app."),
        proved: "Proved so far: the password just now.".to_owned(),
        told: told.map(str::to_owned),
        besides: vec![format!("AWS Production is not granted to {words}.")],
        built_in: vec!["Administrators always need a second factor.".to_owned()],
        policies: vec![
            SimulatedPolicy {
                id: ID.to_owned(),
                name: format!("{words} away"),
                matched: true,
                reasons: vec!["It applies, and asks for a second factor.".to_owned()],
            },
            SimulatedPolicy {
                id: ID.to_owned(),
                name: "Weekends".to_owned(),
                matched: false,
                reasons: vec![
                    "It is switched off.".to_owned(),
                    "It is for known devices, and this one is new.".to_owned(),
                ],
            },
        ],
    };
    let asked = vec![
        person("Road Runner", false, true),
        person("Road", true, false),
    ];
    let hostile = vec![person(HOSTILE, true, true)];
    vec![
        sample("admin_policy_simulator", NAV, simulator(Vec::new(), None)),
        sample(
            "admin_policy_simulated",
            NAV,
            simulator(asked, Some(result("Road Runner", None))),
        ),
        sample(
            "admin_policy_simulated_hostile",
            NAV,
            simulator(hostile, Some(result(HOSTILE, Some(HOSTILE)))),
        ),
    ]
}
