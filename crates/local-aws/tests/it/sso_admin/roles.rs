//! The role that a permission set becomes in an account (identity-center.md §2.5, §8.9).

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use super::{ALLOW_S3, Center, assigned, assignment};
use crate::support::{ACCOUNT, Reply, json::text, signing::Keys};

async fn role(center: &Center, name: &str) -> Reply {
    let parameters = [("Action", "GetRole"), ("RoleName", name)];
    center.world.iam(&center.world.admin, &parameters).await
}

fn document(reply: &Reply, element: &str) -> Value {
    let encoded = reply.value(element);
    let text = percent_decode_str(&encoded).decode_utf8().unwrap();
    serde_json::from_str(&text).unwrap()
}

fn is_hex(text: &str) -> bool {
    text.len() == 16
        && text
            .bytes()
            .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// The ARN of the role has no region in us-east-1.
#[tokio::test]
async fn in_us_east_1_the_path_of_a_role_has_no_region() {
    let center = Center::enabled().await;
    assigned(&center).await;
    let name = center.role_name().await;
    let suffix = name.strip_prefix("AWSReservedSSO_Admins_").unwrap();
    assert!(is_hex(suffix), "{name}");
    let role = role(&center, &name).await;
    assert_eq!(role.value("Path"), "/aws-reserved/sso.amazonaws.com/");
    assert_eq!(
        role.value("Arn"),
        format!("arn:aws:iam::{ACCOUNT}:role/aws-reserved/sso.amazonaws.com/{name}")
    );
}

#[tokio::test]
async fn in_any_other_region_the_path_of_a_role_names_it() {
    let center = Center::enabled_in("eu-west-1").await;
    assigned(&center).await;
    let name = center.role_name().await;
    let role = role(&center, &name).await;
    assert_eq!(
        role.value("Path"),
        "/aws-reserved/sso.amazonaws.com/eu-west-1/"
    );
}

#[tokio::test]
async fn a_role_trusts_the_provider_that_identity_center_made_in_the_account() {
    let center = Center::enabled().await;
    assigned(&center).await;
    let role = role(&center, &center.role_name().await).await;
    let listed = center
        .world
        .iam(&center.world.admin, &[("Action", "ListSAMLProviders")])
        .await;
    let provider = listed.value("Arn");
    let id = provider
        .strip_prefix(&format!("arn:aws:iam::{ACCOUNT}:saml-provider/AWSSSO_"))
        .and_then(|rest| rest.strip_suffix("_DO_NOT_DELETE"))
        .unwrap();
    assert!(is_hex(id), "{provider}");
    assert!(
        listed.value("ValidUntil").starts_with("2126-"),
        "{}",
        listed.text
    );
    assert_eq!(
        document(&role, "AssumeRolePolicyDocument"),
        json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"Federated": provider},
                "Action": ["sts:AssumeRoleWithSAML", "sts:TagSession"],
                "Condition": {"StringEquals": {"SAML:aud": "https://signin.aws.amazon.com/saml"}},
            }],
        })
    );
}

#[tokio::test]
async fn the_metadata_of_the_provider_is_that_of_an_identity_provider() {
    let center = Center::enabled_in("eu-west-1").await;
    assigned(&center).await;
    let admin = &center.world.admin;
    let listed = center
        .world
        .iam(admin, &[("Action", "ListSAMLProviders")])
        .await;
    let arn = listed.value("Arn");
    let parameters = [
        ("Action", "GetSAMLProvider"),
        ("SAMLProviderArn", arn.as_str()),
    ];
    let provider = center.world.iam(admin, &parameters).await;
    let metadata = provider.value("SAMLMetadataDocument");
    assert!(
        metadata.contains("entityID=\"https://portal.sso.eu-west-1.amazonaws.com/saml/assertion/"),
        "{metadata}"
    );
    assert!(metadata.contains("X509Certificate"), "{metadata}");
}

#[tokio::test]
async fn a_role_has_all_that_the_permission_set_says() {
    let center = Center::enabled().await;
    let created = center
        .ok(
            "CreatePermissionSet",
            json!({"Name": "Ops", "Description": "Operators", "SessionDuration": "PT2H",
                "Tags": [{"Key": "team", "Value": "ops"}]}),
        )
        .await;
    let set = text(&created["PermissionSet"]["PermissionSetArn"]);
    let read_only = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    let mine = create_policy(&center, &center.world.admin, "Mine", "/teams/").await;
    let managed = json!({"ManagedPolicyArn": read_only});
    let reference = json!({"Name": "Mine", "Path": "/teams/"});
    center
        .of("AttachManagedPolicyToPermissionSet", &set, managed)
        .await;
    center
        .of(
            "AttachCustomerManagedPolicyReferenceToPermissionSet",
            &set,
            json!({"CustomerManagedPolicyReference": reference}),
        )
        .await;
    let inline = json!({"InlinePolicy": ALLOW_S3});
    center
        .of("PutInlinePolicyToPermissionSet", &set, inline)
        .await;
    let boundary = json!({"PermissionsBoundary": {"CustomerManagedPolicyReference": reference}});
    center
        .of("PutPermissionsBoundaryToPermissionSet", &set, boundary)
        .await;
    let user = center.user("road.runner").await;
    center.assign(&set, ACCOUNT, ("USER", &user)).await;

    let name = center.role_name().await;
    let role = role(&center, &name).await;
    assert_eq!(role.value("Description"), "Operators");
    assert_eq!(role.value("MaxSessionDuration"), "43200");
    assert_eq!(role.value("PermissionsBoundaryArn"), mine);
    assert!(!role.text.contains("<Tags>"), "{}", role.text);
    let attached = center
        .world
        .iam(
            &center.world.admin,
            &[("Action", "ListAttachedRolePolicies"), ("RoleName", &name)],
        )
        .await;
    assert_eq!(attached.values("PolicyArn"), [mine.as_str(), read_only]);
    let inline = center
        .world
        .iam(
            &center.world.admin,
            &[
                ("Action", "GetRolePolicy"),
                ("RoleName", &name),
                ("PolicyName", "AwsSSOInlinePolicy"),
            ],
        )
        .await;
    let expected: Value = serde_json::from_str(ALLOW_S3).unwrap();
    assert_eq!(document(&inline, "PolicyDocument"), expected);
}

#[tokio::test]
async fn a_policy_that_the_account_lacks_makes_the_assignment_fail() {
    let center = Center::enabled().await;
    let set = center.set("Ops").await;
    let reference = json!({"CustomerManagedPolicyReference": {"Name": "Mine", "Path": "/teams/"}});
    let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
    center.of(attach, &set, reference).await;
    let user = center.user("road.runner").await;
    let failed = center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(failed["Status"], "FAILED");
    assert_eq!(
        failed["FailureReason"],
        format!(
            "Received a 404 status error: Policy arn:aws:iam::{ACCOUNT}:policy/teams/Mine does not exist or is not attachable."
        )
    );
    assert!(center.role_names().await.is_empty());
    let list = json!({"AccountId": ACCOUNT});
    let listed = center.of("ListAccountAssignments", &set, list).await;
    assert_eq!(listed, json!({"AccountAssignments": []}));

    create_policy(&center, &center.world.admin, "Mine", "/teams/").await;
    let repaired = center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(repaired["Status"], "SUCCEEDED");
}

#[tokio::test]
async fn more_policies_than_a_role_can_have_make_the_assignment_fail() {
    let center = Center::enabled().await;
    let set = center.set("Ops").await;
    for index in 0..11 {
        let name = format!("Mine{index}");
        create_policy(&center, &center.world.admin, &name, "/").await;
        let reference = json!({"CustomerManagedPolicyReference": {"Name": name}});
        let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
        center.of(attach, &set, reference).await;
    }
    let user = center.user("road.runner").await;
    let failed = center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_eq!(
        failed["FailureReason"],
        "Received a 409 status error: Cannot exceed quota for PoliciesPerRole: 10"
    );
}

#[tokio::test]
async fn the_name_of_a_role_stays_while_anybody_is_assigned() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let name = center.role_name().await;
    let id = role(&center, &name).await.value("RoleId");
    let group = center.group("Engineers", &[]).await;
    center.assign(&set, ACCOUNT, ("GROUP", &group)).await;
    center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    let update = json!({"Description": "New"});
    center.of("UpdatePermissionSet", &set, update).await;
    center.provision(&set).await;
    assert_eq!(center.role_name().await, name);
    let role_now = role(&center, &name).await;
    assert_eq!(role_now.value("RoleId"), id);
    assert_eq!(role_now.value("Description"), "New");

    center.unassign(&set, ACCOUNT, ("GROUP", &group)).await;
    assert!(center.role_names().await.is_empty());
    center.assign(&set, ACCOUNT, ("USER", &user)).await;
    assert_ne!(center.role_name().await, name);
}

#[tokio::test]
async fn each_account_has_a_role_of_its_own() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let other = center.world.new_account("audit").await;
    center.assign(&set, &other, ("USER", &user)).await;
    let here = center.role_name().await;
    let keys = Keys::from(center.world.aws.ensure_account(&other, "audit").unwrap());
    let listed = center
        .world
        .iam(
            &keys,
            &[("Action", "ListRoles"), ("PathPrefix", "/aws-reserved/")],
        )
        .await;
    let there = listed.value("RoleName");
    assert_ne!(here, there);
    assert!(there.starts_with("AWSReservedSSO_Admins_"), "{there}");
    center.unassign(&set, ACCOUNT, ("USER", &user)).await;
    assert!(center.role_names().await.is_empty());
    let parameters = [("Action", "GetRole"), ("RoleName", there.as_str())];
    center.world.iam(&keys, &parameters).await.assert_ok();
}

#[tokio::test]
async fn roles_and_assignments_outlive_a_restart() {
    let center = Center::enabled().await;
    let (set, user) = assigned(&center).await;
    let name = center.role_name().await;
    let center = Center {
        world: center.world.restart(),
        ..center
    };
    assert_eq!(center.role_name().await, name);
    let list = json!({"AccountId": ACCOUNT});
    let listed = center.of("ListAccountAssignments", &set, list).await;
    assert_eq!(listed["AccountAssignments"][0]["PrincipalId"], user);
    let again = assignment(&set, ACCOUNT, ("USER", &user));
    center.ok("CreateAccountAssignment", again).await;
    assert_eq!(center.role_name().await, name);
}

async fn create_policy(center: &Center, keys: &Keys, name: &str, path: &str) -> String {
    let created = center
        .world
        .iam(
            keys,
            &[
                ("Action", "CreatePolicy"),
                ("PolicyName", name),
                ("Path", path),
                ("PolicyDocument", ALLOW_S3),
            ],
        )
        .await;
    created.assert_ok().value("Arn")
}
