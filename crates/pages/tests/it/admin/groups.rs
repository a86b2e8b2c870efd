//! Samples of groups.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::groups::{
    Candidate, Condition, GroupApplications, GroupDetails, GroupHeader, GroupMembers, GroupRow,
    GroupRule, GroupTab, Groups, Member, NewGroup, Pasted, RulePreview, TickedApplication,
};
use jetway_pages::admin::parts::{
    Choice, Confirm, CustomAttribute, CustomAttributes, Field, Moment, Paging, Select, UserState,
};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Groups;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = list();
    all.extend(details());
    all.extend(members());
    all.extend(applications());
    all.extend(rules());
    all
}

fn row(name: &str, members: &str, dynamic: bool) -> GroupRow {
    GroupRow {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
        description: String::new(),
        members: members.to_owned(),
        dynamic,
        everyone: false,
        applications: "2".to_owned(),
        will_not_sync: name.contains(':'),
    }
}

fn list() -> Vec<Sample> {
    let page = |rows: Vec<GroupRow>, query: &str, can_edit| Groups {
        query: query.to_owned(),
        paging: Paging {
            shown: format!("{} groups", rows.len()),
            ..Paging::default()
        },
        rows,
        can_edit,
    };
    let rows = vec![
        GroupRow {
            everyone: true,
            description: "Built in: every user of the organisation".to_owned(),
            ..row("All Users", "3,201", false)
        },
        row("Operations", "12", false),
        row("Rockets: field tests", "0", true),
        GroupRow {
            description: format!("{LONG_NAME} {LONG_NAME} {LONG_NAME}"),
            ..row(LONG_NAME, "1", true)
        },
    ];
    let hostile = GroupRow {
        description: HOSTILE.to_owned(),
        ..row(HOSTILE, "1", false)
    };
    let new = |name: Field| NewGroup {
        csrf: CSRF.to_owned(),
        name,
        description: "".into(),
        membership: membership("static"),
    };
    let taken = Field::new(HOSTILE).with_error("Another group has this name. Choose another one.");
    vec![
        sample("admin_groups", NAV, page(rows, "", true)),
        sample("admin_groups_empty", NAV, page(Vec::new(), "", true)),
        sample(
            "admin_groups_nothing",
            NAV,
            page(Vec::new(), "payroll", true),
        ),
        sample(
            "admin_groups_hostile",
            NAV,
            page(vec![hostile], HOSTILE, false),
        ),
        sample("admin_group_new", NAV, new("".into())),
        sample("admin_group_new_hostile", NAV, new(taken)),
    ]
}

fn membership(chosen: &str) -> Select {
    Select {
        choices: vec![
            Choice::new("static", "Static: chosen by hand", chosen == "static"),
            Choice::new("dynamic", "Dynamic: by a rule", chosen == "dynamic"),
        ],
        error: None,
    }
}

fn header(name: &str, tab: GroupTab, dynamic: bool) -> GroupHeader {
    GroupHeader {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
        members: "12 members".to_owned(),
        dynamic,
        everyone: false,
        tab,
        can_delete: true,
        changed: Some((
            Moment::new(NOW - 7_200_000, NOW),
            "Granny Webster".to_owned(),
        )),
    }
}

fn attribute(name: &str, kind: &str, value: &str, error: Option<&str>) -> CustomAttribute {
    CustomAttribute {
        name: name.to_owned(),
        kind: kind.to_owned(),
        value: value.to_owned(),
        error: error.map(str::to_owned),
    }
}

fn details() -> Vec<Sample> {
    let page = |text: &str, attributes, name: Field, can_edit| GroupDetails {
        group: header(text, GroupTab::Details, false),
        csrf: CSRF.to_owned(),
        can_edit,
        version: "3".to_owned(),
        created: "2024-03-01T12:23:06.511Z".to_owned(),
        name,
        description: text.into(),
        custom: CustomAttributes {
            owner: "group",
            attributes,
            can_edit,
        },
        problem: None,
    };
    let attributes = vec![
        attribute("costCentre", "number", "4711", None),
        attribute("regions", "json", "[\"eu\",\"us\"]", None),
    ];
    let wrong = vec![attribute(
        HOSTILE,
        "boolean",
        HOSTILE,
        Some("This is neither true nor false."),
    )];
    let taken = Field::new(HOSTILE).with_error("Another group has this name. Choose another one.");
    let delete = |name: &str, lost: &[String], typed: &str| {
        let group = header(name, GroupTab::Details, false);
        Confirm::delete_group(&group, lost, CSRF.to_owned(), typed)
    };
    vec![
        sample(
            "admin_group_details",
            NAV,
            page("Operations", attributes.clone(), "Operations".into(), true),
        ),
        sample(
            "admin_group_details_read_only",
            NAV,
            page("Operations", attributes, "Operations".into(), false),
        ),
        sample(
            "admin_group_details_hostile",
            NAV,
            GroupDetails {
                problem: Some(HOSTILE.to_owned()),
                ..page(HOSTILE, wrong, taken, true)
            },
        ),
        sample(
            "admin_group_delete",
            NAV,
            delete("Operations", &["AWS Production".to_owned()], ""),
        ),
        sample(
            "admin_group_delete_hostile",
            NAV,
            delete(HOSTILE, &[], HOSTILE),
        ),
    ]
}

fn member(name: &str, state: UserState, why: Option<&str>) -> Member {
    Member {
        id: "5f8d0d55b54764421b7156c1".to_owned(),
        name: name.to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
        state,
        why: why.map(str::to_owned),
    }
}

fn members() -> Vec<Sample> {
    let page = |name: &str, dynamic, rows: Vec<Member>| GroupMembers {
        group: header(name, GroupTab::Members, dynamic),
        csrf: CSRF.to_owned(),
        can_edit: !dynamic,
        query: String::new(),
        paging: Paging {
            shown: format!("{} members", rows.len()),
            ..Paging::default()
        },
        rows,
        adding: None,
        candidates: Vec::new(),
        list: "".into(),
        pasted: None,
    };
    let candidate = |name: &str, member| Candidate {
        id: "5f8d0d55b54764421b7156c2".to_owned(),
        name: name.to_owned(),
        email: "wile@the-acme-corporation.com".to_owned(),
        member,
    };
    let two = vec![
        member("Road Runner", UserState::Active, None),
        member(LONG_NAME, UserState::Staged, None),
    ];
    let finding = GroupMembers {
        adding: Some("wile".to_owned()),
        candidates: vec![
            candidate("Wile Coyote", false),
            candidate("Wile the Other", true),
        ],
        ..page("Operations", false, two.clone())
    };
    let by_rule = vec![member(
        "Road Runner",
        UserState::Active,
        Some("Department is Rockets"),
    )];
    let hostile = GroupMembers {
        query: HOSTILE.to_owned(),
        adding: Some(HOSTILE.to_owned()),
        list: HOSTILE.into(),
        pasted: Some(Pasted {
            summary: "1 person added.".to_owned(),
            unknown: vec![format!("2: {HOSTILE}")],
        }),
        ..page(
            HOSTILE,
            false,
            vec![member(HOSTILE, UserState::Suspended, None)],
        )
    };
    vec![
        sample("admin_group_members", NAV, page("Operations", false, two)),
        sample("admin_group_members_finding", NAV, finding),
        sample(
            "admin_group_members_empty",
            NAV,
            page("Operations", false, Vec::new()),
        ),
        sample(
            "admin_group_members_dynamic",
            NAV,
            page("Rockets", true, by_rule),
        ),
        sample("admin_group_members_hostile", NAV, hostile),
    ]
}

fn applications() -> Vec<Sample> {
    let application = |label: &str, ticked, active| TickedApplication {
        id: format!("5f8d0d55b54764421b7156{:02}", label.len() % 100),
        label: label.to_owned(),
        kind: "AWS IAM".to_owned(),
        slug: "acme-prod-aws-admin".to_owned(),
        active,
        ticked,
    };
    let page = |name: &str, applications, can_edit| GroupApplications {
        will_not_sync: false,
        group: header(name, GroupTab::Applications, false),
        csrf: CSRF.to_owned(),
        can_edit,
        applications,
        before: "5f8d0d55b54764421b715610".to_owned(),
        problem: None,
    };
    let some = vec![
        application("AWS Production", true, true),
        application("AWS Sandbox", false, false),
    ];
    vec![
        sample(
            "admin_group_applications",
            NAV,
            page("Operations", some.clone(), true),
        ),
        sample(
            "admin_group_applications_read_only",
            NAV,
            page("Operations", some, false),
        ),
        sample(
            "admin_group_applications_empty",
            NAV,
            page("Operations", Vec::new(), true),
        ),
        sample(
            "admin_group_applications_hostile",
            NAV,
            GroupApplications {
                will_not_sync: true,
                problem: Some("An application that you ticked is gone.".to_owned()),
                ..page(HOSTILE, vec![application(HOSTILE, true, true)], true)
            },
        ),
    ]
}

fn condition(attribute: &str, value: &str, error: Option<&str>) -> Condition {
    let choices = |all: &[(&str, &str)], chosen: &str| Select {
        choices: all
            .iter()
            .map(|(value, text)| Choice::new(*value, *text, *value == chosen))
            .collect(),
        error: None,
    };
    Condition {
        attribute: choices(
            &[
                ("", "(none)"),
                ("department", "Department"),
                ("location", "Location"),
            ],
            attribute,
        ),
        operator: choices(&[("is", "is"), ("starts", "starts with")], "is"),
        value: value.to_owned(),
        error: error.map(str::to_owned),
    }
}

fn rules() -> Vec<Sample> {
    let page = |name: &str, conditions, preview| GroupRule {
        group: header(name, GroupTab::Rule, true),
        csrf: CSRF.to_owned(),
        can_edit: true,
        version: "3".to_owned(),
        membership: membership("dynamic"),
        combine: Select {
            choices: vec![
                Choice::new("all", "People to whom all conditions apply", true),
                Choice::new("any", "People to whom any condition applies", false),
            ],
            error: None,
        },
        conditions,
        preview,
        problem: None,
    };
    let preview = |name: &str| RulePreview {
        added: "+3".to_owned(),
        removed: "−1".to_owned(),
        matching: "14 people match.".to_owned(),
        comes: vec![name.to_owned(), LONG_NAME.to_owned()],
        goes: vec!["Wile Coyote".to_owned()],
        more_come: Some("and 1 more".to_owned()),
        more_go: None,
    };
    let two = vec![
        condition("department", "Rockets", None),
        condition("", "", None),
    ];
    vec![
        sample(
            "admin_group_rule",
            NAV,
            page("Rockets", two, Some(preview("Road Runner"))),
        ),
        sample(
            "admin_group_rule_empty",
            NAV,
            page("Rockets", vec![condition("", "", None)], None),
        ),
        sample(
            "admin_group_rule_hostile",
            NAV,
            GroupRule {
                problem: Some(HOSTILE.to_owned()),
                ..page(
                    HOSTILE,
                    vec![condition("location", HOSTILE, Some("Give a value."))],
                    Some(preview(HOSTILE)),
                )
            },
        ),
    ]
}
