//! InstanceAccessControlAttributeConfiguration: create, describe, update, delete.

use serde_json::{Value, json};

use super::{
    scope::{self, Ask},
    shapes,
};
use crate::{
    identity_center::{
        create_access_control, delete_access_control, no_access_control, update_access_control,
    },
    json_service::{Input, JsonCall, JsonError},
    state::center::AccessControlAttribute,
};

/// Attributes for access control of an instance.
const MAX_ATTRIBUTES: usize = 50;
const MEMBER: &str = "InstanceAccessControlAttributeConfiguration";
const PLACE: &str = "instanceAccessControlAttributeConfiguration.accessControlAttributes";

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let attributes = read(&mut call.input);
    call.input.done()?;
    let operation = "CreateInstanceAccessControlAttributeConfiguration";
    scope::center(call, Ask::instance(operation, instance))?;
    create_access_control(call.aws, attributes)?;
    Ok(json!({}))
}

pub(super) fn describe(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    call.input.done()?;
    let operation = "DescribeInstanceAccessControlAttributeConfiguration";
    let center = scope::center(call, Ask::instance(operation, instance))?;
    let attributes = center
        .instance
        .access_control
        .as_ref()
        .ok_or_else(no_access_control)?;
    let list: Vec<Value> = attributes
        .iter()
        .map(|attribute| json!({ "Key": attribute.key, "Value": { "Source": [attribute.source] } }))
        .collect();
    Ok(json!({ "Status": "ENABLED", MEMBER: { "AccessControlAttributes": list } }))
}

pub(super) fn update(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let attributes = read(&mut call.input);
    call.input.done()?;
    let operation = "UpdateInstanceAccessControlAttributeConfiguration";
    scope::center(call, Ask::instance(operation, instance))?;
    update_access_control(call.aws, attributes)?;
    Ok(json!({}))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    call.input.done()?;
    let operation = "DeleteInstanceAccessControlAttributeConfiguration";
    scope::center(call, Ask::instance(operation, instance))?;
    delete_access_control(call.aws)?;
    Ok(json!({}))
}

fn read(input: &mut Input<'_>) -> Vec<AccessControlAttribute> {
    input.require_presence(MEMBER);
    let Some(configuration) = input.structure(MEMBER) else {
        return Vec::new();
    };
    let items = configuration
        .get("AccessControlAttributes")
        .and_then(Value::as_array);
    let given = items.map(Vec::as_slice).unwrap_or_default();
    input.errors().required(PLACE, items.is_some());
    let attributes: Vec<AccessControlAttribute> = given
        .iter()
        .take(MAX_ATTRIBUTES)
        .enumerate()
        .map(|(index, item)| attribute(input, index, item))
        .collect();
    let keys: Vec<&str> = given
        .iter()
        .map(|item| item.get("Key").and_then(Value::as_str).unwrap_or_default())
        .collect();
    input.errors().list_length(PLACE, &keys, 0, MAX_ATTRIBUTES);
    attributes
}

fn attribute(input: &mut Input<'_>, index: usize, item: &Value) -> AccessControlAttribute {
    let place = format!("{PLACE}.{}.member", index + 1);
    let key = item.get("Key").and_then(Value::as_str);
    let sources = item.pointer("/Value/Source").and_then(Value::as_array);
    let texts: Vec<&str> = sources
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    input
        .errors()
        .required(&format!("{place}.key"), key.is_some());
    input
        .errors()
        .required(&format!("{place}.value.source"), sources.is_some());
    if sources.is_some() {
        input
            .errors()
            .list_length(&format!("{place}.value.source"), &texts, 1, 1);
    }
    if let Some(key) = key {
        input.check(&format!("{place}.key"), key, shapes::ATTRIBUTE_KEY);
    }
    for text in texts.iter().take(1) {
        let place = format!("{place}.value.source.1.member");
        input.check(&place, text, shapes::ATTRIBUTE_SOURCE);
    }
    AccessControlAttribute {
        key: key.unwrap_or_default().to_owned(),
        source: texts.first().copied().unwrap_or_default().to_owned(),
    }
}
