//! The constraints of the model: patterns, lengths, words, numbers.

use serde_json::{Value, json};

use super::Center;

const SET: &str = "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef";
const USER: &str = "a0b1c2d3-0000-4000-8000-0123456789ab";

/// The constraint that an input violates, alone.
async fn violation(center: &Center, operation: &str, input: Value) -> String {
    let answer = center.call(operation, input).await;
    let (exception, message) = answer.refusal();
    assert_eq!(exception, "ValidationException", "{message}");
    let text = message
        .strip_prefix("1 validation error detected: ")
        .unwrap_or_else(|| panic!("{message}"));
    text.to_owned()
}

fn pattern(value: &str, at: &str, pattern: &str) -> String {
    format!(
        "Value '{value}' at '{at}' failed to satisfy constraint: Member must satisfy regular expression pattern: {pattern}"
    )
}

#[tokio::test]
async fn names_and_texts_follow_their_patterns() {
    let center = Center::enabled().await;
    let create = async |input: Value| violation(&center, "CreatePermissionSet", input).await;
    assert_eq!(
        create(json!({"Name": "Read only"})).await,
        pattern("Read only", "name", r"[\w+=,.@-]+")
    );
    let long = "a".repeat(33);
    assert_eq!(
        create(json!({"Name": long})).await,
        format!(
            "Value '{long}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 32"
        )
    );
    assert_eq!(
        create(json!({})).await,
        "Value null at 'name' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        create(json!({"Name": "A", "Description": "漢字"})).await,
        pattern(
            "漢字",
            "description",
            r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*"
        )
    );
    assert_eq!(
        create(json!({"Name": "A", "RelayState": "<here>"})).await,
        pattern(
            "<here>",
            "relayState",
            r#"[a-zA-Z0-9&$@#\\\/%?=~\-_'"|!:,.;*+\[\]\ \(\)\{\}]+"#
        )
    );
    assert_eq!(
        create(json!({"Name": "A", "SessionDuration": "8 hours"})).await,
        pattern(
            "8 hours",
            "sessionDuration",
            r"(-?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)([DW]))?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
        )
    );
    assert_eq!(
        create(json!({"Name": "A", "Tags": [{"Key": "a*b", "Value": ""}]})).await,
        pattern("a*b", "tags.1.member.key", r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")
    );
}

#[tokio::test]
async fn arns_follow_their_patterns() {
    let center = Center::enabled().await;
    let instance = json!({"InstanceArn": "arn:aws:sso:::instance/mine"});
    assert_eq!(
        violation(&center, "ListPermissionSets", instance).await,
        pattern(
            "arn:aws:sso:::instance/mine",
            "instanceArn",
            r"arn:aws(-[a-z]{1,5}){0,3}:sso:::instance/(sso)?ins-[a-zA-Z0-9-.]{16}"
        )
    );
    let set = format!("{}/ps-0123456789abcdef", center.instance);
    assert_eq!(
        violation(
            &center,
            "DescribePermissionSet",
            json!({"PermissionSetArn": set})
        )
        .await,
        pattern(
            &set,
            "permissionSetArn",
            r"arn:aws(-[a-z]{1,5}){0,3}:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}"
        )
    );
    let mine = "arn:aws:iam::123456789012:policy/Mine";
    let policy = json!({"PermissionSetArn": SET, "ManagedPolicyArn": mine});
    assert_eq!(
        violation(&center, "AttachManagedPolicyToPermissionSet", policy).await,
        pattern(
            mine,
            "managedPolicyArn",
            r"arn:aws(-[a-z]{1,5}){0,3}:iam::aws:policy((/[A-Za-z0-9\.,\+@=_-]+)*)/([A-Za-z0-9\.,\+@=_-]+)"
        )
    );
    let reference = json!({"PermissionSetArn": SET,
        "CustomerManagedPolicyReference": {"Name": "Mine", "Path": "teams"}});
    let attach = "AttachCustomerManagedPolicyReferenceToPermissionSet";
    assert_eq!(
        violation(&center, attach, reference).await,
        pattern(
            "teams",
            "customerManagedPolicyReference.path",
            r"((/[A-Za-z0-9\.,\+@=_-]+)*)/"
        )
    );
}

#[tokio::test]
async fn accounts_principals_and_requests_follow_their_patterns() {
    let center = Center::enabled().await;
    let assign = async |member: &str, value: &str| {
        let mut input = json!({
            "PermissionSetArn": SET, "TargetId": "123456789012", "TargetType": "AWS_ACCOUNT",
            "PrincipalType": "USER", "PrincipalId": USER,
        });
        input[member] = json!(value);
        violation(&center, "CreateAccountAssignment", input).await
    };
    assert_eq!(
        assign("TargetId", "12345678901x").await,
        pattern("12345678901x", "targetId", r"\d{12}")
    );
    assert_eq!(
        assign("PrincipalId", "road.runner").await,
        pattern(
            "road.runner",
            "principalId",
            r"([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}"
        )
    );
    assert_eq!(
        assign("PrincipalType", "ROLE").await,
        "Value 'ROLE' at 'principalType' failed to satisfy constraint: Member must satisfy enum value set: [USER, GROUP]"
    );
    assert_eq!(
        assign("TargetType", "OU").await,
        "Value 'OU' at 'targetType' failed to satisfy constraint: Member must satisfy enum value set: [AWS_ACCOUNT]"
    );
    let request = "A0B1C2D3-0000-4000-8000-0123456789AB";
    let input = json!({"ProvisionPermissionSetRequestId": request});
    assert_eq!(
        violation(&center, "DescribePermissionSetProvisioningStatus", input).await,
        pattern(
            request,
            "provisionPermissionSetRequestId",
            r"\b[0-9a-f]{8}\b-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-\b[0-9a-f]{12}\b"
        )
    );
}

#[tokio::test]
async fn pages_have_from_one_to_a_hundred_entries() {
    let center = Center::enabled().await;
    let list = async |input: Value| violation(&center, "ListPermissionSets", input).await;
    assert_eq!(
        list(json!({"MaxResults": 0})).await,
        "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
    );
    assert_eq!(
        list(json!({"MaxResults": 101})).await,
        "Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100"
    );
    assert_eq!(
        list(json!({"NextToken": "#"})).await,
        pattern("#", "nextToken", r"[-a-zA-Z0-9+=/_]*")
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let center = Center::enabled().await;
    let answer = center
        .call("CreateAccountAssignment", json!({"TargetType": "OU"}))
        .await;
    let (_, message) = answer.refusal();
    assert!(
        message.starts_with("5 validation errors detected: "),
        "{message}"
    );
}
