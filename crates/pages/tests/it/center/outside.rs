//! Samples of the access portal and of what `aws sso login` opens.

use jetway_pages::admin::parts::{Hidden, Moment};
use jetway_pages::local::identity_center::{
    AccessKeys, AccessPortal, CenterDeviceCode, CenterDeviceConfirm, CenterDeviceOver,
    CenterDeviceProblem, CenterSignInRefused, Consent, Diagnosis, KeyValues, PortalAccount,
    PortalRole, PortalSignedOut, Scope, ToIdentityProvider,
};

use super::{CSRF, NOW, in_portal, local};
use crate::samples::{HOSTILE, Sample, sample};

const USER: &str = "road.runner@the-acme-corporation.com";

pub(crate) fn samples() -> Vec<Sample> {
    let mut all = portal();
    all.extend(asked());
    all.extend(devices());
    all.extend(refused());
    all
}

fn account(number: u32, name: &str, roles: &[&str]) -> PortalAccount {
    let id = format!("{:012}", 111_122_223_300_u64 + u64::from(number));
    PortalAccount {
        name: name.to_owned(),
        email: format!("aws+{number}@the-acme-corporation.com"),
        roles: roles
            .iter()
            .map(|role| PortalRole {
                name: (*role).to_owned(),
                access_keys: format!("/start/access-keys?account_id={id}&role_name=ReadOnly"),
            })
            .collect(),
        id,
    }
}

fn page(search: &str, total: usize, accounts: Vec<PortalAccount>) -> AccessPortal {
    AccessPortal {
        address: "/start".to_owned(),
        search: search.to_owned(),
        total,
        accounts,
        console_action: "/start/console".to_owned(),
        csrf: CSRF.to_owned(),
    }
}

fn portal() -> Vec<Sample> {
    let both: &[&str] = &["ReadOnly", "S3Admin"];
    let three = vec![
        account(1, "production", both),
        account(2, "staging", both),
        account(3, "billing", &["Billing"]),
    ];
    let many = (1..=12)
        .map(|number| account(number, &format!("team-{number}"), both))
        .collect();
    let keys = |role: &str| AccessKeys {
        account_id: "111122223333".to_owned(),
        account_name: "production".to_owned(),
        role_name: role.to_owned(),
        start_url: "https://d-1234567890.awsapps.com/start".to_owned(),
        region: "us-east-1".to_owned(),
        endpoint: "http://127.0.0.1:8702".to_owned(),
        keys: KeyValues {
            access_key_id: "ASIAQEXAMPLEEXAMPLE7".to_owned(),
            secret_access_key: "example/secret/example/secret/example+12".to_owned(),
            session_token: "IQoJb3JpZ2luX2VjEXAMPLE".repeat(8),
        },
        expires: Moment::new(NOW + 3_600_000, NOW),
        portal: "/start".to_owned(),
    };
    vec![
        sample("local_portal", in_portal(), page("", 3, three)),
        sample("local_portal_many", in_portal(), page("", 12, many)),
        sample("local_portal_empty", in_portal(), page("", 0, Vec::new())),
        sample(
            "local_portal_nothing_hostile",
            in_portal(),
            page(HOSTILE, 12, Vec::new()),
        ),
        sample(
            "local_portal_hostile",
            in_portal(),
            page("", 1, vec![account(1, HOSTILE, &[HOSTILE])]),
        ),
        sample("local_portal_keys", in_portal(), keys("S3Admin")),
        sample("local_portal_keys_hostile", in_portal(), keys(HOSTILE)),
        sample(
            "local_portal_signed_out",
            local(),
            PortalSignedOut {
                portal: "/start".to_owned(),
            },
        ),
    ]
}

fn asked() -> Vec<Sample> {
    let consent = |client: &str, scopes: &[&str]| Consent {
        action: "/authorize".to_owned(),
        csrf: CSRF.to_owned(),
        hidden: vec![Hidden::new("request", "c2VhbGVk")],
        client_name: client.to_owned(),
        leads_to: "http://127.0.0.1:45659".to_owned(),
        scopes: scopes.iter().copied().map(Scope::new).collect(),
        user_name: USER.to_owned(),
    };
    vec![
        sample(
            "local_consent",
            in_portal(),
            consent("botocore-client-corp", &["sso:account:access"]),
        ),
        sample(
            "local_consent_hostile",
            in_portal(),
            consent(HOSTILE, &["openid", HOSTILE]),
        ),
    ]
}

fn devices() -> Vec<Sample> {
    let code = |problem| CenterDeviceCode {
        action: "/start/device".to_owned(),
        csrf: CSRF.to_owned(),
        code: if problem == Some(CenterDeviceProblem::Unknown) {
            HOSTILE.to_owned()
        } else {
            String::new()
        },
        problem,
    };
    let confirm = |client: &str| CenterDeviceConfirm {
        action: "/start/device/answer".to_owned(),
        csrf: CSRF.to_owned(),
        code: "BCDF-GHJK".to_owned(),
        client_name: client.to_owned(),
        scopes: vec![Scope::new("sso:account:access")],
        user_name: USER.to_owned(),
    };
    vec![
        sample("local_device_code", in_portal(), code(None)),
        sample(
            "local_device_code_hostile",
            in_portal(),
            code(Some(CenterDeviceProblem::Unknown)),
        ),
        sample(
            "local_device_code_wait",
            in_portal(),
            code(Some(CenterDeviceProblem::Wait)),
        ),
        sample(
            "local_device_confirm",
            in_portal(),
            confirm("botocore-client-corp"),
        ),
        sample(
            "local_device_confirm_hostile",
            in_portal(),
            confirm(HOSTILE),
        ),
        sample(
            "local_device_approved",
            in_portal(),
            CenterDeviceOver::Approved,
        ),
        sample("local_device_denied", in_portal(), CenterDeviceOver::Denied),
        sample(
            "local_device_expired",
            in_portal(),
            CenterDeviceOver::Expired,
        ),
    ]
}

fn refused() -> Vec<Sample> {
    let refused = |message: &str, problem: &str, again: Option<&str>| CenterSignInRefused {
        message: message.to_owned(),
        diagnosis: Diagnosis {
            problem: problem.to_owned(),
            place: "NameID of the assertion".to_owned(),
            remedies: vec![
                "Send the user name as it stands in IAM Identity Center, letter by letter."
                    .to_owned(),
                "Or add the user there, by hand or by automatic provisioning.".to_owned(),
            ],
        },
        reference: "00000000-0000-4000-8000-000000000000".to_owned(),
        again: again.map(str::to_owned),
    };
    vec![
        sample(
            "local_to_identity_provider",
            local(),
            ToIdentityProvider {
                action: "https://idp.example/sso?a=1&b=\"2\"".to_owned(),
                saml_request: "PHNhbWxwOkF1dGhuUmVxdWVzdC8+".to_owned(),
                relay_state: "b3BhcXVl".to_owned(),
            },
        ),
        sample(
            "local_center_refused",
            local(),
            refused(
                "Invalid MFA credentials",
                "No user is called road.runner@the-acme-corporation.com.",
                Some("/start"),
            ),
        ),
        sample(
            "local_center_refused_hostile",
            local(),
            refused("An unexpected error has occurred", HOSTILE, None),
        ),
    ]
}
