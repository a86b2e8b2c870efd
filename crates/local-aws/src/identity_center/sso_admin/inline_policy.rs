//! The inline policy of a permission set: put, get, delete.

use serde_json::{Value, json};

use super::scope::{self, Ask};
use crate::{
    identity_center::permission_sets::{delete_inline_policy, put_inline_policy, shapes},
    json_service::{JsonCall, JsonError},
};

pub(super) fn put(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let document = call.input.required("InlinePolicy", shapes::INLINE_POLICY);
    call.input.done()?;
    let ask = Ask::permission_set("PutInlinePolicyToPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    put_inline_policy(call.aws, scope::editing(call, &set.id), document)?;
    Ok(json!({}))
}

/// Without an inline policy the answer is an empty text.
pub(super) fn get(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("GetInlinePolicyForPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    Ok(json!({ "InlinePolicy": set.inline.as_deref().unwrap_or_default() }))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("DeleteInlinePolicyFromPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    delete_inline_policy(call.aws, scope::editing(call, &set.id))?;
    Ok(json!({}))
}
