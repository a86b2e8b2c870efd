//! Tags of root, units and accounts.

use serde_json::{Value, json};

use crate::support::{ACCOUNT, World};

async fn tags(world: &World, id: &str) -> Value {
    world
        .organize("ListTagsForResource", json!({"ResourceId": id}))
        .await["Tags"]
        .clone()
}

#[tokio::test]
async fn root_units_and_accounts_have_tags() {
    let world = World::organized().await;
    let root = world.root().await;
    let unit = world.new_unit(&root, "Workloads").await;
    for id in [root.as_str(), &unit, ACCOUNT] {
        let set = json!({"ResourceId": id, "Tags": [
            {"Key": "team", "Value": "blue"}, {"Key": "cost", "Value": ""}]});
        world.organize("TagResource", set).await;
        let set = json!({"ResourceId": id, "Tags": [{"Key": "team", "Value": "red"}]});
        world.organize("TagResource", set).await;
        assert_eq!(
            tags(&world, id).await,
            json!([{"Key": "cost", "Value": ""}, {"Key": "team", "Value": "red"}])
        );
        let unset = json!({"ResourceId": id, "TagKeys": ["team", "never there"]});
        world.organize("UntagResource", unset).await;
        assert_eq!(
            tags(&world, id).await,
            json!([{"Key": "cost", "Value": ""}])
        );
    }
}

#[tokio::test]
async fn units_and_accounts_are_created_with_tags() {
    let world = World::organized().await;
    let given = json!([{"Key": "team", "Value": "blue"}]);
    let unit = json!({"ParentId": world.root().await, "Name": "x", "Tags": given});
    let unit = world.organize("CreateOrganizationalUnit", unit).await;
    let unit = unit["OrganizationalUnit"]["Id"].as_str().unwrap();
    assert_eq!(tags(&world, unit).await, given);
    let account = json!({"AccountName": "x", "Email": "x@example.com", "Tags": given});
    world.organize("CreateAccount", account).await;
    let statuses = world.organize("ListCreateAccountStatus", json!({})).await;
    let account = &statuses["CreateAccountStatuses"][0]["AccountId"];
    assert_eq!(tags(&world, account.as_str().unwrap()).await, given);
}

#[tokio::test]
async fn tags_that_aws_does_not_take_are_refused_with_the_reason() {
    let world = World::organized().await;
    let root = world.root().await;
    let set = async |tags: Value| {
        let input = json!({"ResourceId": root, "Tags": tags});
        let answer = world.organizations("TagResource", input).await;
        let (exception, reason) = answer.reason();
        format!("{exception} {reason}")
    };
    assert_eq!(
        set(json!([{"Key": "aws:x", "Value": "y"}])).await,
        "InvalidInputException INVALID_SYSTEM_TAGS_PARAMETER"
    );
    assert_eq!(
        set(json!([{"Key": "x", "Value": "1"}, {"Key": "x", "Value": "2"}])).await,
        "InvalidInputException DUPLICATE_TAG_KEY"
    );
    assert_eq!(
        set(json!([{"Key": "a;b", "Value": ""}])).await,
        "InvalidInputException INVALID_LIST_MEMBER"
    );
    let many: Vec<Value> = (0..51)
        .map(|number| json!({"Key": format!("k{number}"), "Value": ""}))
        .collect();
    assert_eq!(
        set(Value::Array(many)).await,
        "ConstraintViolationException MAX_TAG_LIMIT_EXCEEDED"
    );
    let nothing = json!({"ResourceId": "ou-zzzz-12345678", "Tags": []});
    let nothing = world.organizations("TagResource", nothing).await;
    assert_eq!(nothing.refusal().0, "TargetNotFoundException");
}

#[tokio::test]
async fn more_tags_than_there_can_be_are_refused_before_they_are_compared() {
    let world = World::organized().await;
    // The same key again and again: what is told is that there are too many.
    let tags: Vec<Value> = (0..51).map(|_| json!({"Key": "a", "Value": ""})).collect();
    let input = json!({"ResourceId": ACCOUNT, "Tags": tags});
    let refused = world.organizations("TagResource", input).await;
    assert_eq!(
        refused.reason(),
        ("ConstraintViolationException", "MAX_TAG_LIMIT_EXCEEDED")
    );
}
