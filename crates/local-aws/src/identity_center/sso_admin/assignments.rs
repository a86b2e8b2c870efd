//! CreateAccountAssignment and DeleteAccountAssignment. Both answer IN_PROGRESS, as on AWS; what
//! became of the request is asked for with its id.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    request_status::{InProgress, write},
    scope::{self, Ask},
    shapes,
};
use crate::{
    identity_center::{create_assignment, delete_assignment},
    json_service::{Input, JsonCall, JsonError},
    state::center::{AssignmentKey, IdentityCenter, Principal},
};

pub(super) fn create(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (center, key) = read(call, "CreateAccountAssignment")?;
    let request = create_assignment(call.aws, call.op, key)?;
    Ok(json!({ "AccountAssignmentCreationStatus": write(&center, &request, InProgress::Yes) }))
}

pub(super) fn delete(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (center, key) = read(call, "DeleteAccountAssignment")?;
    let request = delete_assignment(call.aws, call.op, &key)?;
    Ok(json!({ "AccountAssignmentDeletionStatus": write(&center, &request, InProgress::Yes) }))
}

fn read(
    call: &mut JsonCall<'_>,
    operation: &'static str,
) -> Result<(std::sync::Arc<IdentityCenter>, AssignmentKey), JsonError> {
    let arns = scope::permission_set_arns(&mut call.input);
    let account = call.input.required("TargetId", shapes::ACCOUNT_ID);
    call.input.require_presence("TargetType");
    call.input.one_of("TargetType", &["AWS_ACCOUNT"]);
    let (kind, id) = principal_members(&mut call.input);
    call.input.done()?;
    let ask = Ask::permission_set(operation, arns).in_account(account);
    let (center, set) = scope::permission_set(call, ask)?;
    let key = AssignmentKey {
        account: account.to_owned(),
        permission_set: set.id.clone(),
        principal: principal(&center, kind, id)?,
    };
    Ok((center, key))
}

/// Reads `PrincipalType` and `PrincipalId`.
pub(super) fn principal_members<'a>(input: &mut Input<'a>) -> (&'a str, &'a str) {
    input.require_presence("PrincipalType");
    let kind = input.one_of("PrincipalType", &shapes::PRINCIPAL_TYPES);
    let id = input.required("PrincipalId", shapes::PRINCIPAL_ID);
    (kind.unwrap_or_default(), id)
}

/// The principal, which need not exist. Ids of the older kind begin with that of their store.
pub(super) fn principal(
    center: &IdentityCenter,
    kind: &str,
    id: &str,
) -> Result<Principal, JsonError> {
    let store = center.instance.identity_store_id.trim_start_matches("d-");
    let own = id
        .strip_prefix(store)
        .and_then(|rest| rest.strip_prefix('-'))
        .unwrap_or(id);
    let uuid: Uuid = own
        .parse()
        .map_err(|_| JsonError::not_found(format!("Could not find {kind} with id {id}")))?;
    Ok(if kind == "GROUP" {
        Principal::Group(uuid)
    } else {
        Principal::User(uuid)
    })
}
