//! Samples of the local AWS's pages.

use jetway_pages::{
    Body, Chrome, Page, Person, Product, SignOut,
    local::{
        AccountRoles, Bucket, Buckets, Console, RoleChoice, RoleChooser, SessionTag, SignInRefused,
        SignedOut,
    },
};

use crate::samples::{HOSTILE, Sample, anonymous};

pub(crate) fn samples() -> Vec<Sample> {
    vec![
        sample(
            "local_chooser",
            local(),
            chooser("account-alias", "Development"),
        ),
        sample("local_chooser_hostile", local(), chooser(HOSTILE, HOSTILE)),
        sample(
            "local_console",
            signed_in(),
            console("Project", Buckets::Listed(buckets())),
        ),
        sample(
            "local_console_hostile",
            signed_in(),
            console(HOSTILE, Buckets::Refused(HOSTILE.into())),
        ),
        sample("local_console_bare", signed_in(), bare_console()),
        sample("local_refused", local(), refused()),
        sample("local_signed_out", local(), SignedOut { just_now: true }),
        sample(
            "local_not_signed_in",
            local(),
            SignedOut { just_now: false },
        ),
    ]
}

fn sample(name: &'static str, chrome: Chrome, body: impl Body) -> Sample {
    Sample {
        name,
        html: Page { chrome, body }.to_html().unwrap(),
    }
}

fn local() -> Chrome {
    Chrome {
        product: Product::LocalAws,
        organisation: "Local AWS".to_owned(),
        ..anonymous()
    }
}

fn signed_in() -> Chrome {
    Chrome {
        organisation: "production 012345678987".to_owned(),
        person: Some(Person {
            name: "road.runner@the-acme-corporation.com".to_owned(),
            detail: "AcmeJumpCloudAdminRO".to_owned(),
        }),
        sign_out: Some(SignOut {
            action: "/console/sign-out".to_owned(),
            csrf: Some("c2FtcGxlLXRva2Vu".to_owned()),
        }),
        ..local()
    }
}

fn chooser(alias: &str, role: &str) -> RoleChooser {
    let choice = |index: usize, account: &str, name: &str| RoleChoice {
        index,
        arn: format!("arn:aws:iam::{account}:role/{name}"),
        name: name.to_owned(),
    };
    RoleChooser {
        saml_response: "PHNhbWxwOlJlc3BvbnNlLz4=".to_owned(),
        relay_state: alias.to_owned(),
        ticket: "dGlja2V0".to_owned(),
        accounts: vec![
            AccountRoles {
                id: "000000000001".to_owned(),
                alias: Some(alias.to_owned()),
                roles: vec![
                    choice(0, "000000000001", role),
                    choice(1, "000000000001", "Production"),
                ],
            },
            AccountRoles {
                id: "000000000002".to_owned(),
                alias: None,
                roles: vec![choice(2, "000000000002", role)],
            },
        ],
    }
}

fn buckets() -> Vec<Bucket> {
    let bucket = |name: &str, listable| Bucket {
        name: name.to_owned(),
        region: "us-east-1".to_owned(),
        listable,
    };
    vec![bucket("acme-reports", true), bucket("acme-secrets", false)]
}

fn console(text: &str, buckets: Buckets) -> Console {
    Console {
        account_id: "012345678987".to_owned(),
        account_name: "production".to_owned(),
        role_name: "AcmeJumpCloudAdminRO".to_owned(),
        role_arn: "arn:aws:iam::012345678987:role/AcmeJumpCloudAdminRO".to_owned(),
        session_name: text.to_owned(),
        assumed_role_arn: "arn:aws:sts::012345678987:assumed-role/AcmeJumpCloudAdminRO/road.runner@the-acme-corporation.com".to_owned(),
        provider_arn: Some("arn:aws:iam::012345678987:saml-provider/JumpCloud".to_owned()),
        source_identity: Some(text.to_owned()),
        tags: vec![
            SessionTag { key: text.to_owned(), value: "Rockets".to_owned(), transitive: true },
            SessionTag { key: "Region".to_owned(), value: text.to_owned(), transitive: false },
        ],
        remaining: "59 minutes".to_owned(),
        expires_at: "2026-11-22T05:00:00Z".to_owned(),
        region: "us-east-1".to_owned(),
        buckets,
    }
}

fn bare_console() -> Console {
    Console {
        provider_arn: None,
        source_identity: None,
        tags: Vec::new(),
        ..console("road.runner", Buckets::Listed(Vec::new()))
    }
}

fn refused() -> SignInRefused {
    SignInRefused {
        message: "RoleSessionName is required in AuthnResponse (Service: AWSSecurityTokenService; Status Code: 400; Error Code: InvalidIdentityToken; Request ID: 00000000-0000-4000-8000-000000000000). Please try again.".to_owned(),
        diagnosis: vec![HOSTILE.to_owned()],
        reference: "00000000-0000-4000-8000-000000000000".to_owned(),
    }
}
