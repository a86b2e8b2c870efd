//! Tags of the instance and of permission sets.

use serde_json::{Value, json};

use super::Center;

async fn tags(center: &Center, arn: &str) -> Value {
    let input = json!({"ResourceArn": arn});
    center.ok("ListTagsForResource", input).await["Tags"].clone()
}

#[tokio::test]
async fn the_instance_and_permission_sets_have_tags() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    for arn in [&set, &center.instance] {
        let new = json!({"ResourceArn": arn, "Tags": [
            {"Key": "team", "Value": "ops"}, {"Key": "Team", "Value": ""}]});
        center.ok("TagResource", new).await;
        let changed = json!({"ResourceArn": arn, "Tags": [{"Key": "team", "Value": "dev"}]});
        center.ok("TagResource", changed).await;
        assert_eq!(
            tags(&center, arn).await,
            json!([{"Key": "Team", "Value": ""}, {"Key": "team", "Value": "dev"}])
        );
        let gone = json!({"ResourceArn": arn, "TagKeys": ["team", "missing"]});
        center.ok("UntagResource", gone).await;
        assert_eq!(
            tags(&center, arn).await,
            json!([{"Key": "Team", "Value": ""}])
        );
    }
}

#[tokio::test]
async fn a_resource_has_at_most_fifty_tags() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let many: Vec<Value> = (0..50)
        .map(|index| json!({"Key": format!("k{index}"), "Value": ""}))
        .collect();
    center
        .ok("TagResource", json!({"ResourceArn": set, "Tags": many}))
        .await;
    let more = json!({"ResourceArn": set, "Tags": [{"Key": "more", "Value": ""}]});
    let refused = center.call("TagResource", more).await;
    assert_eq!(refused.refusal().0, "ServiceQuotaExceededException");
}

#[tokio::test]
async fn tag_keys_of_aws_are_reserved_and_a_key_is_given_once() {
    let center = Center::enabled().await;
    let reserved = json!({"Name": "A", "Tags": [{"Key": "aws:x", "Value": ""}]});
    let refused = center.call("CreatePermissionSet", reserved).await;
    assert_eq!(
        refused.refusal(),
        (
            "ValidationException",
            "Tag keys starting with 'aws:' are reserved for system use."
        )
    );
    let twice = json!({"Name": "A", "Tags": [
        {"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}]});
    let refused = center.call("CreatePermissionSet", twice).await;
    assert_eq!(
        refused.refusal(),
        ("ValidationException", "The tag key x is given twice.")
    );
}

#[tokio::test]
async fn a_resource_that_is_not_there_has_no_tags() {
    let center = Center::enabled().await;
    let set = center.set("Plain").await;
    let other = format!("{}0000000000000000", &set[..set.len() - 16]);
    let answer = center
        .call("ListTagsForResource", json!({"ResourceArn": other}))
        .await;
    assert_eq!(
        answer.refusal(),
        (
            "ResourceNotFoundException",
            format!("Could not find resource with ARN {other}").as_str()
        )
    );
}
