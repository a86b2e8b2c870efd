//! The set-up of the customer's document 001 from nothing, on the wire, as `aws iam` does it; and
//! what the answers look like (aws-iam-sts.md §3.2, §3.3).

use percent_encoding::percent_decode_str;

use crate::support::{ACCOUNT, ALLOW_ALL, World, idp::Idp, provider_arn, role_arn, trust};

/// Creates a provider and a role that trusts it.
async fn set_up(world: &World, provider: &str, role: &str, idp: &Idp) {
    let metadata = idp.metadata();
    let created = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateSAMLProvider"),
                ("Name", provider),
                ("SAMLMetadataDocument", &metadata),
            ],
        )
        .await;
    assert_eq!(
        created.assert_ok().value("SAMLProviderArn"),
        provider_arn(provider)
    );
    let document = trust(ACCOUNT, provider);
    world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateRole"),
                ("RoleName", role),
                ("AssumeRolePolicyDocument", &document),
            ],
        )
        .await
        .assert_ok();
    world
        .iam(
            &world.admin,
            &[
                ("Action", "PutRolePolicy"),
                ("RoleName", role),
                ("PolicyName", "read"),
                ("PolicyDocument", ALLOW_ALL),
            ],
        )
        .await
        .assert_ok();
}

/// Requirements W01 and I12: two connectors, two providers, two roles, each opened by its own.
#[tokio::test]
async fn two_connectors_lead_to_two_roles_set_up_from_nothing() {
    let world = World::empty();
    let admin = world.admin.clone();
    let connectors = [
        (
            "JumpCloud",
            "SAML-User",
            Idp::new("https://sso.example/saml2/aws-a"),
        ),
        (
            "JumpCloud2",
            "SAML2-User",
            Idp::new("https://sso.example/saml2/aws-b").impostor(),
        ),
    ];
    for (provider, role, idp) in &connectors {
        set_up(&world, provider, role, idp).await;
    }
    for (provider, role, idp) in &connectors {
        let pair = format!("{},{}", role_arn(role), provider_arn(provider));
        let draft = idp.draft().without("Role").with("Role", &[&pair]);
        let response = idp.sign(&draft);
        let reply = world
            .sts(&[
                ("Action", "AssumeRoleWithSAML"),
                ("RoleArn", &role_arn(role)),
                ("PrincipalArn", &provider_arn(provider)),
                ("SAMLAssertion", &response),
            ])
            .await;
        let keys = reply.assert_ok().keys();
        let who = world
            .signed_sts(&keys, &[("Action", "GetCallerIdentity")])
            .await;
        assert_eq!(
            who.value("Arn"),
            format!("arn:aws:sts::{ACCOUNT}:assumed-role/{role}/road.runner")
        );
    }
    let list = world.iam(&admin, &[("Action", "ListSAMLProviders")]).await;
    assert_eq!(
        list.values("Arn"),
        [provider_arn("JumpCloud"), provider_arn("JumpCloud2")]
    );
}

#[tokio::test]
async fn a_provider_is_read_as_it_was_created_and_updated() {
    let world = World::empty();
    let (admin, idp) = (
        world.admin.clone(),
        Idp::new("https://idp.example/metadata"),
    );
    let metadata = idp.metadata();
    let created = world
        .iam(
            &admin,
            &[
                ("Action", "CreateSAMLProvider"),
                ("Name", "Idp"),
                ("SAMLMetadataDocument", &metadata),
                ("Tags.member.1.Key", "z"),
                ("Tags.member.1.Value", "1"),
                ("Tags.member.2.Key", "a"),
                ("Tags.member.2.Value", ""),
            ],
        )
        .await;
    assert_eq!(created.assert_ok().values("Key"), ["z", "a"]);
    let arn = provider_arn("Idp");
    world.advance(60);
    let read = world
        .iam(
            &admin,
            &[("Action", "GetSAMLProvider"), ("SAMLProviderArn", &arn)],
        )
        .await;
    assert_eq!(read.assert_ok().value("SAMLMetadataDocument"), metadata);
    assert_eq!(read.value("CreateDate"), "2026-11-22T04:00:00Z");
    assert_eq!(read.value("ValidUntil"), "2126-11-22T04:00:00Z");
    assert_eq!(read.values("Key"), ["a", "z"]);
    assert_eq!(read.value("AssertionEncryptionMode"), "Allowed");
    assert_eq!(read.value("PrivateKeyList"), "");
    let uuid = read.value("SAMLProviderUUID");
    assert!(uuid.starts_with("SAMLSP") && uuid.len() == 22);
    let other = idp.impostor().metadata();
    world
        .iam(
            &admin,
            &[
                ("Action", "UpdateSAMLProvider"),
                ("SAMLProviderArn", &arn),
                ("SAMLMetadataDocument", &other),
            ],
        )
        .await
        .assert_ok();
    let read = world
        .iam(
            &admin,
            &[("Action", "GetSAMLProvider"), ("SAMLProviderArn", &arn)],
        )
        .await;
    assert_eq!(read.value("SAMLMetadataDocument"), other);
    assert_eq!(read.value("ValidUntil"), "2126-11-22T04:01:00Z");
}

#[tokio::test]
async fn a_deleted_provider_is_gone_and_deleting_answers_nothing() {
    let (world, _) = World::federated();
    let (admin, arn) = (world.admin.clone(), provider_arn("Idp"));
    let deleted = world
        .iam(
            &admin,
            &[("Action", "DeleteSAMLProvider"), ("SAMLProviderArn", &arn)],
        )
        .await;
    assert!(
        !deleted
            .assert_ok()
            .text
            .contains("DeleteSAMLProviderResult")
    );
    let gone = world
        .iam(
            &admin,
            &[("Action", "GetSAMLProvider"), ("SAMLProviderArn", &arn)],
        )
        .await;
    assert_eq!(
        gone.refusal(),
        (
            404,
            "NoSuchEntity".into(),
            format!("Manifest not found for arn {arn}")
        )
    );
}

#[tokio::test]
async fn a_role_answers_with_other_members_when_created_read_and_listed() {
    let world = World::empty();
    let admin = world.admin.clone();
    let document = trust(ACCOUNT, "Idp");
    let created = world
        .iam(
            &admin,
            &[
                ("Action", "CreateRole"),
                ("RoleName", "Reader"),
                ("Path", "/teams/"),
                ("AssumeRolePolicyDocument", &document),
                ("Description", "reads"),
                ("MaxSessionDuration", "7200"),
                (
                    "PermissionsBoundary",
                    "arn:aws:iam::aws:policy/PowerUserAccess",
                ),
                ("Tags.member.1.Key", "team"),
                ("Tags.member.1.Value", "blue"),
            ],
        )
        .await;
    created.assert_ok();
    assert_eq!(
        created.value("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:role/teams/Reader")
    );
    for absent in ["Description", "MaxSessionDuration", "RoleLastUsed"] {
        assert_eq!(created.values(absent), Vec::<String>::new(), "{absent}");
    }
    let raw = created.value("AssumeRolePolicyDocument");
    assert!(
        raw.starts_with("%7B%22Version%22%3A") && !raw.contains(['+', '{', '"']),
        "{raw}"
    );
    assert_eq!(percent_decode_str(&raw).decode_utf8().unwrap(), document);
    let read = world
        .iam(&admin, &[("Action", "GetRole"), ("RoleName", "Reader")])
        .await;
    assert_eq!(read.value("Description"), "reads");
    assert_eq!(read.value("MaxSessionDuration"), "7200");
    assert_eq!(read.value("PermissionsBoundaryType"), "Policy");
    assert_eq!(read.value("RoleLastUsed"), "");
    assert_eq!(read.values("Value"), ["blue"]);
    let listed = world.iam(&admin, &[("Action", "ListRoles")]).await;
    assert_eq!(listed.value("IsTruncated"), "false");
    assert_eq!(listed.value("Description"), "reads");
    for absent in ["Tags", "PermissionsBoundary", "RoleLastUsed", "Marker"] {
        assert_eq!(listed.values(absent), Vec::<String>::new(), "{absent}");
    }
}

#[tokio::test]
async fn lists_come_in_pages() {
    let world = World::empty();
    let admin = world.admin.clone();
    for name in ["one", "two", "three", "four", "five"] {
        world.role(
            ACCOUNT,
            jetway_local_aws::iam::NewRole::new(name, trust(ACCOUNT, "Idp")),
        );
    }
    let mut names = Vec::new();
    let mut marker = String::new();
    for expected in [2, 2, 1] {
        let mut parameters = vec![("Action", "ListRoles"), ("MaxItems", "2")];
        if !marker.is_empty() {
            parameters.push(("Marker", &marker));
        }
        let page = world.iam(&admin, &parameters).await;
        let found = page.assert_ok().values("RoleName");
        assert_eq!(found.len(), expected);
        names.extend(found);
        marker = page.values("Marker").pop().unwrap_or_default();
    }
    assert_eq!(names, ["five", "four", "one", "three", "two"]);
    assert_eq!(marker, "");
}

#[tokio::test]
async fn pages_go_on_behind_keys_longer_than_a_marker_may_be() {
    let world = World::empty();
    let admin = world.admin.clone();
    let path = format!("/{}/", "long".repeat(100));
    for name in ["a", "b", "c"] {
        let create = [
            ("Action", "CreatePolicy"),
            ("PolicyName", name),
            ("Path", &path),
            ("PolicyDocument", ALLOW_ALL),
        ];
        world.iam(&admin, &create).await.assert_ok();
    }
    let mut list = vec![
        ("Action", "ListPolicies"),
        ("Scope", "Local"),
        ("MaxItems", "1"),
    ];
    let first = world.iam(&admin, &list).await;
    assert_eq!(first.assert_ok().value("PolicyName"), "a");
    let marker = first.value("Marker");
    list.push(("Marker", &marker));
    let second = world.iam(&admin, &list).await;
    assert_eq!(second.assert_ok().value("PolicyName"), "b");
    // What is deleted meanwhile does not stop the listing.
    for name in ["a", "b"] {
        let arn = format!("arn:aws:iam::{ACCOUNT}:policy{path}{name}");
        jetway_local_aws::iam::delete_policy(&world.aws, ACCOUNT, &arn).unwrap();
    }
    let rest = world.iam(&admin, &list).await;
    assert_eq!(rest.assert_ok().value("PolicyName"), "c");
}

#[tokio::test]
async fn a_marker_that_no_list_gave_is_refused() {
    let world = World::empty();
    for marker in ["zzzz", "00", "ff.00"] {
        let reply = world
            .iam(&world.admin, &[("Action", "ListRoles"), ("Marker", marker)])
            .await;
        assert_eq!(
            reply.refusal(),
            (400, "ValidationError".into(), "Invalid Marker.".into()),
            "{marker}"
        );
    }
}

#[tokio::test]
async fn inline_policies_match_without_regard_to_case() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let other = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    for (name, document) in [("MixedName", ALLOW_ALL), ("MIXEDNAME", other)] {
        world
            .iam(
                &admin,
                &[
                    ("Action", "PutRolePolicy"),
                    ("RoleName", "Engineer"),
                    ("PolicyName", name),
                    ("PolicyDocument", document),
                ],
            )
            .await
            .assert_ok();
    }
    let list = world
        .iam(
            &admin,
            &[("Action", "ListRolePolicies"), ("RoleName", "Engineer")],
        )
        .await;
    assert_eq!(list.values("member"), ["MixedName"]);
    let read = world
        .iam(
            &admin,
            &[
                ("Action", "GetRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "mixedname"),
            ],
        )
        .await;
    assert_eq!(read.value("PolicyName"), "mixedname");
    assert_eq!(
        percent_decode_str(&read.value("PolicyDocument"))
            .decode_utf8()
            .unwrap(),
        other
    );
}

#[tokio::test]
async fn managed_policies_live_with_their_versions() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let created = world
        .iam(
            &admin,
            &[
                ("Action", "CreatePolicy"),
                ("PolicyName", "Mine"),
                ("PolicyDocument", ALLOW_ALL),
            ],
        )
        .await;
    let arn = created.assert_ok().value("Arn");
    assert_eq!(arn, format!("arn:aws:iam::{ACCOUNT}:policy/Mine"));
    assert_eq!(created.value("DefaultVersionId"), "v1");
    for _ in 0..4 {
        world
            .iam(
                &admin,
                &[
                    ("Action", "CreatePolicyVersion"),
                    ("PolicyArn", &arn),
                    ("PolicyDocument", ALLOW_ALL),
                    ("SetAsDefault", "true"),
                ],
            )
            .await
            .assert_ok();
    }
    let sixth = world
        .iam(
            &admin,
            &[
                ("Action", "CreatePolicyVersion"),
                ("PolicyArn", &arn),
                ("PolicyDocument", ALLOW_ALL),
            ],
        )
        .await;
    assert_eq!(
        (sixth.status, sixth.value("Code")),
        (409, "LimitExceeded".into())
    );
    let versions = world
        .iam(
            &admin,
            &[("Action", "ListPolicyVersions"), ("PolicyArn", &arn)],
        )
        .await;
    assert_eq!(versions.values("VersionId"), ["v5", "v4", "v3", "v2", "v1"]);
    assert_eq!(
        versions.values("IsDefaultVersion"),
        ["true", "false", "false", "false", "false"]
    );
    let default = world
        .iam(
            &admin,
            &[
                ("Action", "DeletePolicyVersion"),
                ("PolicyArn", &arn),
                ("VersionId", "v5"),
            ],
        )
        .await;
    assert_eq!(
        default.value("Message"),
        "Cannot delete the default version of a policy."
    );
}

#[tokio::test]
async fn a_managed_policy_that_is_attached_stays() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let mine = [
        ("Action", "CreatePolicy"),
        ("PolicyName", "Mine"),
        ("PolicyDocument", ALLOW_ALL),
    ];
    let arn = world.iam(&admin, &mine).await.assert_ok().value("Arn");
    world
        .iam(
            &admin,
            &[
                ("Action", "AttachRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyArn", &arn),
            ],
        )
        .await
        .assert_ok();
    let attached = world
        .iam(
            &admin,
            &[
                ("Action", "ListAttachedRolePolicies"),
                ("RoleName", "Engineer"),
            ],
        )
        .await;
    assert_eq!(attached.values("PolicyArn"), [arn.as_str()]);
    let read = world
        .iam(&admin, &[("Action", "GetPolicy"), ("PolicyArn", &arn)])
        .await;
    assert_eq!(read.value("AttachmentCount"), "1");
    let busy = world
        .iam(&admin, &[("Action", "DeletePolicy"), ("PolicyArn", &arn)])
        .await;
    assert_eq!(
        busy.refusal(),
        (
            409,
            "DeleteConflict".into(),
            "Cannot delete a policy attached to entities.".into()
        )
    );
    let only = world
        .iam(
            &admin,
            &[("Action", "ListPolicies"), ("OnlyAttached", "true")],
        )
        .await;
    assert_eq!(only.values("PolicyName"), ["Mine"]);
}

#[tokio::test]
async fn aws_managed_policies_can_be_read_and_attached_but_not_changed() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess";
    let read = world
        .iam(
            &admin,
            &[
                ("Action", "GetPolicyVersion"),
                ("PolicyArn", arn),
                ("VersionId", "v3"),
            ],
        )
        .await;
    let document = percent_decode_str(&read.assert_ok().value("Document"))
        .decode_utf8()
        .unwrap()
        .into_owned();
    assert!(document.contains("s3:Get*"));
    world
        .iam(
            &admin,
            &[
                ("Action", "AttachRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyArn", arn),
            ],
        )
        .await
        .assert_ok();
    let refused = world
        .iam(&admin, &[("Action", "DeletePolicy"), ("PolicyArn", arn)])
        .await;
    assert_eq!(
        (refused.status, refused.value("Code")),
        (403, "AccessDenied".into())
    );
    let aws = world
        .iam(&admin, &[("Action", "ListPolicies"), ("Scope", "AWS")])
        .await;
    assert!(
        aws.values("PolicyName")
            .contains(&"AdministratorAccess".to_owned())
    );
}

#[tokio::test]
async fn a_role_goes_only_when_nothing_hangs_on_it() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let arn = "arn:aws:iam::aws:policy/AWSDenyAll";
    world
        .iam(
            &admin,
            &[
                ("Action", "AttachRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyArn", arn),
            ],
        )
        .await
        .assert_ok();
    let delete = [("Action", "DeleteRole"), ("RoleName", "Engineer")];
    assert_eq!(
        world.iam(&admin, &delete).await.value("Message"),
        "Cannot delete entity, must detach all policies first."
    );
    world
        .iam(
            &admin,
            &[
                ("Action", "DetachRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyArn", arn),
            ],
        )
        .await
        .assert_ok();
    world
        .iam(
            &admin,
            &[
                ("Action", "PutRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "p"),
                ("PolicyDocument", ALLOW_ALL),
            ],
        )
        .await
        .assert_ok();
    assert_eq!(
        world.iam(&admin, &delete).await.value("Message"),
        "Cannot delete entity, must delete policies first."
    );
    world
        .iam(
            &admin,
            &[
                ("Action", "DeleteRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "p"),
            ],
        )
        .await
        .assert_ok();
    let profiles = world
        .iam(
            &admin,
            &[
                ("Action", "ListInstanceProfilesForRole"),
                ("RoleName", "Engineer"),
            ],
        )
        .await;
    assert_eq!(profiles.assert_ok().value("InstanceProfiles"), "");
    world.iam(&admin, &delete).await.assert_ok();
    assert_eq!(
        world.iam(&admin, &delete).await.refusal(),
        (
            404,
            "NoSuchEntity".into(),
            "The role with name Engineer cannot be found.".into()
        )
    );
}

#[tokio::test]
async fn tags_and_aliases_come_and_go() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    world
        .iam(
            &admin,
            &[
                ("Action", "TagRole"),
                ("RoleName", "Engineer"),
                ("Tags.member.1.Key", "b"),
                ("Tags.member.1.Value", "2"),
                ("Tags.member.2.Key", "a"),
                ("Tags.member.2.Value", "1"),
            ],
        )
        .await
        .assert_ok();
    world
        .iam(
            &admin,
            &[
                ("Action", "UntagRole"),
                ("RoleName", "Engineer"),
                ("TagKeys.member.1", "B"),
            ],
        )
        .await
        .assert_ok();
    let tags = world
        .iam(
            &admin,
            &[("Action", "ListRoleTags"), ("RoleName", "Engineer")],
        )
        .await;
    assert_eq!(tags.values("Key"), ["a"]);
    world
        .iam(
            &admin,
            &[("Action", "CreateAccountAlias"), ("AccountAlias", "acme")],
        )
        .await
        .assert_ok();
    let aliases = world.iam(&admin, &[("Action", "ListAccountAliases")]).await;
    assert_eq!(aliases.values("member"), ["acme"]);
    world
        .iam(
            &admin,
            &[("Action", "DeleteAccountAlias"), ("AccountAlias", "acme")],
        )
        .await
        .assert_ok();
    let aliases = world.iam(&admin, &[("Action", "ListAccountAliases")]).await;
    assert_eq!(aliases.values("member"), Vec::<String>::new());
}
