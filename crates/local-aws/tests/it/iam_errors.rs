//! IAM refuses: constraints, quotas, permissions.

use jetway_local_aws::iam::{self, IamError, NewRole, NewSamlProvider};

use crate::support::{
    ACCOUNT, ALLOW_ALL, World,
    idp::{Idp, session_with},
    provider_arn, trust,
};

const SESSION: &str = "arn:aws:sts::123456789012:assumed-role/Engineer/road.runner";

#[tokio::test]
async fn constraints_are_checked_before_anything_else() {
    let world = World::empty();
    let reply = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateRole"),
                ("RoleName", "bad name"),
                ("MaxSessionDuration", "60"),
            ],
        )
        .await;
    assert_eq!(reply.refusal(), (400, "ValidationError".into(), r"3 validation errors detected: Value 'bad name' at 'roleName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]+; Value null at 'assumeRolePolicyDocument' failed to satisfy constraint: Member must not be null; Value '60' at 'maxSessionDuration' failed to satisfy constraint: Member must have value greater than or equal to 3600".into()));
    let reply = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateSAMLProvider"),
                ("Name", "Idp"),
                ("SAMLMetadataDocument", "short"),
            ],
        )
        .await;
    assert!(reply.value("Message").contains("at 'sAMLMetadataDocument' failed to satisfy constraint: Member must have length greater than or equal to 1000"));
}

#[tokio::test]
async fn metadata_that_cannot_be_used_is_refused_in_two_ways() {
    let world = World::empty();
    let padding = " ".repeat(1000);
    for (document, text) in [
        (format!("<a/>{padding}"), "Could not parse metadata"),
        (format!("not xml{padding}"), "Could not parse metadata"),
        (
            format!(
                "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" entityID=\"x\"></EntityDescriptor>{padding}"
            ),
            "SAML Providers must reference at least one SAML assertion issuer",
        ),
    ] {
        let reply = world
            .iam(
                &world.admin,
                &[
                    ("Action", "CreateSAMLProvider"),
                    ("Name", "Idp"),
                    ("SAMLMetadataDocument", &document),
                ],
            )
            .await;
        assert_eq!(reply.refusal(), (400, "InvalidInput".into(), text.into()));
    }
}

#[tokio::test]
async fn names_are_taken_once_without_regard_to_case() {
    let (world, idp) = World::federated();
    let new = NewSamlProvider {
        name: "IDP".into(),
        metadata: idp.metadata(),
        tags: vec![],
    };
    let error =
        iam::create_saml_provider(&world.aws, &mut world.aws.op(), ACCOUNT, new).unwrap_err();
    assert!(matches!(error, IamError::AlreadyExists(_)));
    let error = iam::create_role(
        &world.aws,
        &mut world.aws.op(),
        ACCOUNT,
        NewRole::new("ENGINEER", trust(ACCOUNT, "Idp")),
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "Role with name ENGINEER already exists.");
}

#[tokio::test]
async fn malformed_documents_are_refused_and_change_nothing() {
    let (world, _) = World::federated();
    for document in [
        "{",
        "[]",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*"}]}"#,
    ] {
        let reply = world
            .iam(
                &world.admin,
                &[
                    ("Action", "PutRolePolicy"),
                    ("RoleName", "Engineer"),
                    ("PolicyName", "p"),
                    ("PolicyDocument", document),
                ],
            )
            .await;
        assert_eq!(
            (reply.status, reply.value("Code")),
            (400, "MalformedPolicyDocument".into()),
            "{document}"
        );
    }
    let list = world
        .iam(
            &world.admin,
            &[("Action", "ListRolePolicies"), ("RoleName", "Engineer")],
        )
        .await;
    assert_eq!(list.values("member"), Vec::<String>::new());
}

#[tokio::test]
async fn policies_have_quotas() {
    let (world, _) = World::federated();
    let resources: Vec<String> = (0..300)
        .map(|n| format!("\"arn:aws:s3:::bucket-number-{n:05}/*\""))
        .collect();
    let large = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":[{}]}}]}}"#,
        resources.join(",")
    );
    let managed = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreatePolicy"),
                ("PolicyName", "Large"),
                ("PolicyDocument", &large),
            ],
        )
        .await;
    assert_eq!(
        managed.refusal(),
        (
            409,
            "LimitExceeded".into(),
            "Cannot exceed quota for PolicySize: 6144".into()
        )
    );
    let inline = world
        .iam(
            &world.admin,
            &[
                ("Action", "PutRolePolicy"),
                ("RoleName", "Engineer"),
                ("PolicyName", "p"),
                ("PolicyDocument", &large),
            ],
        )
        .await;
    assert_eq!(
        inline.value("Message"),
        "Maximum policy size of 10240 bytes exceeded for role Engineer"
    );
}

#[tokio::test]
async fn a_session_may_do_what_its_role_allows_and_is_told_what_not() {
    let (world, idp) = World::federated();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:GetRole","Resource":"arn:aws:iam::123456789012:role/Engineer"},{"Effect":"Deny","Action":"iam:DeleteRole","Resource":"*"}]}"#;
    let keys = session_with(&world, &idp, policy).await;
    world
        .iam(&keys, &[("Action", "GetRole"), ("RoleName", "Engineer")])
        .await
        .assert_ok();
    let refused = world
        .iam(&keys, &[("Action", "GetRole"), ("RoleName", "Missing")])
        .await;
    assert_eq!(
        refused.refusal(),
        (
            403,
            "AccessDenied".into(),
            format!(
                "User: {SESSION} is not authorized to perform: iam:GetRole on resource: role Missing because no identity-based policy allows the iam:GetRole action"
            )
        )
    );
    let denied = world
        .iam(&keys, &[("Action", "DeleteRole"), ("RoleName", "Engineer")])
        .await;
    assert_eq!(
        denied.value("Message"),
        format!(
            "User: {SESSION} is not authorized to perform: iam:DeleteRole on resource: arn:aws:iam::123456789012:role/Engineer with an explicit deny in an identity-based policy"
        )
    );
}

#[tokio::test]
async fn the_policy_that_is_attached_can_be_a_condition() {
    let (world, idp) = World::federated();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iam:AttachRolePolicy","Resource":"*","Condition":{"ArnEquals":{"iam:PolicyARN":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}}}]}"#;
    let keys = session_with(&world, &idp, policy).await;
    for (name, status) in [
        ("AmazonS3ReadOnlyAccess", 200),
        ("AdministratorAccess", 403),
    ] {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        let reply = world
            .iam(
                &keys,
                &[
                    ("Action", "AttachRolePolicy"),
                    ("RoleName", "Engineer"),
                    ("PolicyArn", &arn),
                ],
            )
            .await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
}

#[tokio::test]
async fn another_accounts_entities_are_out_of_reach() {
    let (world, idp) = World::federated();
    world.aws.ensure_account("210987654321", "other").unwrap();
    world.provider("210987654321", "Theirs", &idp);
    let arn = "arn:aws:iam::210987654321:saml-provider/Theirs";
    let reply = world
        .iam(
            &world.admin,
            &[("Action", "GetSAMLProvider"), ("SAMLProviderArn", arn)],
        )
        .await;
    assert_eq!(
        reply.refusal(),
        (
            404,
            "NoSuchEntity".into(),
            format!("Manifest not found for arn {arn}")
        )
    );
}

#[tokio::test]
async fn an_update_of_nothing_and_encryption_without_keys_are_refused() {
    let (world, _) = World::federated();
    let arn = provider_arn("Idp");
    let update = |more: &[(&'static str, &'static str)]| {
        let mut parameters = vec![
            ("Action", "UpdateSAMLProvider"),
            ("SAMLProviderArn", arn.as_str()),
        ];
        parameters.extend_from_slice(more);
        parameters
    };
    let reply = world.iam(&world.admin, &update(&[])).await;
    assert_eq!(reply.refusal(), (400, "ValidationError".into(), "Unable to update identity provider. No updates are defined for metadata or encryption assertion.".into()));
    let reply = world
        .iam(
            &world.admin,
            &update(&[("AssertionEncryptionMode", "Required")]),
        )
        .await;
    assert_eq!(reply.refusal(), (400, "InvalidInput".into(), "Failed to set assertion encryption mode to Required because no private key is present.".into()));
    let reply = world
        .iam(
            &world.admin,
            &update(&[
                ("AddPrivateKey", "x"),
                ("RemovePrivateKey", "SAMLPK0123456789ABCDEF"),
            ]),
        )
        .await;
    assert_eq!(
        reply.value("Message"),
        "Unable to add and remove private keys in the same request. Set a value for only one of the two parameters."
    );
}

#[tokio::test]
async fn duplicate_tag_keys_are_refused() {
    let (world, idp) = World::federated();
    let keys = session_with(&world, &idp, ALLOW_ALL).await;
    let reply = world
        .iam(
            &keys,
            &[
                ("Action", "TagRole"),
                ("RoleName", "Engineer"),
                ("Tags.member.1.Key", "a"),
                ("Tags.member.1.Value", "1"),
                ("Tags.member.2.Key", "A"),
                ("Tags.member.2.Value", "2"),
            ],
        )
        .await;
    assert_eq!(
        reply.value("Message"),
        "Duplicate tag keys found. Please note that Tag keys are case insensitive."
    );
}

#[tokio::test]
async fn metadata_of_another_idp_is_no_reason_to_accept_it_twice() {
    let (world, _) = World::federated();
    let other = Idp::new("https://other.example").metadata();
    let reply = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateSAMLProvider"),
                ("Name", "Idp"),
                ("SAMLMetadataDocument", &other),
            ],
        )
        .await;
    assert_eq!(
        (reply.status, reply.value("Code")),
        (409, "EntityAlreadyExists".into())
    );
}

/// Managed policies must have the language version that inline policies may leave out.
#[tokio::test]
async fn a_managed_policy_names_the_newer_policy_language_and_an_inline_policy_need_not() {
    let (world, _) = World::federated();
    let admin = world.admin.clone();
    let old = r#"{"Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#;
    let refused = (
        400,
        "MalformedPolicyDocument".into(),
        "Policy document must be version 2012-10-17 or greater.".into(),
    );
    let create = |document| {
        [
            ("Action", "CreatePolicy"),
            ("PolicyName", "managed"),
            ("PolicyDocument", document),
        ]
    };
    assert_eq!(world.iam(&admin, &create(old)).await.refusal(), refused);
    world.iam(&admin, &create(ALLOW_ALL)).await.assert_ok();
    let arn = format!("arn:aws:iam::{ACCOUNT}:policy/managed");
    let version = [
        ("Action", "CreatePolicyVersion"),
        ("PolicyArn", arn.as_str()),
        ("PolicyDocument", old),
    ];
    assert_eq!(world.iam(&admin, &version).await.refusal(), refused);
    let inline = [
        ("Action", "PutRolePolicy"),
        ("RoleName", "Engineer"),
        ("PolicyName", "inline"),
        ("PolicyDocument", old),
    ];
    world.iam(&admin, &inline).await.assert_ok();
}

#[tokio::test]
async fn a_version_id_has_a_pattern_and_no_length() {
    let world = World::empty();
    let arn = "arn:aws:iam::aws:policy/AdministratorAccess";
    for (version, status, code, text) in [
        (
            "9",
            400,
            "ValidationError",
            r"1 validation error detected: Value '9' at 'versionId' failed to satisfy constraint: Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?",
        ),
        (
            "v9",
            404,
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/AdministratorAccess version v9 does not exist or is not attachable.",
        ),
        (
            "v1.x",
            404,
            "NoSuchEntity",
            "Policy arn:aws:iam::aws:policy/AdministratorAccess version v1.x does not exist or is not attachable.",
        ),
    ] {
        let get = [
            ("Action", "GetPolicyVersion"),
            ("PolicyArn", arn),
            ("VersionId", version),
        ];
        let reply = world.iam(&world.admin, &get).await;
        assert_eq!(reply.refusal(), (status, code.into(), text.into()));
    }
}
