//! Set-ups to generate from.

use jetway_identity::aws_setup::{IamAccount, IamRole, IamSetup, Partition};

pub(crate) const FIRST: &str = "012345678987";
pub(crate) const SECOND: &str = "111122223333";

/// Everything that a description may carry and a language could trip over.
pub(crate) const HOSTILE: &str =
    "it's \"quoted\" $(reboot) `id` ${var.x} %{if true} $${y} \\ \\n\n#{z} {{a}} <b>&c; é EOF";

pub(crate) fn role(name: &str) -> IamRole {
    IamRole {
        name: name.to_owned(),
        description: "People who administer".to_owned(),
        managed_policies: vec!["ReadOnlyAccess".to_owned()],
        max_session_seconds: 3600,
    }
}

/// Seed 001: the role SAML-User behind the provider JumpCloud.
pub(crate) fn plain() -> IamSetup {
    IamSetup {
        partition: Partition::Aws,
        provider_name: "JumpCloud".to_owned(),
        metadata_xml: format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<md:EntityDescriptor entityID=\"it's ${{x}}\">{}</md:EntityDescriptor>\n",
            "<!-- 100% -->".repeat(100)
        ),
        metadata_url: "https://sso.example.com/saml2/aws-a/metadata".to_owned(),
        acs_url: "https://signin.aws.amazon.com/saml".to_owned(),
        accounts: vec![account(FIRST, vec![role("SAML-User")])],
        tags: false,
        source_identity: false,
    }
}

/// Two accounts, names that begin with a hyphen or look alike once signs are gone, and all options.
pub(crate) fn hostile() -> IamSetup {
    let with_text = IamRole {
        name: "-n".to_owned(),
        description: HOSTILE.to_owned(),
        max_session_seconds: 43200,
        managed_policies: vec![
            "job-function/Billing".to_owned(),
            format!("arn:aws:iam::{FIRST}:policy/team/a+b=c,d.e@f-g_h"),
        ],
    };
    let mut bare = role("a.b");
    bare.description = String::new();
    bare.managed_policies = Vec::new();
    IamSetup {
        provider_name: "-_.x".to_owned(),
        accounts: vec![
            account(FIRST, vec![with_text, bare, role("a@b"), role("1=,+")]),
            account(SECOND, vec![role("a.b")]),
        ],
        tags: true,
        source_identity: true,
        ..plain()
    }
}

pub(crate) fn account(id: &str, roles: Vec<IamRole>) -> IamAccount {
    IamAccount {
        account_id: id.to_owned(),
        roles,
    }
}
