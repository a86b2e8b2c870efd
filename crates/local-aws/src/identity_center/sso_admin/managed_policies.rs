//! AWS managed policies of a permission set: attach, detach, list.

use serde_json::{Value, json};

use super::{
    paging::Paging,
    scope::{self, Ask},
};
use crate::{
    identity_center::permission_sets::{attach_managed_policy, detach_managed_policy, shapes},
    json_service::{JsonCall, JsonError},
};

pub(super) fn attach(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (id, arn) = names(call, "AttachManagedPolicyToPermissionSet")?;
    attach_managed_policy(call.aws, scope::editing(call, &id), &arn)?;
    Ok(json!({}))
}

pub(super) fn detach(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (id, arn) = names(call, "DetachManagedPolicyFromPermissionSet")?;
    detach_managed_policy(call.aws, scope::editing(call, &id), &arn)?;
    Ok(json!({}))
}

pub(super) fn list(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let paging = Paging::read(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("ListManagedPoliciesInPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    paging.answer(
        "AttachedManagedPolicies",
        &set.managed,
        |arn| (*arn).clone(),
        |arn| {
            let name = arn.rsplit('/').next().unwrap_or_default();
            json!({ "Name": name, "Arn": arn })
        },
    )
}

/// The permission set's id and the policy's ARN.
fn names(call: &mut JsonCall<'_>, operation: &'static str) -> Result<(String, String), JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let policy = call
        .input
        .required("ManagedPolicyArn", shapes::MANAGED_POLICY_ARN);
    call.input.done()?;
    let (_, set) = scope::permission_set(call, Ask::permission_set(operation, arns))?;
    Ok((set.id.clone(), policy.to_owned()))
}
