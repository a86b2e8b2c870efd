//! What Identity Center makes in an account, IAM leaves alone.

use super::{ALLOW_S3, Center, assigned};
use crate::support::{ACCOUNT, idp::Idp, provider_arn, trust};

#[tokio::test]
async fn nobody_but_identity_center_changes_its_roles() {
    let center = Center::enabled().await;
    assigned(&center).await;
    let name = center.role_name().await;
    let trust = trust(ACCOUNT, "Other");
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let calls: [(&str, &[(&str, &str)]); 12] = [
        ("DeleteRole", &[]),
        ("UpdateRole", &[("Description", "Mine")]),
        ("UpdateRoleDescription", &[("Description", "Mine")]),
        ("UpdateAssumeRolePolicy", &[("PolicyDocument", &trust)]),
        ("AttachRolePolicy", &[("PolicyArn", read_only)]),
        ("DetachRolePolicy", &[("PolicyArn", read_only)]),
        (
            "PutRolePolicy",
            &[("PolicyName", "Mine"), ("PolicyDocument", ALLOW_S3)],
        ),
        ("DeleteRolePolicy", &[("PolicyName", "AwsSSOInlinePolicy")]),
        (
            "PutRolePermissionsBoundary",
            &[("PermissionsBoundary", read_only)],
        ),
        ("DeleteRolePermissionsBoundary", &[]),
        (
            "TagRole",
            &[("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")],
        ),
        ("UntagRole", &[("TagKeys.member.1", "a")]),
    ];
    for (action, more) in calls {
        let mut parameters = vec![("Action", action), ("RoleName", name.as_str())];
        parameters.extend_from_slice(more);
        let reply = center.world.iam(&center.world.admin, &parameters).await;
        assert_eq!(
            reply.refusal(),
            (
                400,
                "UnmodifiableEntity".into(),
                format!(
                    "Cannot perform the operation on the protected role '{name}' - this role is only modifiable by AWS"
                )
            ),
            "{action}"
        );
    }
}

#[tokio::test]
async fn nobody_but_identity_center_changes_its_provider() {
    let center = Center::enabled().await;
    assigned(&center).await;
    let admin = &center.world.admin;
    let listed = center
        .world
        .iam(admin, &[("Action", "ListSAMLProviders")])
        .await;
    let arn = listed.value("Arn");
    let metadata = Idp::new("https://idp.example/metadata").metadata();
    let calls: [(&str, &[(&str, &str)]); 4] = [
        ("DeleteSAMLProvider", &[]),
        (
            "UpdateSAMLProvider",
            &[("SAMLMetadataDocument", metadata.as_str())],
        ),
        (
            "TagSAMLProvider",
            &[("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")],
        ),
        ("UntagSAMLProvider", &[("TagKeys.member.1", "a")]),
    ];
    for (action, more) in calls {
        let mut parameters = vec![("Action", action), ("SAMLProviderArn", arn.as_str())];
        parameters.extend_from_slice(more);
        let reply = center.world.iam(admin, &parameters).await;
        let (status, code, _) = reply.refusal();
        assert_eq!(
            (status, code.as_str()),
            (400, "UnmodifiableEntity"),
            "{action}"
        );
    }
}

#[tokio::test]
async fn names_and_paths_of_identity_center_are_not_given_to_others() {
    let center = Center::enabled().await;
    let world = &center.world;
    let trust = trust(ACCOUNT, "Idp");
    for (name, path) in [
        ("Mine", "/aws-reserved/sso.amazonaws.com/"),
        ("AWSReservedSSO_Mine_0123456789abcdef", "/"),
    ] {
        let reply = world
            .iam(
                &world.admin,
                &[
                    ("Action", "CreateRole"),
                    ("RoleName", name),
                    ("Path", path),
                    ("AssumeRolePolicyDocument", &trust),
                ],
            )
            .await;
        let (status, code, _) = reply.refusal();
        assert_eq!((status, code.as_str()), (400, "InvalidInput"), "{name}");
    }
    let metadata = Idp::new("https://idp.example/metadata").metadata();
    let reply = world
        .iam(
            &world.admin,
            &[
                ("Action", "CreateSAMLProvider"),
                ("Name", "AWSSSO_0123456789abcdef_DO_NOT_DELETE"),
                ("SAMLMetadataDocument", &metadata),
            ],
        )
        .await;
    assert_eq!(reply.refusal().1, "InvalidInput");
}

/// Assertions of others do not open these roles.
#[tokio::test]
async fn an_assertion_does_not_reach_a_role_of_identity_center() {
    let center = Center::enabled().await;
    assigned(&center).await;
    let name = center.role_name().await;
    let idp = Idp::new("https://idp.example/metadata");
    center.world.provider(ACCOUNT, "Idp", &idp);
    let role = format!("arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/{name}");
    let path = format!("aws-reserved/sso.amazonaws.com/{name}");
    let response = idp.sign(&idp.draft().roles(&[&path]));
    let reply = center
        .world
        .sts(&[
            ("Action", "AssumeRoleWithSAML"),
            ("RoleArn", &role),
            ("PrincipalArn", &provider_arn("Idp")),
            ("SAMLAssertion", &response),
        ])
        .await;
    assert_eq!(
        reply.refusal(),
        (
            403,
            "AccessDenied".into(),
            "Not authorized to perform sts:AssumeRoleWithSAML".into()
        )
    );
}
