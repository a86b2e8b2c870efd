//! Samples of the console's accounts and assignments.

use jetway_pages::local::identity_center::console::{
    AccountAccess, AssignPermissionSets, AssignPrincipals, AssignedPrincipal, CenterNav,
    OrganizationNode, OrganizationPage, OrganizationPart, PermissionSetChoice, PrincipalChoice,
};

use super::{CSRF, page};
use crate::samples::{HOSTILE, Sample};

const SET: &str = "ps-1234567890abcdef";
const GROUP: &str = "group:b4c8e468-1061-7085-3c0e-5f1d2a7e9b31";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = accounts();
    all.extend(assigning());
    all
}

fn tree(name: &str) -> OrganizationPage {
    let node = |depth, id: &str, name: &str, part| OrganizationNode {
        depth,
        id: id.to_owned(),
        name: name.to_owned(),
        part,
    };
    let account = |management, suspended, sets: &[&str]| OrganizationPart::Account {
        email: "aws@the-acme-corporation.com".to_owned(),
        management,
        suspended,
        permission_sets: sets.iter().map(|name| (*name).to_owned()).collect(),
    };
    OrganizationPage {
        organization_id: "o-a1b2c3d4e5".to_owned(),
        nodes: vec![
            node(0, "r-ab12", "Root", OrganizationPart::Root),
            node(1, "111122223300", "management", account(true, false, &[])),
            node(1, "ou-ab12-11111111", "Workloads", OrganizationPart::Unit),
            node(
                2,
                "111122223301",
                name,
                account(false, false, &["ReadOnly", "S3Admin"]),
            ),
            node(
                2,
                "111122223302",
                "old",
                account(false, true, &["ReadOnly"]),
            ),
        ],
    }
}

fn accounts() -> Vec<Sample> {
    let assigned = |group, name: Option<&str>| AssignedPrincipal {
        principal: GROUP.to_owned(),
        group,
        name: name.map(str::to_owned),
        permission_sets: vec!["ReadOnly".to_owned(), "S3Admin".to_owned()],
    };
    let details = |name: &str, assigned: Vec<AssignedPrincipal>| AccountAccess {
        id: "111122223301".to_owned(),
        name: name.to_owned(),
        email: "aws+1@the-acme-corporation.com".to_owned(),
        provisioned: if assigned.is_empty() {
            Vec::new()
        } else {
            vec![
                (
                    "ReadOnly".to_owned(),
                    SET.to_owned(),
                    "AWSReservedSSO_ReadOnly_1234567890abcdef".to_owned(),
                    true,
                ),
                (
                    name.to_owned(),
                    SET.to_owned(),
                    "AWSReservedSSO_S3Admin_1234567890abcdef".to_owned(),
                    false,
                ),
            ]
        },
        assigned,
    };
    let here = CenterNav::Accounts;
    let some = |name| {
        vec![
            assigned(true, Some(name)),
            assigned(false, Some("road.runner")),
            assigned(true, None),
        ]
    };
    vec![
        page("local_center_accounts", here, tree("production")),
        page("local_center_accounts_hostile", here, tree(HOSTILE)),
        page(
            "local_center_account",
            here,
            details("production", some("operations")),
        ),
        page(
            "local_center_account_hostile",
            here,
            details(HOSTILE, some(HOSTILE)),
        ),
        page(
            "local_center_account_empty",
            here,
            details("production", Vec::new()),
        ),
    ]
}

fn what(name: &str, change: bool, sets: &[&str]) -> AssignPermissionSets {
    AssignPermissionSets {
        csrf: CSRF.to_owned(),
        account_id: "111122223301".to_owned(),
        account_name: "production".to_owned(),
        principals: vec![(GROUP.to_owned(), name.to_owned())],
        change,
        choices: sets
            .iter()
            .enumerate()
            .map(|(index, set)| PermissionSetChoice {
                id: format!("ps-{index:016x}"),
                name: (*set).to_owned(),
                description: "What it says".to_owned(),
                ticked: change && index == 0,
            })
            .collect(),
        problem: None,
    }
}

fn assigning() -> Vec<Sample> {
    let whom =
        |groups, search: &str, names: &[&str], more, problem: Option<&str>| AssignPrincipals {
            account_id: "111122223301".to_owned(),
            account_name: "production".to_owned(),
            groups,
            search: search.to_owned(),
            choices: names
                .iter()
                .map(|name| PrincipalChoice {
                    principal: GROUP.to_owned(),
                    name: (*name).to_owned(),
                    detail: "Keeps things running".to_owned(),
                })
                .collect(),
            more,
            problem: problem.map(str::to_owned),
        };
    let here = CenterNav::Accounts;
    let sets = &["ReadOnly", "S3Admin"];
    vec![
        page(
            "local_center_assign",
            here,
            whom(true, "", &["operations", "accounts-payable"], 0, None),
        ),
        page(
            "local_center_assign_users",
            here,
            whom(
                false,
                "",
                &["road.runner"],
                950,
                Some("Select at least one user or group."),
            ),
        ),
        page(
            "local_center_assign_empty",
            here,
            whom(true, "", &[], 0, None),
        ),
        page(
            "local_center_assign_nothing_hostile",
            here,
            whom(false, HOSTILE, &[], 0, None),
        ),
        page(
            "local_center_assign_hostile",
            here,
            whom(true, "", &[HOSTILE], 0, None),
        ),
        page(
            "local_center_assign_sets",
            here,
            what("operations", false, sets),
        ),
        page(
            "local_center_assign_change",
            here,
            what("operations", true, sets),
        ),
        page(
            "local_center_assign_sets_empty",
            here,
            what("operations", false, &[]),
        ),
        page(
            "local_center_assign_sets_hostile",
            here,
            what(HOSTILE, false, &[HOSTILE]),
        ),
    ]
}
