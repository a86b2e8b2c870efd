//! Attributes for access control.

use serde_json::{Value, json};

use super::Center;

const MEMBER: &str = "InstanceAccessControlAttributeConfiguration";

fn configuration(attributes: &[(&str, &str)]) -> Value {
    let list: Vec<Value> = attributes
        .iter()
        .map(|(key, source)| json!({"Key": key, "Value": {"Source": [source]}}))
        .collect();
    let mut input = json!({});
    input[MEMBER] = json!({"AccessControlAttributes": list});
    input
}

fn operation(verb: &str) -> String {
    format!("{verb}{MEMBER}")
}

#[tokio::test]
async fn attributes_for_access_control_are_enabled_changed_and_disabled() {
    let center = Center::enabled().await;
    let cost_center = ("CostCenter", "${path:enterprise.costCenter}");
    let region = ("Region", r#"${path:addresses[type eq "work"].region}"#);
    center
        .ok(&operation("Create"), configuration(&[cost_center]))
        .await;
    let mut expected = configuration(&[cost_center]);
    expected["Status"] = json!("ENABLED");
    assert_eq!(center.ok(&operation("Describe"), json!({})).await, expected);

    let both = configuration(&[region, cost_center]);
    center.ok(&operation("Update"), both.clone()).await;
    let described = center.ok(&operation("Describe"), json!({})).await;
    assert_eq!(described[MEMBER], both[MEMBER]);
    center.ok(&operation("Delete"), json!({})).await;
    let gone = center.call(&operation("Describe"), json!({})).await;
    assert_eq!(gone.refusal().0, "ResourceNotFoundException");
}

#[tokio::test]
async fn what_is_enabled_is_not_enabled_again_and_what_is_not_is_not_changed() {
    let center = Center::enabled().await;
    let missing = (
        "ResourceNotFoundException",
        "The InstanceAccessControlAttributeConfiguration does not exist.",
    );
    for verb in ["Describe", "Update", "Delete"] {
        let answer = center.call(&operation(verb), configuration(&[])).await;
        assert_eq!(answer.refusal(), missing, "{verb}");
    }
    center.ok(&operation("Create"), configuration(&[])).await;
    let again = center.call(&operation("Create"), configuration(&[])).await;
    assert_eq!(
        again.refusal(),
        (
            "ConflictException",
            "The InstanceAccessControlAttributeConfiguration already exists."
        )
    );
}

#[tokio::test]
async fn an_attribute_has_one_key_and_one_source() {
    let center = Center::enabled().await;
    let twice = configuration(&[("A", "${path:title}"), ("A", "${path:locale}")]);
    let refused = center.call(&operation("Create"), twice).await;
    assert_eq!(
        refused.refusal(),
        ("ValidationException", "The attribute key A is given twice.")
    );
    // Session tags are unique without regard to case.
    let twice = configuration(&[("Team", "${path:title}"), ("team", "${path:locale}")]);
    let refused = center.call(&operation("Create"), twice).await;
    let text = "The attribute key team is given twice.";
    assert_eq!(refused.refusal(), ("ValidationException", text));
    let mut sources = configuration(&[]);
    sources[MEMBER]["AccessControlAttributes"] = json!([
        {"Key": "A", "Value": {"Source": ["${path:title}", "${path:locale}"]}}]);
    let refused = center.call(&operation("Create"), sources).await;
    assert_eq!(
        refused.refusal(),
        (
            "ValidationException",
            "1 validation error detected: Value '[${path:title}, ${path:locale}]' at 'instanceAccessControlAttributeConfiguration.accessControlAttributes.1.member.value.source' failed to satisfy constraint: Member must have length less than or equal to 1"
        )
    );
}
