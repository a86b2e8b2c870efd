//! The permissions boundary of a permission set: put, get, delete.

use serde_json::{Map, Value, json};

use super::{
    customer_policies,
    scope::{self, Ask},
};
use crate::{
    identity_center::{
        error::CenterError,
        permission_sets::{delete_permissions_boundary, put_permissions_boundary, shapes},
    },
    json_service::{Input, JsonCall, JsonError},
    state::center::PermissionsBoundary,
};

const MEMBER: &str = "PermissionsBoundary";

pub(super) fn put(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.require_presence(MEMBER);
    let boundary = call
        .input
        .structure(MEMBER)
        .map(|members| read(&mut call.input, members));
    call.input.done()?;
    let ask = Ask::permission_set("PutPermissionsBoundaryToPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    let boundary = boundary.flatten().ok_or_else(|| {
        JsonError::validation(
            "A permissions boundary is either a ManagedPolicyArn or a CustomerManagedPolicyReference.",
        )
    })?;
    put_permissions_boundary(call.aws, scope::editing(call, &set.id), boundary)?;
    Ok(json!({}))
}

pub(super) fn get(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("GetPermissionsBoundaryForPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    let boundary = set.boundary.as_ref().ok_or_else(|| {
        CenterError::NotFound(format!(
            "Could not find PermissionsBoundary for PermissionSet with id {}",
            set.id
        ))
    })?;
    Ok(json!({ MEMBER: write(boundary) }))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set("DeletePermissionsBoundaryFromPermissionSet", arns);
    let (_, set) = scope::permission_set(call, ask)?;
    delete_permissions_boundary(call.aws, scope::editing(call, &set.id))?;
    Ok(json!({}))
}

/// Exactly one of the two; `None` otherwise.
fn read(input: &mut Input<'_>, members: &Map<String, Value>) -> Option<PermissionsBoundary> {
    let present = |name: &str| members.get(name).filter(|value| !value.is_null());
    match (
        present("ManagedPolicyArn"),
        present("CustomerManagedPolicyReference"),
    ) {
        (Some(Value::String(arn)), None) => {
            input.check(
                "permissionsBoundary.managedPolicyArn",
                arn,
                shapes::MANAGED_POLICY_ARN,
            );
            Some(PermissionsBoundary::Managed(arn.clone()))
        }
        (None, Some(Value::Object(reference))) => {
            let place = "permissionsBoundary.customerManagedPolicyReference";
            Some(PermissionsBoundary::CustomerManaged(
                customer_policies::read(input, place, reference),
            ))
        }
        (Some(_), None) => {
            input.mistyped("ManagedPolicyArn");
            None
        }
        (None, Some(_)) => {
            input.mistyped("CustomerManagedPolicyReference");
            None
        }
        _ => None,
    }
}

fn write(boundary: &PermissionsBoundary) -> Value {
    match boundary {
        PermissionsBoundary::Managed(arn) => json!({ "ManagedPolicyArn": arn }),
        PermissionsBoundary::CustomerManaged(reference) => {
            json!({ "CustomerManagedPolicyReference": customer_policies::write(reference) })
        }
    }
}
