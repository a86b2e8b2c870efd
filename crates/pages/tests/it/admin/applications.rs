//! Samples of applications: the list, the tabs, what is asked before they go.

use jetway_pages::TileMark;
use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{
    ApplicationGeneral, ApplicationGroups, ApplicationHeader, ApplicationRow, ApplicationTab,
    Applications, ColorChoice, Deletion, GrantedGroup, OtherSide, PersonWithAccess, SignOnFacts,
    SinglePerson, TickedGroup,
};
use jetway_pages::admin::groups::Candidate;
use jetway_pages::admin::parts::{
    Badge, Choice, Confirm, Field, Moment, Paging, Select, Tone, UserState,
};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Applications;
const ID: &str = "65e1c2a9f0b3d4e5a6b7c8d8";
const IMAGE: &str = "/admin/applications/65e1c2a9f0b3d4e5a6b7c8d8/image/5f70bf18a08600701";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = list();
    all.extend(general());
    all.extend(groups());
    all.extend(deleting());
    all
}

fn group(name: &str) -> GrantedGroup {
    GrantedGroup {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        name: name.to_owned(),
    }
}

fn row(label: &str, groups: Vec<GrantedGroup>) -> ApplicationRow {
    ApplicationRow {
        id: ID.to_owned(),
        label: label.to_owned(),
        mark: TileMark::new(label, None),
        address: "/saml2/acme-prod-aws-admin".to_owned(),
        kind: "AWS IAM".to_owned(),
        active: !groups.is_empty(),
        hidden: groups.is_empty(),
        certificate: Some(Badge::new(Tone::Good, "03-14-2029")),
        more_groups: (groups.len() > 1).then(|| "and 4 more".to_owned()),
        people: None,
        groups,
    }
}

fn list() -> Vec<Sample> {
    let page = |rows, query: &str, can_edit| Applications {
        query: query.to_owned(),
        rows,
        can_edit,
    };
    let bookmark = ApplicationRow {
        address: "https://wiki.acme.example/".to_owned(),
        kind: "Bookmark".to_owned(),
        certificate: None,
        people: Some("3 people".to_owned()),
        ..row("Wiki", vec![group("Operations")])
    };
    let rows = || {
        vec![
            row(
                "AWS Production",
                vec![group("Operations"), group(LONG_NAME)],
            ),
            row("AWS Sandbox", Vec::new()),
            bookmark.clone(),
        ]
    };
    let hostile = ApplicationRow {
        address: HOSTILE.to_owned(),
        certificate: Some(Badge::new(Tone::Bad, "expired 03-14-2024")),
        ..row(HOSTILE, vec![group(HOSTILE)])
    };
    vec![
        sample("admin_applications", NAV, page(rows(), "", true)),
        sample("admin_applications_read_only", NAV, page(rows(), "", false)),
        sample("admin_applications_empty", NAV, page(Vec::new(), "", true)),
        sample(
            "admin_applications_nothing",
            NAV,
            page(Vec::new(), "payroll", true),
        ),
        sample(
            "admin_applications_hostile",
            NAV,
            page(vec![hostile], HOSTILE, true),
        ),
    ]
}

pub(super) fn portal(show: bool) -> Select {
    Select {
        choices: vec![
            Choice::new("show", "Show in User Portal", show),
            Choice::new("hide", "Hide in User Portal", !show),
        ],
        error: None,
    }
}

fn facts(bookmark: bool) -> Vec<(&'static str, Badge)> {
    let hidden = Badge::new(Tone::None, "Hidden in user portal");
    let on = Badge::new(Tone::Good, "active");
    if bookmark {
        return vec![("Bookmark", on), ("User portal", hidden)];
    }
    let ends = Badge::new(Tone::Waiting, "expires 03-14-2026");
    vec![
        ("Single sign-on", on),
        ("IdP certificate", ends),
        ("User portal", hidden),
    ]
}

fn header(label: &str, tab: ApplicationTab, bookmark: bool) -> ApplicationHeader {
    use ApplicationTab::{Attributes, General, Groups, Sso};
    ApplicationHeader {
        id: ID.to_owned(),
        label: label.to_owned(),
        mark: TileMark::new(label, Some("#d86613")),
        kind: if bookmark { "Bookmark" } else { "AWS IAM" }.to_owned(),
        facts: facts(bookmark),
        tabs: if bookmark {
            vec![General, Groups]
        } else {
            vec![General, Sso, Attributes, Groups]
        },
        tab,
        can_delete: true,
        changed: Some((
            Moment::new(NOW - 7_200_000, NOW),
            "Granny Webster".to_owned(),
        )),
    }
}

fn general() -> Vec<Sample> {
    let page = |label: &str, sign_on: SignOnFacts, can_edit| ApplicationGeneral {
        application: header(
            label,
            ApplicationTab::General,
            matches!(sign_on, SignOnFacts::Bookmark { .. }),
        ),
        csrf: CSRF.to_owned(),
        can_edit,
        version: "3".to_owned(),
        created: "2024-03-14T12:23:06.511Z".to_owned(),
        label: label.into(),
        description: "Account 012345678987".into(),
        color: ColorChoice::new("#2b50c4"),
        portal: portal(false),
        sign_on,
        problem: None,
        image_error: None,
    };
    let with_image = |mut page: ApplicationGeneral, address: &str| {
        let mark = page.application.mark;
        page.application.mark = mark.with_image(Some(address.to_owned()));
        page
    };
    let saml = || SignOnFacts::Saml {
        idp_url: "https://sso.acme.example/saml2/acme-prod-aws-admin".to_owned(),
    };
    let bookmark = |url: Field, active| SignOnFacts::Bookmark { url, active };
    let mut color = ColorChoice::new(HOSTILE);
    color.set_error("The color must be written #rrggbb.");
    let hostile = ApplicationGeneral {
        description: HOSTILE.into(),
        color,
        problem: Some(HOSTILE.to_owned()),
        image_error: Some(HOSTILE.to_owned()),
        ..page(
            HOSTILE,
            bookmark(Field::new(HOSTILE).with_error(HOSTILE), false),
            true,
        )
    };
    vec![
        sample(
            "admin_application_general",
            NAV,
            page("AWS Production", saml(), true),
        ),
        sample(
            "admin_application_general_read_only",
            NAV,
            page("AWS Production", saml(), false),
        ),
        sample(
            "admin_application_general_bookmark",
            NAV,
            page(
                "Wiki",
                bookmark("https://wiki.acme.example/".into(), true),
                true,
            ),
        ),
        sample("admin_application_general_hostile", NAV, hostile),
        sample(
            "admin_application_general_image",
            NAV,
            with_image(page("AWS Production", saml(), true), IMAGE),
        ),
        sample(
            "admin_application_deactivate",
            NAV,
            Confirm::deactivate_bookmark(
                &header("Wiki", ApplicationTab::General, true),
                CSRF.to_owned(),
            ),
        ),
    ]
}

fn ticked(place: u32, name: &str, membership: &'static str, ticked: bool) -> TickedGroup {
    TickedGroup {
        id: format!("65e1c2a9f0b3d4e5a6b7c8{place:02}"),
        name: name.to_owned(),
        membership,
        ticked,
    }
}

fn person(name: &str, direct: bool, groups: Vec<GrantedGroup>) -> PersonWithAccess {
    PersonWithAccess {
        id: "5f8d0d55b54764421b7156c1".to_owned(),
        name: name.to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
        state: UserState::Active,
        direct,
        groups,
    }
}

fn single(name: &str) -> SinglePerson {
    SinglePerson {
        id: "5f8d0d55b54764421b7156c2".to_owned(),
        name: name.to_owned(),
        email: "wile@the-acme-corporation.com".to_owned(),
    }
}

fn candidate(name: &str, member: bool) -> Candidate {
    Candidate {
        id: "5f8d0d55b54764421b7156c3".to_owned(),
        name: name.to_owned(),
        email: "wile@the-acme-corporation.com".to_owned(),
        member,
    }
}

fn access_page(
    label: &str,
    groups: Vec<TickedGroup>,
    people: Vec<PersonWithAccess>,
    can_edit: bool,
) -> ApplicationGroups {
    ApplicationGroups {
        application: header(label, ApplicationTab::Groups, false),
        csrf: CSRF.to_owned(),
        can_edit,
        query: String::new(),
        groups,
        groups_paging: Paging {
            shown: "2 groups".to_owned(),
            ..Paging::default()
        },
        before: "65e1c2a9f0b3d4e5a6b7c801".to_owned(),
        singles: Vec::new(),
        adding: None,
        candidates: Vec::new(),
        people_paging: Paging {
            shown: format!("{} people", people.len()),
            ..Paging::default()
        },
        people,
        problem: None,
    }
}

fn groups() -> Vec<Sample> {
    let some = || {
        vec![
            ticked(1, "Operations", "static", true),
            ticked(2, LONG_NAME, "dynamic", false),
        ]
    };
    let people = || {
        vec![
            person("Road Runner", false, vec![group("Operations")]),
            person("Wile Coyote", true, vec![group("Operations"), group("SRE")]),
            person(LONG_NAME, true, Vec::new()),
        ]
    };
    let finding = ApplicationGroups {
        singles: vec![single("Wile Coyote")],
        adding: Some("wile".to_owned()),
        candidates: vec![
            candidate("Wile Coyote", true),
            candidate("Wile the Other", false),
        ],
        ..access_page("AWS Production", some(), people(), true)
    };
    let hostile = ApplicationGroups {
        query: HOSTILE.to_owned(),
        singles: vec![single(HOSTILE)],
        adding: Some(HOSTILE.to_owned()),
        candidates: vec![candidate(HOSTILE, false)],
        problem: Some(HOSTILE.to_owned()),
        ..access_page(
            HOSTILE,
            vec![ticked(1, HOSTILE, "static", true)],
            vec![person(HOSTILE, true, vec![group(HOSTILE)])],
            true,
        )
    };
    vec![
        sample("admin_application_groups", NAV, finding),
        sample(
            "admin_application_groups_read_only",
            NAV,
            access_page("AWS Production", some(), people(), false),
        ),
        sample(
            "admin_application_groups_empty",
            NAV,
            access_page("AWS Production", Vec::new(), Vec::new(), true),
        ),
        sample("admin_application_groups_hostile", NAV, hostile),
    ]
}

fn deleting() -> Vec<Sample> {
    let deletion = |names: &[&str]| Deletion {
        applications: names
            .iter()
            .map(|name| (ID.to_owned(), (*name).to_owned()))
            .collect(),
        groups: Some("2 groups".to_owned()),
        people: Some("14 people".to_owned()),
        other_sides: vec![
            OtherSide::AwsIam,
            OtherSide::IdentityCenter,
            OtherSide::Other,
        ],
    };
    let ask =
        |deletion: &Deletion, typed| Confirm::delete_applications(deletion, CSRF.to_owned(), typed);
    vec![
        sample(
            "admin_application_delete",
            NAV,
            ask(&deletion(&["AWS Production · AWS IAM"]), None),
        ),
        sample(
            "admin_application_delete_many",
            NAV,
            ask(&deletion(&["AWS Production · AWS IAM"; 12]), Some("11")),
        ),
        sample(
            "admin_application_delete_hostile",
            NAV,
            ask(&deletion(&[HOSTILE]), Some(HOSTILE)),
        ),
    ]
}
