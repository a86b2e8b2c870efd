//! Permissions boundaries of roles.

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;

use super::{
    call::{Call, Reply},
    error::IamError,
    roles, shapes,
};
use crate::LocalAws;

/// Sets or replaces the permissions boundary.
pub fn put_role_permissions_boundary(
    aws: &LocalAws,
    account: &str,
    role: &str,
    policy_arn: &str,
) -> Result<(), IamError> {
    roles::edit(aws, account, role, |record, state| {
        roles::attachable(state, account, policy_arn)?;
        record.boundary = Some(policy_arn.to_owned());
        Ok(())
    })
    .map(drop)
}

/// Removes the permissions boundary.
pub fn delete_role_permissions_boundary(
    aws: &LocalAws,
    account: &str,
    role: &str,
) -> Result<(), IamError> {
    roles::edit(aws, account, role, |record, _| {
        match record.boundary.take() {
            Some(_) => Ok(()),
            None => Err(IamError::NoSuchEntity(format!(
                "No permissions boundary found for role {}.",
                record.name
            ))),
        }
    })
    .map(drop)
}

pub(super) fn put(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let policy_arn = members.required("PermissionsBoundary", shapes::ARN);
    members.done()?;
    let mut context = RequestContext::default();
    context.set("iam:PermissionsBoundary", policy_arn);
    let role = call.role_with("iam:PutRolePermissionsBoundary", name, context)?;
    put_role_permissions_boundary(call.aws, call.account_id(), &role.record.name, policy_arn)?;
    Ok(Reply::Empty)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    members.done()?;
    let role = call.role("iam:DeleteRolePermissionsBoundary", name)?;
    delete_role_permissions_boundary(call.aws, call.account_id(), &role.record.name)?;
    Ok(Reply::Empty)
}
