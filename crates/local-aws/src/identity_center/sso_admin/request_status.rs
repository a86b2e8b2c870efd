//! What became of asynchronous requests: Describe… and List… of account assignments being created
//! and deleted, and of permission sets being provisioned.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    paging::{Paging, newest_first},
    scope::{self, Ask},
    shapes,
};
use crate::{
    json_service::{JsonCall, JsonError},
    state::center::{IdentityCenter, Principal, RequestKind, RequestRecord},
};

/// Whether the request is shown as one that is still going on: the answer to the request itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InProgress {
    Yes,
    No,
}

pub(super) fn describe_creation(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (center, request) = find(
        call,
        "DescribeAccountAssignmentCreationStatus",
        "AccountAssignmentCreationRequestId",
        RequestKind::CreateAssignment,
    )?;
    Ok(json!({ "AccountAssignmentCreationStatus": write(&center, &request, InProgress::No) }))
}

pub(super) fn describe_deletion(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (center, request) = find(
        call,
        "DescribeAccountAssignmentDeletionStatus",
        "AccountAssignmentDeletionRequestId",
        RequestKind::DeleteAssignment,
    )?;
    Ok(json!({ "AccountAssignmentDeletionStatus": write(&center, &request, InProgress::No) }))
}

pub(super) fn describe_provisioning(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    let (center, request) = find(
        call,
        "DescribePermissionSetProvisioningStatus",
        "ProvisionPermissionSetRequestId",
        RequestKind::Provision,
    )?;
    Ok(json!({ "PermissionSetProvisioningStatus": write(&center, &request, InProgress::No) }))
}

pub(super) fn list_creation(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    list(
        call,
        "ListAccountAssignmentCreationStatus",
        "AccountAssignmentsCreationStatus",
        RequestKind::CreateAssignment,
    )
}

pub(super) fn list_deletion(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    list(
        call,
        "ListAccountAssignmentDeletionStatus",
        "AccountAssignmentsDeletionStatus",
        RequestKind::DeleteAssignment,
    )
}

pub(super) fn list_provisioning(call: &mut JsonCall<'_>) -> Result<Value, JsonError> {
    list(
        call,
        "ListPermissionSetProvisioningStatus",
        "PermissionSetsProvisioningStatus",
        RequestKind::Provision,
    )
}

type Found = (
    std::sync::Arc<IdentityCenter>,
    std::sync::Arc<RequestRecord>,
);

fn find(
    call: &mut JsonCall<'_>,
    operation: &'static str,
    member: &str,
    kind: RequestKind,
) -> Result<Found, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let id = call.input.required(member, shapes::REQUEST_ID);
    call.input.done()?;
    let center = scope::center(call, Ask::instance(operation, instance))?;
    let request = id
        .parse::<Uuid>()
        .ok()
        .and_then(|id| center.requests.get(&id))
        .filter(|request| request.kind == kind)
        .cloned()
        .ok_or_else(|| JsonError::not_found(format!("Could not find request with id {id}")))?;
    Ok((center, request))
}

/// Newest first; of each only status, id and date.
fn list(
    call: &mut JsonCall<'_>,
    operation: &'static str,
    member: &str,
    kind: RequestKind,
) -> Result<Value, JsonError> {
    let instance = scope::instance_arn(&mut call.input);
    let paging = Paging::read(&mut call.input);
    let filter = call
        .input
        .structure("Filter")
        .and_then(|filter| filter.get("Status"))
        .filter(|status| !status.is_null());
    let wanted = filter.and_then(Value::as_str);
    if filter.is_some() && wanted.is_none() {
        call.input.mistyped("Filter");
    }
    if let Some(wanted) = wanted {
        call.input.errors().one_of(
            "filter.status",
            wanted,
            &["IN_PROGRESS", "FAILED", "SUCCEEDED"],
        );
    }
    call.input.done()?;
    let center = scope::center(call, Ask::instance(operation, instance))?;
    let requests = center
        .requests
        .values()
        .filter(|request| request.kind == kind)
        .filter(|request| wanted.is_none_or(|wanted| wanted == status(request)));
    paging.answer(
        member,
        requests,
        |request| newest_first(request.created_at, &request.id.to_string()),
        |request| {
            json!({
                "Status": status(request),
                "RequestId": request.id.to_string(),
                "CreatedDate": request.created_at,
            })
        },
    )
}

/// All that is known of a request.
pub(super) fn write(
    center: &IdentityCenter,
    request: &RequestRecord,
    in_progress: InProgress,
) -> Value {
    let mut shown = json!({
        "Status": status(request),
        "RequestId": request.id.to_string(),
        "PermissionSetArn": center.instance.permission_set_arn(&request.permission_set),
        "CreatedDate": request.created_at,
    });
    if in_progress == InProgress::Yes {
        shown["Status"] = json!("IN_PROGRESS");
    } else if let Some(failure) = &request.failure {
        shown["FailureReason"] = json!(failure);
    }
    if let Some(principal) = &request.principal {
        let (kind, id) = principal_of(principal);
        shown["PrincipalType"] = json!(kind);
        shown["PrincipalId"] = json!(id);
        shown["TargetType"] = json!("AWS_ACCOUNT");
    }
    if let Some(account) = &request.account {
        let member = match request.kind {
            RequestKind::Provision => "AccountId",
            RequestKind::CreateAssignment | RequestKind::DeleteAssignment => "TargetId",
        };
        shown[member] = json!(account);
    }
    shown
}

/// `PrincipalType` and `PrincipalId`.
pub(super) fn principal_of(principal: &Principal) -> (&'static str, String) {
    match principal {
        Principal::User(id) => ("USER", id.to_string()),
        Principal::Group(id) => ("GROUP", id.to_string()),
    }
}

fn status(request: &RequestRecord) -> &'static str {
    if request.failure.is_some() {
        "FAILED"
    } else {
        "SUCCEEDED"
    }
}
