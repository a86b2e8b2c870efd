//! References to customer managed policies: attach, detach, list.

use serde_json::{Map, Value, json};

use super::{
    paging::Paging,
    scope::{self, Ask},
};
use crate::{
    identity_center::permission_sets::{
        attach_customer_managed_policy, detach_customer_managed_policy, shapes,
    },
    json_service::{Input, JsonCall, JsonError},
    state::center::PolicyReference,
};

const MEMBER: &str = "CustomerManagedPolicyReference";

pub(super) fn attach(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (id, reference) = names(call, "AttachCustomerManagedPolicyReferenceToPermissionSet")?;
    attach_customer_managed_policy(call.aws, scope::editing(call, &id), reference)?;
    Ok(json!({}))
}

pub(super) fn detach(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (id, reference) = names(
        call,
        "DetachCustomerManagedPolicyReferenceFromPermissionSet",
    )?;
    detach_customer_managed_policy(call.aws, scope::editing(call, &id), &reference)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("ListCustomerManagedPolicyReferencesInPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    paging.answer(
        "CustomerManagedPolicyReferences",
        &set.customer_managed,
        |reference| format!("{}{}", reference.path, reference.name),
        write,
    )
}

fn names(
    call: &mut JsonCall<'_>,
    operation: &'static str,
) -> Result<(String, PolicyReference), JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.require_presence(MEMBER);
    let reference = call
        .input
        .structure(MEMBER)
        .map(|members| read(&mut call.input, "customerManagedPolicyReference", members));
    call.input.done()?;
    let (_, set) = scope::permission_set(call, Ask::permission_set(operation, arns))?;
    let reference = reference.ok_or_else(JsonError::internal)?;
    Ok((set.id.clone(), reference))
}

/// Reads `Name` and `Path`, `/` when it is absent. `place` is where they stand, for messages.
pub(super) fn read(
    input: &mut Input<'_>,
    place: &str,
    members: &Map<String, Value>,
) -> PolicyReference {
    let mut text = |name: &str| {
        let value = members.get(name).filter(|value| !value.is_null())?;
        let text = value.as_str();
        if text.is_none() {
            input.mistyped(name);
        }
        text.map(str::to_owned)
    };
    let (name, path) = (text("Name"), text("Path"));
    input
        .errors()
        .required(&format!("{place}.name"), name.is_some());
    if let Some(name) = &name {
        input.check(&format!("{place}.name"), name, shapes::POLICY_NAME);
    }
    if let Some(path) = &path {
        input.check(&format!("{place}.path"), path, shapes::POLICY_PATH);
    }
    PolicyReference {
        name: name.unwrap_or_default(),
        path: path.unwrap_or_else(|| "/".to_owned()),
    }
}

pub(super) fn write(reference: &PolicyReference) -> Value {
    json!({ "Name": reference.name, "Path": reference.path })
}
