//! Requirements W01 to W04: what is generated for AWS follows from the application.

use std::collections::BTreeMap;

use jetway_identity::applications::{NewApplication, RoleRule, SamlKind};
use jetway_identity::aws_setup::{
    AccessSource, DerivationNote, IamSetup, IamWish, IdentityCenterWish, Partition,
    PublishedMetadata, iam_setups, identity_center_setup, session_tag_keys,
};
use jetway_identity::{AttributeSource, Group, GroupId, MappedAttribute, Membership, SamlSettings};
use time::OffsetDateTime;
use url::Url;

use super::input::{FIRST, SECOND, plain};

const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
const TAG: &str = "https://aws.amazon.com/SAML/Attributes/PrincipalTag:";
const ACCESS: &str = "https://aws.amazon.com/SAML/Attributes/AccessControl:";
const DURATION: &str = "https://aws.amazon.com/SAML/Attributes/SessionDuration";
const IDENTITY: &str = "https://aws.amazon.com/SAML/Attributes/SourceIdentity";

fn settings(kind: SamlKind) -> SamlSettings {
    let url = Url::parse("https://sso.example.com").unwrap();
    NewApplication::of_kind(kind, "aws-a", "AWS A", &url).saml
}

fn metadata() -> PublishedMetadata {
    PublishedMetadata {
        url: plain().metadata_url,
        xml: plain().metadata_xml,
    }
}

fn pair(account: &str, role: &str, provider: &str) -> (String, String) {
    let arn = format!("arn:aws:iam::{account}");
    let value = format!("{arn}:role/{role},{arn}:saml-provider/{provider}");
    (ROLE.to_owned(), value)
}

/// Provider, account and role of all setups.
fn outline(setups: &[IamSetup]) -> Vec<String> {
    let mut lines = Vec::new();
    for setup in setups {
        for account in &setup.accounts {
            for role in &account.roles {
                let provider = &setup.provider_name;
                lines.push(format!("{provider} {} {}", account.account_id, role.name));
            }
        }
    }
    lines
}

fn group(number: u8, name: &str) -> Group {
    Group {
        id: format!("{number:024x}").parse::<GroupId>().unwrap(),
        name: name.to_owned(),
        description: String::new(),
        attributes: BTreeMap::new(),
        everyone: false,
        membership: Membership::Static,
        version: 1,
        updated_at: OffsetDateTime::UNIX_EPOCH,
        created_at: OffsetDateTime::UNIX_EPOCH,
    }
}

fn rule(group: &str, account: &str, role: &str) -> RoleRule {
    RoleRule {
        group: group.to_owned(),
        account: account.to_owned(),
        role: role.to_owned(),
        provider: "Jetway".to_owned(),
    }
}

/// Requirements W01 and W02: each role behind its own provider, as in the multi-connector scheme.
#[test]
fn each_provider_of_the_role_attribute_is_a_setup_with_its_accounts_and_roles() {
    let mut settings = settings(SamlKind::AwsIam);
    settings.constant_attributes = vec![
        pair(FIRST, "SAML-User", "JumpCloud"),
        pair(FIRST, "SAML2-User", "JumpCloud2"),
        pair(SECOND, "SAML-User", "JumpCloud"),
        pair(FIRST, "Audit", "JumpCloud"),
    ];
    let derived = iam_setups(&settings, &[], &metadata(), &IamWish::default());
    assert_eq!(
        outline(&derived.setups),
        [
            format!("JumpCloud {FIRST} SAML-User"),
            format!("JumpCloud {FIRST} Audit"),
            format!("JumpCloud {SECOND} SAML-User"),
            format!("JumpCloud2 {FIRST} SAML2-User"),
        ]
    );
    assert_eq!(derived.notes, []);
    for setup in derived.setups {
        assert_eq!(setup.metadata_url, metadata().url);
        assert_eq!(setup.acs_url, "https://signin.aws.amazon.com/saml");
        setup.check().unwrap();
    }
}

#[test]
fn what_the_files_cannot_say_is_noted_and_never_half_said() {
    let mut settings = settings(SamlKind::AwsIam);
    settings.constant_attributes = vec![
        pair(FIRST, "Admin", "one"),
        pair(FIRST, "admin", "two"),
        pair(FIRST, "team/Audit", "one"),
        (ROLE.to_owned(), "no pair".to_owned()),
    ];
    let derived = iam_setups(&settings, &[], &metadata(), &IamWish::default());
    assert_eq!(outline(&derived.setups), [format!("one {FIRST} Admin")]);
    assert!(matches!(
        derived.notes[..],
        [
            DerivationNote::SeveralProviders { .. },
            DerivationNote::Path { .. },
            DerivationNote::NotAPair { .. }
        ]
    ));
}

/// Requirement W01, for a fresh application.
#[test]
fn a_fresh_application_names_no_account_until_the_administrator_does() {
    let settings = settings(SamlKind::AwsIam);
    let derived = iam_setups(&settings, &[], &metadata(), &IamWish::default());
    assert_eq!((derived.setups.len(), derived.notes.len()), (0, 0));
    let mut wish = IamWish::of_placeholders(&settings);
    assert_eq!(wish.roles, ["SAML-User"]);
    assert_eq!(wish.provider.as_deref(), Some("JumpCloud"));
    wish.accounts = vec![FIRST.to_owned(), SECOND.to_owned()];
    wish.managed_policies = vec!["ReadOnlyAccess".to_owned()];
    let derived = iam_setups(&settings, &[], &metadata(), &wish);
    assert_eq!(
        outline(&derived.setups),
        [
            format!("JumpCloud {FIRST} SAML-User"),
            format!("JumpCloud {SECOND} SAML-User")
        ]
    );
    let terraform = derived.setups[0].clone().check().unwrap().terraform();
    assert!(terraform.contains("arn:aws:iam::aws:policy/ReadOnlyAccess"));
    // An account without a role would make a provider that nobody comes in through.
    wish.roles.clear();
    let nameless = NewApplication::of_kind(
        SamlKind::AwsIamRoles,
        "x",
        "X",
        &Url::parse("https://sso.example.com").unwrap(),
    );
    let derived = iam_setups(&nameless.saml, &[], &metadata(), &wish);
    assert!(derived.setups[0].clone().check().is_err());
}

#[test]
fn role_rules_give_their_roles_also_those_of_the_names_of_groups() {
    let mut settings = settings(SamlKind::AwsIamRoles);
    settings.role_rules = vec![
        rule("ops", FIRST, "Admin"),
        rule("aws-{account}-{role}", "{account}", "{role}"),
    ];
    let groups = [
        group(1, &format!("aws-{SECOND}-ReadOnly")),
        group(2, "cooks"),
    ];
    let derived = iam_setups(&settings, &groups, &metadata(), &IamWish::default());
    assert_eq!(
        outline(&derived.setups),
        [
            format!("Jetway {FIRST} Admin"),
            format!("Jetway {SECOND} ReadOnly")
        ]
    );
    let group = "aws-{account}-{role}".to_owned();
    assert_eq!(derived.notes, [DerivationNote::Pattern { group }]);
}

/// The trust policy has to allow what the assertion carries (requirement W01).
#[test]
fn tags_source_identity_and_session_length_follow_from_what_is_sent() {
    let mut settings = settings(SamlKind::AwsIam);
    settings.constant_attributes = vec![pair(FIRST, "Admin", "Jetway")];
    let setup = |settings: &SamlSettings| {
        let derived = iam_setups(settings, &[], &metadata(), &IamWish::default());
        derived.setups.into_iter().next().unwrap()
    };
    let plain = setup(&settings);
    assert!(!plain.tags && !plain.source_identity);
    assert_eq!(plain.accounts[0].roles[0].max_session_seconds, 3600);
    settings.session_seconds = Some(900);
    assert_eq!(
        setup(&settings).accounts[0].roles[0].max_session_seconds,
        3600
    );
    settings.session_seconds = Some(28_800);
    assert_eq!(
        setup(&settings).accounts[0].roles[0].max_session_seconds,
        28_800
    );
    let mapped = |name: &str| MappedAttribute {
        name: name.to_owned(),
        source: AttributeSource::Email,
    };
    settings.user_attribute_mapping = vec![
        mapped(&format!("{TAG}Project")),
        mapped(IDENTITY),
        mapped(DURATION),
    ];
    let sent = setup(&settings);
    assert!(sent.tags && sent.source_identity);
    assert_eq!(sent.accounts[0].roles[0].max_session_seconds, 43_200);
    settings.acs_url = "https://signin.amazonaws.cn/saml".to_owned();
    assert_eq!(setup(&settings).partition, Partition::China);
}

/// Requirements V02, V03 and W04.
#[test]
fn attributes_for_access_control_are_those_that_the_application_sends() {
    let mut settings = settings(SamlKind::IdentityCenter);
    settings.acs_url = "https://eu-west-1.signin.aws.amazon.com/platform/saml/acs/0123".to_owned();
    let mapped = |key: &str, source: &str| MappedAttribute {
        name: format!("{ACCESS}{key}"),
        source: source.parse().unwrap(),
    };
    settings.user_attribute_mapping = vec![
        mapped("Region", "addresses.work.region"),
        mapped("CostCenter", "custom:costCenter"),
        mapped("costcenter", "email"),
    ];
    assert_eq!(session_tag_keys(&settings), ["Region", "CostCenter"]);
    let wish = IdentityCenterWish {
        permission_sets: vec!["ReadOnly".to_owned(), "Billing".to_owned()],
        groups: vec!["operations".to_owned()],
        accounts: vec![FIRST.to_owned()],
        ..IdentityCenterWish::default()
    };
    let setup = identity_center_setup(&settings, &wish);
    assert_eq!(setup.region, "eu-west-1");
    assert_eq!(setup.assignments.len(), 2);
    assert!(
        setup
            .attributes
            .iter()
            .all(|one| one.source == AccessSource::Saml)
    );
    let steps = setup.check().unwrap().steps(&metadata().url).join("\n");
    assert!(steps.contains("Attributes/AccessControl:Region"));
}
