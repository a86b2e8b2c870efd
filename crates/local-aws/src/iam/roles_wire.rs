//! CreateRole, GetRole, ListRoles, UpdateRole, UpdateRoleDescription, DeleteRole,
//! UpdateAssumeRolePolicy on the wire (aws-iam-sts.md §3.3).

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;

use super::{
    call::{Call, Paging, Reply, request_tags},
    error::IamError,
    roles::{
        NewRole, RoleUpdate, create_role, delete_role, update_assume_role_policy, update_role,
    },
    shapes,
    write::{self, RoleDetail},
};
use crate::{arn, identity_center::provisioning::RESERVED_PREFIX};

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let path = members.optional("Path", shapes::PATH).unwrap_or("/");
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let trust = members.required("AssumeRolePolicyDocument", shapes::DOCUMENT);
    let description = members.optional("Description", shapes::DESCRIPTION);
    let max_session_duration = members.integer("MaxSessionDuration", 3600, 43_200)?;
    let boundary = members.optional("PermissionsBoundary", shapes::ARN);
    let tags = members.tags("Tags");
    members.done()?;
    let mut context = RequestContext::default();
    request_tags(&mut context, &tags);
    if let Some(boundary) = boundary {
        context.set("iam:PermissionsBoundary", boundary);
    }
    let arn = arn::role(call.account_id(), path, name);
    call.allow_with("iam:CreateRole", &arn, &arn, context)?;
    if name.starts_with(RESERVED_PREFIX) {
        return Err(IamError::InvalidInput(format!(
            "Role names that start with '{RESERVED_PREFIX}' are reserved for IAM Identity Center"
        ))
        .into());
    }
    let new = NewRole {
        path: path.to_owned(),
        description: description.map(str::to_owned),
        max_session_duration: max_session_duration.and_then(|value| u32::try_from(value).ok()),
        boundary: boundary.map(str::to_owned),
        tags,
        ..NewRole::new(name, trust)
    };
    let role = create_role(call.aws, call.op, call.account_id(), new)?;
    Ok(Reply::result(move |xml| {
        xml.element("Role", |xml| write::role(xml, &role, RoleDetail::Created));
    }))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    members.done()?;
    let role = call.role("iam:GetRole", name)?;
    Ok(Reply::result(move |xml| {
        xml.element("Role", |xml| write::role(xml, &role, RoleDetail::Full));
    }))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let prefix = members
        .optional("PathPrefix", shapes::PATH_PREFIX)
        .unwrap_or("/");
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let resource = arn::role(call.account_id(), prefix, "");
    call.allow("iam:ListRoles", &resource)?;
    let roles: Vec<_> = call
        .account()?
        .roles
        .values()
        .filter(|role| role.record.path.starts_with(prefix))
        .cloned()
        .collect();
    Ok(paging
        .page(roles, |role| role.record.name.to_ascii_lowercase())
        .into_reply("Roles", |xml, role| {
            write::role(xml, &role, RoleDetail::Listed);
        }))
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let description = members.optional("Description", shapes::DESCRIPTION);
    let max_session_duration = members.integer("MaxSessionDuration", 3600, 43_200)?;
    members.done()?;
    let role = call.role("iam:UpdateRole", name)?;
    let update = RoleUpdate {
        description: description.map(str::to_owned),
        max_session_duration: max_session_duration.and_then(|value| u32::try_from(value).ok()),
    };
    update_role(call.aws, call.account_id(), &role.record.name, update)?;
    Ok(Reply::result(|_| {}))
}

pub(super) fn update_description(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let description = members.required("Description", shapes::DESCRIPTION);
    members.done()?;
    let role = call.role("iam:UpdateRoleDescription", name)?;
    let update = RoleUpdate {
        description: Some(description.to_owned()),
        max_session_duration: None,
    };
    let role = update_role(call.aws, call.account_id(), &role.record.name, update)?;
    Ok(Reply::result(move |xml| {
        xml.element("Role", |xml| write::role(xml, &role, RoleDetail::Created));
    }))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    members.done()?;
    let role = call.role("iam:DeleteRole", name)?;
    delete_role(call.aws, call.account_id(), &role.record.name)?;
    Ok(Reply::Empty)
}

pub(super) fn update_trust(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let document = members.required("PolicyDocument", shapes::DOCUMENT);
    members.done()?;
    let role = call.role("iam:UpdateAssumeRolePolicy", name)?;
    update_assume_role_policy(call.aws, call.account_id(), &role.record.name, document)?;
    Ok(Reply::Empty)
}
