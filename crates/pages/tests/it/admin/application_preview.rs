//! Samples of the preview of an application, of "Diagnose", and of a sign-in that is held.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{
    ApplicationHeader, ApplicationPreview, ApplicationTab, EveryoneChecked, PersonPreview,
    PreviewAttribute, PreviewCandidate, PreviewCheck, PreviewConflict,
};
use jetway_pages::admin::diagnose::{Diagnose, DiagnoseFinding, DiagnoseResult};
use jetway_pages::admin::parts::{Badge, Choice, Field, Moment, Select, Tone};
use jetway_pages::{HeldSignOn, Link, TileMark};

use super::{CSRF, LONG_NAME, NOW, sample};
use crate::samples::{HOSTILE, Sample, anonymous};

const NAV: NavItem = NavItem::Applications;
const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
const PAIR: &str =
    "arn:aws:iam::012345678987:role/Admin,arn:aws:iam::012345678987:saml-provider/Jetway";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = previews();
    all.extend(diagnoses());
    all.extend(held());
    all
}

pub(super) fn header(label: &str, tab: ApplicationTab) -> ApplicationHeader {
    use ApplicationTab::{Attributes, Aws, General, Groups, Preview, Sso};
    ApplicationHeader {
        id: "65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
        label: label.to_owned(),
        mark: TileMark::new(label, Some("#d86613")),
        kind: "AWS IAM".to_owned(),
        facts: vec![("Single sign-on", Badge::new(Tone::Good, "active"))],
        tabs: vec![General, Sso, Attributes, Groups, Preview, Aws],
        tab,
        can_delete: true,
        changed: Some((
            Moment::new(NOW - 7_200_000, NOW),
            "Granny Webster".to_owned(),
        )),
    }
}

fn page(label: &str) -> ApplicationPreview {
    ApplicationPreview {
        application: header(label, ApplicationTab::Preview),
        csrf: CSRF.to_owned(),
        query: String::new(),
        found: None,
        person: None,
        everyone: None,
        sign_in: "/saml2/acme-prod-aws-admin".to_owned(),
        encrypted: false,
    }
}

fn candidate(name: &str) -> PreviewCandidate {
    PreviewCandidate {
        id: "5f8d0d55b54764421b7156c1".to_owned(),
        name: name.to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
    }
}

fn check(tone: Tone, badge: &str, text: &str) -> PreviewCheck {
    PreviewCheck {
        badge: Badge::new(tone, badge),
        text: text.to_owned(),
    }
}

fn person(name: &str, value: &str) -> PersonPreview {
    let texts = |one: &str, other: &str| (one.to_owned(), other.to_owned());
    PersonPreview {
        id: "5f8d0d55b54764421b7156c1".to_owned(),
        name: name.to_owned(),
        email: "road.runner@the-acme-corporation.com".to_owned(),
        through: vec![Link {
            href: "/admin/groups/65e1c2a9f0b3d4e5a6b7c8d9".to_owned(),
            text: "operations".to_owned(),
        }],
        checks: vec![
            check(
                Tone::Bad,
                "bad",
                "The user is suspended and cannot sign in.",
            ),
            check(
                Tone::Waiting,
                "warning",
                "The certificate ends on 2026-04-01; add the next key in time.",
            ),
            check(
                Tone::Good,
                "good",
                "One role: AWS opens the console at once.",
            ),
        ],
        name_id: Some(texts(
            "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            value,
        )),
        attributes: vec![
            PreviewAttribute {
                name: ROLE.to_owned(),
                values: vec![
                    texts(PAIR, "constant attribute"),
                    texts(PAIR, "role rule for the group operations"),
                ],
            },
            PreviewAttribute {
                name: "https://aws.amazon.com/SAML/Attributes/PrincipalTag:Project".to_owned(),
                values: vec![texts(value, "custom:Project of the group operations")],
            },
        ],
        conflicts: vec![PreviewConflict {
            source: "custom:Project".to_owned(),
            values: vec![texts("cooks", value), texts(name, "rockets")],
        }],
        xml: Some(format!(
            "<samlp:Response>\n  <saml:Issuer>{value}</saml:Issuer>\n</samlp:Response>"
        )),
    }
}

fn previews() -> Vec<Sample> {
    let searched = ApplicationPreview {
        query: "road".to_owned(),
        found: Some(vec![candidate("Road Runner"), candidate(LONG_NAME)]),
        encrypted: true,
        ..page("AWS Production")
    };
    let nobody = ApplicationPreview {
        query: "nobody".to_owned(),
        found: Some(Vec::new()),
        ..page("AWS Production")
    };
    let one = ApplicationPreview {
        person: Some(person(
            "Road Runner",
            "road.runner@the-acme-corporation.com",
        )),
        ..page("AWS Production")
    };
    let unusable = ApplicationPreview {
        person: Some(PersonPreview {
            through: Vec::new(),
            name_id: None,
            attributes: Vec::new(),
            conflicts: Vec::new(),
            xml: None,
            ..person("Wile Coyote", "")
        }),
        ..page("AWS Production")
    };
    let everyone = ApplicationPreview {
        everyone: Some(EveryoneChecked {
            summary: "Looked at everyone who has it: 112 people. It would not work for 3 of them."
                .to_owned(),
            all_good: false,
            failing: vec![(
                candidate(LONG_NAME),
                "The NameID is taken from custom:x, but they have no such value.".to_owned(),
            )],
            more: Some("and 2 more".to_owned()),
        }),
        ..page("AWS Production")
    };
    let hostile = ApplicationPreview {
        query: HOSTILE.to_owned(),
        found: Some(vec![candidate(HOSTILE)]),
        person: Some(person(HOSTILE, HOSTILE)),
        ..page(HOSTILE)
    };
    vec![
        sample("admin_application_preview", NAV, page("AWS Production")),
        sample("admin_application_preview_search", NAV, searched),
        sample("admin_application_preview_nobody", NAV, nobody),
        sample("admin_application_preview_person", NAV, one),
        sample("admin_application_preview_unusable", NAV, unusable),
        sample("admin_application_preview_everyone", NAV, everyone),
        sample("admin_application_preview_hostile", NAV, hostile),
    ]
}

fn diagnose(label: &str) -> Diagnose {
    Diagnose {
        csrf: CSRF.to_owned(),
        application: Select {
            choices: vec![
                Choice::new("", "No application", false),
                Choice::new("65e1c2a9f0b3d4e5a6b7c8d9", label, true),
            ],
            error: None,
        },
        pasted: Field::default(),
        longest: 204_800,
        result: None,
    }
}

fn diagnoses() -> Vec<Sample> {
    let finding = |tone, badge: &str, text: &str| DiagnoseFinding {
        badge: Badge::new(tone, badge),
        title: format!("The audience is {text}"),
        explanation: "AWS takes urn:amazon:webservices.".to_owned(),
        fix: "Correct the SP entity ID on the tab SSO.".to_owned(),
    };
    let found = |label: &str, text: &str| Diagnose {
        result: Some(DiagnoseResult {
            what: "This is a SAML response".to_owned(),
            findings: vec![
                finding(Tone::Bad, "AWS refuses", text),
                finding(Tone::None, "note", "fine"),
            ],
        }),
        ..diagnose(label)
    };
    let nothing = Diagnose {
        result: Some(DiagnoseResult {
            what: "This is a SAML response".to_owned(),
            findings: Vec::new(),
        }),
        ..diagnose("AWS Production")
    };
    let empty = Diagnose {
        pasted: Field::default()
            .with_error("Paste the error text of AWS, or the value of SAMLResponse."),
        ..diagnose("AWS Production")
    };
    vec![
        sample(
            "admin_application_diagnose",
            NAV,
            diagnose("AWS Production"),
        ),
        sample(
            "admin_application_diagnose_found",
            NAV,
            found("AWS", "\"urn:x\""),
        ),
        sample("admin_application_diagnose_nothing", NAV, nothing),
        sample("admin_application_diagnose_empty", NAV, empty),
        sample(
            "admin_application_diagnose_hostile",
            NAV,
            found(HOSTILE, HOSTILE),
        ),
    ]
}

fn held() -> Vec<Sample> {
    let page = |text: &str, encrypted: bool| HeldSignOn {
        application_label: text.to_owned(),
        acs_url: "https://signin.aws.amazon.com/saml".to_owned(),
        saml_response: "PHNhbWxwOlJlc3BvbnNlLz4=".to_owned(),
        relay_state: Some(text.to_owned()),
        name_id: (!encrypted).then(|| ("urn:x".to_owned(), text.to_owned())),
        attributes: if encrypted {
            Vec::new()
        } else {
            vec![
                (ROLE.to_owned(), PAIR.to_owned()),
                (text.to_owned(), text.to_owned()),
            ]
        },
        encrypted,
        xml: format!("<samlp:Response>\n  <saml:Issuer>{text}</saml:Issuer>\n</samlp:Response>"),
    };
    let sample = crate::samples::sample;
    vec![
        sample(
            "single_sign_on_held",
            anonymous(),
            page("AWS Production", false),
        ),
        sample(
            "single_sign_on_held_encrypted",
            anonymous(),
            page("Wiki", true),
        ),
        sample(
            "single_sign_on_held_hostile",
            anonymous(),
            page(HOSTILE, false),
        ),
    ]
}
