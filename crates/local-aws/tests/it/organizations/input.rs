//! What requests may say.

use serde_json::{Value, json};

use crate::support::World;

/// Operation, input, and the reason of the refusal.
fn refused_inputs() -> Vec<(&'static str, Value, &'static str)> {
    let long = "x".repeat(129);
    [names_and_ids(&long), lists_and_words()].concat()
}

fn names_and_ids(long: &str) -> Vec<(&'static str, Value, &'static str)> {
    vec![
        ("DescribeAccount", json!({}), "INPUT_REQUIRED"),
        (
            "DescribeAccount",
            json!({"AccountId": "12345"}),
            "INVALID_PATTERN",
        ),
        (
            "DescribeAccount",
            json!({"AccountId": "1234567890123"}),
            "MAX_LENGTH_EXCEEDED",
        ),
        (
            "ListChildren",
            json!({"ParentId": "r-abcd", "ChildType": "POLICY"}),
            "INVALID_ENUM",
        ),
        (
            "ListChildren",
            json!({"ParentId": "r-abcd"}),
            "INPUT_REQUIRED",
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": "r-abcd", "Name": ""}),
            "MIN_LENGTH_EXCEEDED",
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": "r-abcd", "Name": long}),
            "MAX_LENGTH_EXCEEDED",
        ),
        (
            "CreateOrganizationalUnit",
            json!({"ParentId": "o-abcdefghij", "Name": "x"}),
            "INVALID_PATTERN",
        ),
        (
            "CreateAccount",
            json!({"AccountName": "x", "Email": "a@b"}),
            "MIN_LENGTH_EXCEEDED",
        ),
        (
            "CreateAccount",
            json!({"AccountName": "x", "Email": "a@example"}),
            "INVALID_PATTERN",
        ),
        (
            "CreateAccount",
            json!({"AccountName": "Zürich", "Email": "a@example.com"}),
            "INVALID_PATTERN",
        ),
    ]
}

fn lists_and_words() -> Vec<(&'static str, Value, &'static str)> {
    vec![
        (
            "CreateOrganization",
            json!({"FeatureSet": "SOME"}),
            "INVALID_ENUM",
        ),
        (
            "ListAccounts",
            json!({"MaxResults": 0}),
            "MIN_VALUE_EXCEEDED",
        ),
        (
            "ListAccounts",
            json!({"MaxResults": 21}),
            "MAX_VALUE_EXCEEDED",
        ),
        (
            "ListAccounts",
            json!({"NextToken": "made up"}),
            "INVALID_NEXT_TOKEN",
        ),
        (
            "ListCreateAccountStatus",
            json!({"States": ["DONE"]}),
            "INVALID_ENUM",
        ),
    ]
}

#[tokio::test]
async fn values_that_the_model_does_not_allow_are_refused_with_the_reason() {
    let world = World::organized().await;
    for (operation, input, reason) in refused_inputs() {
        let answer = world.organizations(operation, input.clone()).await;
        assert_eq!(
            answer.reason(),
            ("InvalidInputException", reason),
            "{operation} {input}"
        );
    }
}

#[tokio::test]
async fn a_member_of_another_type_is_not_read() {
    let world = World::organized().await;
    let input = json!({"AccountId": 123_456_789_012_i64});
    let answer = world.organizations("DescribeAccount", input).await;
    assert_eq!(answer.refusal().0, "SerializationException");
}

#[tokio::test]
async fn an_operation_that_is_not_there_is_unknown() {
    let world = World::organized().await;
    let answer = world.organizations("EnablePolicyType", json!({})).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.body["__type"], "UnknownOperationException");
}
