//! Shapes the tests share.

use jetway_scim::{
    ENTERPRISE_URN, GROUP_URN, PATCH_URN, Patch, Profile, ResourceKind, ScimError, USER_URN,
    read_resource,
};
use serde_json::{Map, Value, json};

pub(crate) fn user() -> Value {
    json!({
        "schemas": [USER_URN, ENTERPRISE_URN],
        "externalId": "701984",
        "userName": "road.runner@the-acme-corporation.com",
        "name": { "familyName": "Runner", "givenName": "Road" },
        "displayName": "Road Runner",
        "emails": [
            { "value": "road.runner@the-acme-corporation.com", "type": "work", "primary": true },
        ],
        "active": true,
        ENTERPRISE_URN: { "department": "operations", "manager": { "value": "m-1" } },
    })
}

pub(crate) fn group(members: usize) -> Value {
    let members: Vec<Value> = (0..members)
        .map(|at| json!({ "value": format!("u-{at}") }))
        .collect();
    json!({ "schemas": [GROUP_URN], "displayName": "operations", "members": members })
}

pub(crate) fn without(mut value: Value, name: &str) -> Value {
    value.as_object_mut().expect("an object").remove(name);
    value
}

pub(crate) fn with(mut value: Value, name: &str, new: Value) -> Value {
    value[name] = new;
    value
}

pub(crate) fn read(
    kind: ResourceKind,
    body: &Value,
    profile: &Profile,
) -> Result<Map<String, Value>, ScimError> {
    read_resource(kind, body.to_string().as_bytes(), profile)
}

pub(crate) fn refused_user(body: &Value, profile: &Profile) -> ScimError {
    read(ResourceKind::User, body, profile).expect_err("refused")
}

pub(crate) fn patch_body(operations: &Value) -> Vec<u8> {
    json!({ "schemas": [PATCH_URN], "Operations": operations })
        .to_string()
        .into_bytes()
}

pub(crate) fn parse_patch(
    kind: ResourceKind,
    operations: &Value,
    profile: &Profile,
) -> Result<Patch, ScimError> {
    Patch::parse(kind, &patch_body(operations), profile)
}

pub(crate) fn patched(
    kind: ResourceKind,
    resource: &Value,
    operations: &Value,
    profile: &Profile,
) -> Result<Value, ScimError> {
    let resource = resource.as_object().expect("an object");
    parse_patch(kind, operations, profile)?
        .apply(resource, profile)
        .map(Value::Object)
}
