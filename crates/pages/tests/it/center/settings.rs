//! Samples of the dashboard and the settings of the console.

use jetway_pages::admin::Toast;
use jetway_pages::admin::parts::{Confirm, Field, Hidden, Moment, Tone};
use jetway_pages::local::identity_center::console::{
    AccessControl, AccessControlRow, CenterDashboard, CenterFrame, CenterNav, CenterPage,
    CenterProblem, CenterSettings, CenterSummary, CertificateRow, CertificateState, Certificates,
    ChangeSource, ConfigureSource, ConsoleSignIn, CurrentSource, EnableCenter, Provisioning,
    ReviewSource, ScimTokenRow, SetupStep, ShownOnce, SourceFacts,
};

use super::{CSRF, NOW, frame, local, page};
use crate::samples::{HOSTILE, Sample, sample};

const DAY: i64 = 86_400_000;

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = doors();
    all.extend(dashboard());
    all.extend(details());
    all.extend(source());
    all.extend(certificates());
    all.extend(provisioning());
    all.extend(access_control());
    all
}

fn doors() -> Vec<Sample> {
    let form = |typed: &str, problem: Option<&str>| ConsoleSignIn {
        action: "/console/sign-in".to_owned(),
        csrf: CSRF.to_owned(),
        access_key_id: typed.to_owned(),
        next: Some("/console/identity-center/users".to_owned()),
        problem: problem.map(str::to_owned),
    };
    vec![
        sample("local_console_sign_in", local(), form("", None)),
        sample(
            "local_console_sign_in_hostile",
            local(),
            form(HOSTILE, Some("This access key does not sign in here.")),
        ),
    ]
}

fn enable(organization: bool, refused: Option<&str>) -> EnableCenter {
    EnableCenter {
        csrf: CSRF.to_owned(),
        organization,
        region: "us-east-1".to_owned(),
        refused: refused.map(str::to_owned),
    }
}

fn bare(name: &'static str, body: EnableCenter) -> Sample {
    let frame = CenterFrame {
        enabled: false,
        ..frame(CenterNav::Dashboard)
    };
    Sample {
        name,
        html: CenterPage { frame, body }.to_html().unwrap(),
    }
}

fn dashboard() -> Vec<Sample> {
    let step = |path: &str, text: &str, help: &str, done| SetupStep {
        href: format!("/console/identity-center/{path}"),
        text: text.to_owned(),
        help: help.to_owned(),
        done,
    };
    let overview = |source: &str| CenterDashboard {
        steps: vec![
            step(
                "settings/identity-source",
                "Choose your identity source",
                "Where people sign in.",
                true,
            ),
            step(
                "settings/provisioning",
                "Enable automatic provisioning",
                "Users and groups come by themselves.",
                false,
            ),
            step(
                "permission-sets",
                "Create permission sets",
                "What people may do.",
                false,
            ),
            step(
                "accounts",
                "Manage access to multiple AWS accounts",
                "Assign users or groups to accounts.",
                false,
            ),
        ],
        summary: CenterSummary {
            start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
            portal: "http://127.0.0.1:8702/start".to_owned(),
            region: "us-east-1".to_owned(),
            instance_arn: "arn:aws:sso:::instance/ssoins-1234567890abcdef".to_owned(),
            identity_source: source.to_owned(),
            users: 28,
            groups: 4,
            permission_sets: 3,
            accounts: 3,
        },
    };
    vec![
        bare("local_center_enable", enable(true, None)),
        bare("local_center_enable_organization", enable(false, None)),
        bare("local_center_enable_hostile", enable(false, Some(HOSTILE))),
        page(
            "local_center_dashboard",
            CenterNav::Dashboard,
            overview("External identity provider"),
        ),
        page(
            "local_center_problem_hostile",
            CenterNav::Users,
            CenterProblem {
                heading: "The user was not deleted".to_owned(),
                message: HOSTILE.to_owned(),
                link: None,
            },
        ),
    ]
}

fn details() -> Vec<Sample> {
    let settings = |hours: Field| CenterSettings {
        csrf: CSRF.to_owned(),
        instance_arn: "arn:aws:sso:::instance/ssoins-1234567890abcdef".to_owned(),
        identity_store_id: "d-1234567890".to_owned(),
        start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
        portal: "http://127.0.0.1:8702/start".to_owned(),
        issuer_url: "https://us-east-1.signin.aws.amazon.com/platform/saml/d-1234567890".to_owned(),
        region: "us-east-1".to_owned(),
        owner_account: "111122223300".to_owned(),
        endpoint: "http://127.0.0.1:8702".to_owned(),
        portal_session_hours: hours,
    };
    let frame = CenterFrame {
        toast: Some(Toast {
            tone: Tone::Good,
            text: "The changes are saved.".to_owned(),
        }),
        ..frame(CenterNav::Settings)
    };
    vec![
        Sample {
            name: "local_center_settings",
            html: CenterPage {
                frame,
                body: settings(Field::new("8")),
            }
            .to_html()
            .unwrap(),
        },
        page(
            "local_center_settings_hostile",
            CenterNav::Settings,
            settings(Field::new(HOSTILE).with_error("Give a whole number from 1 to 2160.")),
        ),
    ]
}

fn facts() -> SourceFacts {
    SourceFacts {
        sign_in_url: "https://d-1234567890.awsapps.com/start".to_owned(),
        acs_url:
            "http://127.0.0.1:8702/platform/saml/acs/4455422d84a27c9f-9f18-41fa-81b4-769660979b1e"
                .to_owned(),
        issuer_url: "https://us-east-1.signin.aws.amazon.com/platform/saml/d-1234567890".to_owned(),
        metadata: "/console/identity-center/settings/identity-source/metadata.xml".to_owned(),
    }
}

fn certificate(id: &str, state: CertificateState) -> CertificateRow {
    CertificateRow {
        id: id.to_owned(),
        fingerprint: "4F:1C:AA:03:9B:52:7D:EE:10:62:77:C8:5A:3D:0E:99:4F:1C:AA:03:9B:52:7D:EE:10:62:77:C8:5A:3D:0E:99".to_owned(),
        state,
        from: Moment::new(NOW - 300 * DAY, NOW),
        until: Moment::new(NOW + 60 * DAY, NOW),
    }
}

fn external(entity: &str) -> CurrentSource {
    CurrentSource::External {
        entity_id: entity.to_owned(),
        sign_in_url: "http://127.0.0.1:8700/saml2/aws-identity-center".to_owned(),
        certificates: vec![
            certificate("c1", CertificateState::ExpiresSoon),
            certificate("c2", CertificateState::Active),
        ],
    }
}

fn source() -> Vec<Sample> {
    let tab = |source| ChangeSource {
        source,
        facts: facts(),
        provisioning: true,
        access_control: false,
    };
    let configure = |text: &str, problem: Option<&str>| ConfigureSource {
        csrf: CSRF.to_owned(),
        facts: facts(),
        external: true,
        entity_id: text.into(),
        sign_in_url: text.into(),
        certificate: text.into(),
        problem: problem.map(str::to_owned),
    };
    let review = |external, typed| ReviewSource {
        csrf: CSRF.to_owned(),
        external,
        sealed: "PD94bWw+".to_owned(),
        users: 28,
        assignments: 7,
        typed,
    };
    let settings = CenterNav::Settings;
    vec![
        page(
            "local_center_source_directory",
            settings,
            tab(CurrentSource::Directory),
        ),
        page(
            "local_center_source",
            settings,
            tab(external("http://127.0.0.1:8700/acme")),
        ),
        page(
            "local_center_source_hostile",
            settings,
            tab(external(HOSTILE)),
        ),
        page("local_center_source_change", settings, configure("", None)),
        page(
            "local_center_source_change_hostile",
            settings,
            configure(HOSTILE, Some("The file is not SAML metadata.")),
        ),
        page(
            "local_center_source_review",
            settings,
            review(
                Some(external("http://127.0.0.1:8700/acme")),
                Field::default(),
            ),
        ),
        page(
            "local_center_source_review_hostile",
            settings,
            review(
                None,
                Field::new(HOSTILE).with_error("Type ACCEPT in capital letters."),
            ),
        ),
    ]
}

fn certificates() -> Vec<Sample> {
    let tab = |certificates, text: &str| Certificates {
        csrf: CSRF.to_owned(),
        certificates,
        certificate: text.into(),
        problem: (!text.is_empty()).then(|| "This is not a certificate in PEM.".to_owned()),
    };
    let two = vec![
        certificate("c1", CertificateState::Expired),
        certificate("c2", CertificateState::Active),
    ];
    let one = vec![certificate("c1", CertificateState::ExpiresSoon)];
    vec![
        page(
            "local_center_certificates",
            CenterNav::Settings,
            tab(two, ""),
        ),
        page(
            "local_center_certificates_hostile",
            CenterNav::Settings,
            tab(one, HOSTILE),
        ),
    ]
}

fn provisioning() -> Vec<Sample> {
    let tab = |endpoint: Option<&str>, tokens: usize, fresh: Option<&str>| Provisioning {
        csrf: CSRF.to_owned(),
        endpoint: endpoint.map(str::to_owned),
        tokens: (0..tokens)
            .map(|index| ScimTokenRow {
                id: format!("0199f3a2-5c1e-7b4d-9c52-00000000000{index}"),
                created: Moment::new(NOW - 300 * DAY, NOW),
                expires: Moment::new(NOW + 65 * DAY, NOW),
                soon: index == 0,
                expired: false,
            })
            .collect(),
        fresh: fresh.map(|token| ShownOnce(token.to_owned())),
        refused: None,
    };
    let endpoint = Some("http://127.0.0.1:8702/f3v1a2b3c4d-1111-2222-3333-444455556666/scim/v2/");
    let token = "a1b2c3d4-0000-4000-8000-000000000000:a1b2c3d4-0000-4000-8000-000000000001:"
        .to_owned()
        + &"RXhhbXBsZQ".repeat(42);
    let refused = Provisioning {
        refused: Some(HOSTILE.to_owned()),
        ..tab(None, 0, None)
    };
    let settings = CenterNav::Settings;
    vec![
        page("local_center_provisioning_off", settings, tab(None, 0, None)),
        page("local_center_provisioning_refused_hostile", settings, refused),
        page("local_center_provisioning_fresh", settings, tab(endpoint, 1, Some(&token))),
        page("local_center_provisioning", settings, tab(endpoint, 2, None)),
        page("local_center_provisioning_bare", settings, tab(endpoint, 0, None)),
        page(
            "local_center_provisioning_disable",
            settings,
            Confirm {
                heading: "Disable automatic provisioning?".to_owned(),
                subjects: Vec::new(),
                more: None,
                consequences: vec![
                    "The identity provider gets 401 from now on; users and groups stay as they are.".to_owned(),
                ],
                action: "/console/identity-center/settings/provisioning/disable".to_owned(),
                csrf: CSRF.to_owned(),
                hidden: vec![Hidden::new("sure", "yes")],
                choice: None,
                typed: None,
                submit: "Disable automatic provisioning".to_owned(),
                danger: true,
                cancel: "/console/identity-center/settings/provisioning".to_owned(),
            },
        ),
    ]
}

fn access_control() -> Vec<Sample> {
    let tab = |rows: Option<Vec<(&str, &str)>>, problem: Option<&str>| AccessControl {
        csrf: CSRF.to_owned(),
        rows: rows.map(|rows| {
            rows.into_iter()
                .map(|(key, source)| AccessControlRow {
                    key: key.to_owned(),
                    source: source.to_owned(),
                })
                .collect()
        }),
        problem: problem.map(str::to_owned),
        precedence: "If an assertion carries the same attribute, the assertion's value counts."
            .to_owned(),
    };
    let rows = vec![
        ("CostCenter", "${path:enterprise.costCenter}"),
        ("Region", "${path:addresses[type eq \"work\"].region}"),
    ];
    let settings = CenterNav::Settings;
    vec![
        page("local_center_access_control_off", settings, tab(None, None)),
        page(
            "local_center_access_control_empty",
            settings,
            tab(Some(Vec::new()), None),
        ),
        page(
            "local_center_access_control",
            settings,
            tab(Some(rows), None),
        ),
        page(
            "local_center_access_control_hostile",
            settings,
            tab(
                Some(vec![(HOSTILE, HOSTILE)]),
                Some("Each key may stand there once."),
            ),
        ),
    ]
}
