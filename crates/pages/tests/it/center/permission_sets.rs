//! Samples of the console's permission sets.

use jetway_pages::admin::parts::{Field, Moment};
use jetway_pages::local::identity_center::console::{
    AssignedPrincipal, CenterNav, EditPolicy, EditTags, PermissionSetDetails, PermissionSetFacts,
    PermissionSetForm, PermissionSetList, PermissionSetRow, PolicyName, Reprovision,
    ReprovisionAccount, TagRow,
};

use super::{CSRF, NOW, page};
use crate::samples::{HOSTILE, Sample};

const SET: &str = "ps-1234567890abcdef";
const GROUP: &str = "group:b4c8e468-1061-7085-3c0e-5f1d2a7e9b31";
const POLICY: &str = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [\n    {\n      \"Effect\": \"Deny\",\n      \"Action\": \"iam:*\",\n      \"Resource\": \"*\",\n      \"Condition\": {\"StringEquals\": {\"aws:PrincipalTag/Project\": \"Automation\"}}\n    }\n  ]\n}";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = permission_sets();
    all.extend(changes());
    all
}

fn permission_sets() -> Vec<Sample> {
    let row = |name: &str, accounts, outdated| PermissionSetRow {
        id: SET.to_owned(),
        name: name.to_owned(),
        description: "What it says".to_owned(),
        accounts,
        outdated,
    };
    let list = |sets| PermissionSetList { sets };
    let form = |id: Option<&str>, text: &str| PermissionSetForm {
        csrf: CSRF.to_owned(),
        id: id.map(str::to_owned),
        set_name: text.into(),
        session_duration: "PT1H".into(),
        inline: if text == HOSTILE {
            Field::new(text).with_error("This is not JSON: expected value at line 1 column 1.")
        } else {
            Field::default()
        },
        problem: (text == HOSTILE)
            .then(|| "PermissionSet with that name already exists.".to_owned()),
        ..PermissionSetForm::default()
    };
    let here = CenterNav::PermissionSets;
    vec![
        page(
            "local_center_permission_sets",
            here,
            list(vec![
                row("ReadOnly", 3, 0),
                row("S3Admin", 3, 2),
                row("Billing", 0, 0),
            ]),
        ),
        page("local_center_permission_sets_empty", here, list(Vec::new())),
        page(
            "local_center_permission_sets_hostile",
            here,
            list(vec![row(HOSTILE, 1, 0)]),
        ),
        page("local_center_permission_set_new", here, form(None, "")),
        page(
            "local_center_permission_set_new_hostile",
            here,
            form(None, HOSTILE),
        ),
        page(
            "local_center_permission_set_edit",
            here,
            form(Some(SET), "S3Admin"),
        ),
        page(
            "local_center_permission_set",
            here,
            details("S3Admin", true),
        ),
        page(
            "local_center_permission_set_bare",
            here,
            details("S3Admin", false),
        ),
        page(
            "local_center_permission_set_hostile",
            here,
            details(HOSTILE, true),
        ),
    ]
}

fn details(name: &str, full: bool) -> PermissionSetDetails {
    let text = |value: &str| {
        if full {
            value.to_owned()
        } else {
            String::new()
        }
    };
    let policy = |value: &str| PolicyName {
        value: format!("arn:aws:iam::aws:policy/{value}"),
        name: value.to_owned(),
    };
    let when = |values: Vec<PolicyName>| if full { values } else { Vec::new() };
    PermissionSetDetails {
        csrf: CSRF.to_owned(),
        facts: PermissionSetFacts {
            id: SET.to_owned(),
            name: name.to_owned(),
            arn: format!("arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/{SET}"),
            description: text("All of S3"),
            session_duration: "PT1H".to_owned(),
            relay_state: text("https://console.example/s3"),
            created: Moment::new(NOW, NOW),
        },
        managed: when(vec![policy("AmazonS3FullAccess")]),
        customer_managed: when(vec![policy(name)]),
        inline: text(POLICY),
        boundary: text("arn:aws:iam::aws:policy/PowerUserAccess"),
        tags: if full {
            vec![TagRow {
                key: "Project".to_owned(),
                value: name.to_owned(),
            }]
        } else {
            Vec::new()
        },
        accounts: if full {
            vec![
                ("production".to_owned(), "111122223301".to_owned(), true),
                ("staging".to_owned(), "111122223302".to_owned(), false),
            ]
        } else {
            Vec::new()
        },
        assigned: if full {
            vec![AssignedPrincipal {
                principal: GROUP.to_owned(),
                group: true,
                name: Some("operations".to_owned()),
                permission_sets: vec!["production".to_owned()],
            }]
        } else {
            Vec::new()
        },
        attach_managed: Field::default(),
        attach_customer: if full {
            Field::default()
        } else {
            Field::new("x y").with_error("A policy has no such name.")
        },
    }
}

fn changes() -> Vec<Sample> {
    let policy = |text: Field| EditPolicy {
        csrf: CSRF.to_owned(),
        id: SET.to_owned(),
        name: "S3Admin".to_owned(),
        policy: text,
    };
    let reprovision = |names: &[&str]| Reprovision {
        csrf: CSRF.to_owned(),
        id: SET.to_owned(),
        name: "S3Admin".to_owned(),
        accounts: names
            .iter()
            .enumerate()
            .map(|(index, name)| ReprovisionAccount {
                id: format!("{:012}", 111_122_223_301_usize + index),
                name: (*name).to_owned(),
                current: index == 1,
            })
            .collect(),
        problem: None,
    };
    let tags = |key: &str, problem: Option<&str>| EditTags {
        csrf: CSRF.to_owned(),
        id: SET.to_owned(),
        name: "S3Admin".to_owned(),
        tags: if key.is_empty() {
            Vec::new()
        } else {
            vec![TagRow {
                key: key.to_owned(),
                value: "Automation".to_owned(),
            }]
        },
        problem: problem.map(str::to_owned),
    };
    let here = CenterNav::PermissionSets;
    vec![
        page("local_center_policy", here, policy(POLICY.into())),
        page(
            "local_center_policy_hostile",
            here,
            policy(
                Field::new(HOSTILE)
                    .with_error("This is not JSON: expected value at line 1 column 1."),
            ),
        ),
        page(
            "local_center_reprovision",
            here,
            reprovision(&["production", "staging"]),
        ),
        page("local_center_reprovision_none", here, reprovision(&[])),
        page(
            "local_center_reprovision_hostile",
            here,
            reprovision(&[HOSTILE]),
        ),
        page("local_center_tags", here, tags("Project", None)),
        page("local_center_tags_empty", here, tags("", None)),
        page(
            "local_center_tags_hostile",
            here,
            tags(HOSTILE, Some("A key may stand there once.")),
        ),
    ]
}
