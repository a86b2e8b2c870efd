//! Samples of what is run in AWS, and of the ARNs on their way back.

use jetway_pages::admin::NavItem;
use jetway_pages::admin::applications::{
    ApplicationArns, ApplicationAws, ApplicationTab, FoundPair, GeneratedFile, SetupForm, SetupPart,
};
use jetway_pages::admin::parts::{Choice, Field, Select};

use super::application_preview::header;
use super::{CSRF, LONG_NAME, sample};
use crate::samples::{HOSTILE, Sample};

const NAV: NavItem = NavItem::Applications;
const ROLE: &str = "arn:aws:iam::012345678987:role/Admin";
const PROVIDER: &str = "arn:aws:iam::012345678987:saml-provider/Jetway";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = setups();
    all.extend(arns());
    all
}

fn iam_form(accounts: &str) -> SetupForm {
    SetupForm::Iam {
        accounts: accounts.into(),
        roles: "SAML-User".into(),
        provider: "Jetway".into(),
        policies: "ReadOnlyAccess".into(),
    }
}

fn page(label: &str) -> ApplicationAws {
    ApplicationAws {
        application: header(label, ApplicationTab::Aws),
        csrf: CSRF.to_owned(),
        form: iam_form(""),
        fresh: true,
        parts: Vec::new(),
        notes: Vec::new(),
        policy: None,
        arns: Some(Field::default()),
    }
}

fn part(number: usize, heading: &str, text: &str) -> SetupPart {
    let file = |offset: usize, title: &str| {
        GeneratedFile {
        id: format!("file-{}", number * 10 + offset),
        title: title.to_owned(),
        hint: "Put it into a folder of its own.".to_owned(),
        href: "/admin/applications/65e1c2a9f0b3d4e5a6b7c8d9/aws/terraform.tf?accounts=012345678987&of=Jetway"
            .to_owned(),
        text: text.to_owned(),
    }
    };
    SetupPart {
        heading: heading.to_owned(),
        problem: None,
        steps: vec![
            "Log in to the AWS Management Console of account 012345678987.".to_owned(),
            format!("Role name: {text}"),
        ],
        files: vec![file(1, "Terraform"), file(2, "Script for the AWS CLI")],
    }
}

fn setups() -> Vec<Sample> {
    let long = format!("resource \"aws_iam_role\" \"{}\" {{\n}}", "x".repeat(400));
    let configured = ApplicationAws {
        fresh: false,
        parts: vec![
            part(1, "SAML provider Jetway", &long),
            part(2, "SAML provider Jetway2", "# another"),
        ],
        notes: vec!["The role team/Audit of account 012345678987 has a path.".to_owned()],
        policy: Some("{\n  \"Version\": \"2012-10-17\"\n}".to_owned()),
        ..page("AWS Production")
    };
    let wrong = SetupPart {
        problem: Some("An AWS account is a number of 12 digits, but is \"1\".".to_owned()),
        steps: Vec::new(),
        files: Vec::new(),
        ..part(1, "SAML provider Jetway", "")
    };
    let refused = ApplicationAws {
        fresh: false,
        form: iam_form("1"),
        parts: vec![wrong],
        arns: Some(Field::default().with_error("No pair of a role and a SAML provider was found.")),
        ..page("AWS Production")
    };
    let center = ApplicationAws {
        fresh: false,
        form: SetupForm::IdentityCenter {
            region: "eu-west-1".into(),
            accounts: "012345678987".into(),
            groups: LONG_NAME.into(),
            permission_sets: "ReadOnly".into(),
            policies: "ReadOnlyAccess".into(),
        },
        parts: vec![part(1, "IAM Identity Center", "# Permission sets")],
        arns: None,
        ..page("AWS IAM Identity Center")
    };
    let hostile = ApplicationAws {
        parts: vec![part(1, HOSTILE, HOSTILE)],
        notes: vec![HOSTILE.to_owned()],
        policy: Some(HOSTILE.to_owned()),
        form: iam_form(HOSTILE),
        ..page(HOSTILE)
    };
    vec![
        sample("admin_application_aws_fresh", NAV, page("AWS Production")),
        sample("admin_application_aws", NAV, configured),
        sample("admin_application_aws_refused", NAV, refused),
        sample("admin_application_aws_center", NAV, center),
        sample("admin_application_aws_hostile", NAV, hostile),
    ]
}

fn arns() -> Vec<Sample> {
    let pair = |group| FoundPair {
        value: format!("{ROLE},{PROVIDER}"),
        role: ROLE.to_owned(),
        provider: PROVIDER.to_owned(),
        group,
    };
    let groups = |name: &str| Select {
        choices: vec![
            Choice::new("", "No group", true),
            Choice::new(name, name, false),
        ],
        error: None,
    };
    let page = |label: &str| ApplicationArns {
        application: header(label, ApplicationTab::Aws),
        csrf: CSRF.to_owned(),
        version: "3".to_owned(),
        by_group: false,
        before: vec![
            format!("{ROLE},{PROVIDER}").replace("012345678987", "YOUR_AWS_ACCOUNT_NUMBER"),
        ],
        pairs: vec![pair(None)],
        problems: Vec::new(),
        refused: None,
    };
    let rules = ApplicationArns {
        by_group: true,
        before: Vec::new(),
        pairs: vec![
            pair(Some(groups("operations"))),
            pair(Some(groups(LONG_NAME))),
        ],
        problems: vec!["Line 3: there are no ARNs in it.".to_owned()],
        ..page("AWS Production")
    };
    let hostile = ApplicationArns {
        by_group: true,
        pairs: vec![pair(Some(groups(HOSTILE)))],
        problems: vec![HOSTILE.to_owned()],
        refused: Some(HOSTILE.to_owned()),
        ..page(HOSTILE)
    };
    vec![
        sample("admin_application_arns", NAV, page("AWS Production")),
        sample("admin_application_arns_rules", NAV, rules),
        sample("admin_application_arns_hostile", NAV, hostile),
    ]
}
