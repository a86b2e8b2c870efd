//! What a permission set allows: managed policies, an inline policy, a permissions boundary.

use serde_json::{Value, json};

use super::{ALLOW_S3, Center};

const READ_ONLY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const BILLING: &str = "arn:aws:iam::aws:policy/job-function/Billing";

fn managed(arn: &str) -> Value {
    json!({"ManagedPolicyArn": arn})
}

fn reference(name: &str, path: &str) -> Value {
    json!({"CustomerManagedPolicyReference": {"Name": name, "Path": path}})
}

#[tokio::test]
async fn aws_managed_policies_are_attached_listed_and_detached() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    for arn in [READ_ONLY, BILLING] {
        let attach = "AttachManagedPolicyToPermissionSet";
        assert_eq!(center.of(attach, &set, managed(arn)).await, json!({}));
    }
    let list = "ListManagedPoliciesInPermissionSet";
    assert_eq!(
        center.of(list, &set, json!({})).await,
        json!({"AttachedManagedPolicies": [
            {"Name": "ReadOnlyAccess", "Arn": READ_ONLY},
            {"Name": "Billing", "Arn": BILLING},
        ]})
    );
    let detach = "DetachManagedPolicyFromPermissionSet";
    center.of(detach, &set, managed(READ_ONLY)).await;
    assert_eq!(
        center.of(list, &set, json!({})).await,
        json!({"AttachedManagedPolicies": [{"Name": "Billing", "Arn": BILLING}]})
    );
}

#[tokio::test]
async fn a_policy_that_aws_does_not_have_is_not_attached() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let arn = "arn:aws:iam::aws:policy/Imaginary";
    let expected = (
        "ResourceNotFoundException".to_owned(),
        format!("Policy does not exist with ARN: {arn}"),
    );
    let attach = "AttachManagedPolicyToPermissionSet";
    assert_eq!(center.refused(attach, &set, managed(arn)).await, expected);
    let boundary = json!({"PermissionsBoundary": managed(arn)});
    let put = "PutPermissionsBoundaryToPermissionSet";
    assert_eq!(center.refused(put, &set, boundary).await, expected);
}

#[tokio::test]
async fn a_policy_is_attached_once_and_detached_once() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let id = set.rsplit('/').next().unwrap();
    let (attach, detach) = (
        "AttachManagedPolicyToPermissionSet",
        "DetachManagedPolicyFromPermissionSet",
    );
    center.of(attach, &set, managed(READ_ONLY)).await;
    assert_eq!(
        center.refused(attach, &set, managed(READ_ONLY)).await,
        (
            "ConflictException".into(),
            format!(
                "Permission set with id {id} already has a typed link attachment to a manged policy with {READ_ONLY}"
            )
        )
    );
    center.of(detach, &set, managed(READ_ONLY)).await;
    assert_eq!(
        center.refused(detach, &set, managed(READ_ONLY)).await,
        (
            "ResourceNotFoundException".into(),
            format!("Could not find ManagedPolicy with arn {READ_ONLY}")
        )
    );
}

#[tokio::test]
async fn customer_managed_policies_are_named_and_need_not_exist_yet() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let (attach, detach, list) = (
        "AttachCustomerManagedPolicyReferenceToPermissionSet",
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
        "ListCustomerManagedPolicyReferencesInPermissionSet",
    );
    center.of(attach, &set, reference("Team", "/teams/")).await;
    let without_path = json!({"CustomerManagedPolicyReference": {"Name": "Team"}});
    center.of(attach, &set, without_path.clone()).await;
    assert_eq!(
        center.of(list, &set, json!({})).await,
        json!({"CustomerManagedPolicyReferences": [
            {"Name": "Team", "Path": "/"},
            {"Name": "Team", "Path": "/teams/"},
        ]})
    );
    assert_eq!(
        center.refused(attach, &set, without_path.clone()).await,
        (
            "ConflictException".into(),
            "Given customer managed policy with name: Team  and path / already attached".into()
        )
    );
    center.of(detach, &set, without_path.clone()).await;
    assert_eq!(
        center.refused(detach, &set, without_path).await,
        (
            "ResourceNotFoundException".into(),
            "Given managed policy with name: Team  and path / does not exist on PermissionSet"
                .into()
        )
    );
}

#[tokio::test]
async fn a_permission_set_has_at_most_twenty_managed_policies() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let id = set.rsplit('/').next().unwrap();
    let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
    for index in 0..20 {
        let reference = reference(&format!("Policy{index}"), "/");
        center.of(attach, &set, reference).await;
    }
    let expected = (
        "ServiceQuotaExceededException".to_owned(),
        format!(
            "You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than 20 for id {id}"
        ),
    );
    let one_more = reference("OneMore", "/");
    assert_eq!(center.refused(attach, &set, one_more).await, expected);
    let attach = "AttachManagedPolicyToPermissionSet";
    assert_eq!(
        center.refused(attach, &set, managed(READ_ONLY)).await,
        expected
    );
}

#[tokio::test]
async fn an_inline_policy_is_put_read_and_deleted() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let get = "GetInlinePolicyForPermissionSet";
    let none = json!({"InlinePolicy": ""});
    assert_eq!(center.of(get, &set, json!({})).await, none);
    let put = "PutInlinePolicyToPermissionSet";
    center
        .of(put, &set, json!({"InlinePolicy": ALLOW_S3}))
        .await;
    assert_eq!(
        center.of(get, &set, json!({})).await,
        json!({"InlinePolicy": ALLOW_S3})
    );
    let delete = "DeleteInlinePolicyFromPermissionSet";
    center.of(delete, &set, json!({})).await;
    assert_eq!(center.of(get, &set, json!({})).await, none);
}

#[tokio::test]
async fn an_inline_policy_that_iam_would_refuse_is_refused() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    for bad in [
        "{",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps","Action":"s3:*","Resource":"*"}]}"#,
    ] {
        let put = "PutInlinePolicyToPermissionSet";
        let (exception, message) = center
            .refused(put, &set, json!({"InlinePolicy": bad}))
            .await;
        assert_eq!(exception, "ValidationException");
        assert!(
            message.starts_with("Invalid PermissionsPolicy Document: "),
            "{message}"
        );
    }
}

#[tokio::test]
async fn an_inline_policy_has_at_most_10240_characters_without_white_space() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let policy = |actions: usize| {
        let action = format!("s3:{}", "a".repeat(96));
        json!({"Version": "2012-10-17", "Statement": [
            {"Effect": "Allow", "Action": vec![action; actions], "Resource": "*"}]})
    };
    let put = "PutInlinePolicyToPermissionSet";
    let spacious = serde_json::to_string_pretty(&policy(99)).unwrap();
    assert!(spacious.len() > 10_240);
    center
        .of(put, &set, json!({"InlinePolicy": spacious}))
        .await;
    let long = json!({"InlinePolicy": policy(101).to_string()});
    let (exception, message) = center.refused(put, &set, long).await;
    assert_eq!(exception, "ServiceQuotaExceededException");
    assert!(
        message.starts_with("You have exceeded AWS SSO limits. "),
        "{message}"
    );
}

#[tokio::test]
async fn a_permissions_boundary_is_put_read_and_deleted() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let id = set.rsplit('/').next().unwrap();
    let (put, get, delete) = (
        "PutPermissionsBoundaryToPermissionSet",
        "GetPermissionsBoundaryForPermissionSet",
        "DeletePermissionsBoundaryFromPermissionSet",
    );
    let missing = (
        "ResourceNotFoundException".to_owned(),
        format!("Could not find PermissionsBoundary for PermissionSet with id {id}"),
    );
    assert_eq!(center.refused(get, &set, json!({})).await, missing);
    assert_eq!(center.refused(delete, &set, json!({})).await, missing);
    for boundary in [managed(READ_ONLY), reference("Fence", "/teams/")] {
        let boundary = json!({"PermissionsBoundary": boundary});
        center.of(put, &set, boundary.clone()).await;
        assert_eq!(center.of(get, &set, json!({})).await, boundary);
    }
    center.of(delete, &set, json!({})).await;
    assert_eq!(center.refused(get, &set, json!({})).await, missing);
}

#[tokio::test]
async fn a_permissions_boundary_is_one_policy() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let mut both = managed(READ_ONLY);
    both["CustomerManagedPolicyReference"] = json!({"Name": "Fence"});
    for boundary in [json!({}), both] {
        let put = "PutPermissionsBoundaryToPermissionSet";
        assert_eq!(
            center
                .refused(put, &set, json!({"PermissionsBoundary": boundary}))
                .await,
            (
                "ValidationException".into(),
                "A permissions boundary is either a ManagedPolicyArn or a CustomerManagedPolicyReference.".into()
            )
        );
    }
}

/// What AWS offers for a permission set in its console.
#[tokio::test]
async fn the_policies_of_predefined_permission_sets_are_there() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    for name in [
        "AdministratorAccess",
        "PowerUserAccess",
        "ReadOnlyAccess",
        "SecurityAudit",
        "job-function/Billing",
        "job-function/DatabaseAdministrator",
        "job-function/DataScientist",
        "job-function/NetworkAdministrator",
        "job-function/SupportUser",
        "job-function/SystemAdministrator",
        "job-function/ViewOnlyAccess",
    ] {
        let arn = format!("arn:aws:iam::aws:policy/{name}");
        let attach = "AttachManagedPolicyToPermissionSet";
        center.of(attach, &set, managed(&arn)).await;
    }
}
