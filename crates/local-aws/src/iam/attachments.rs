//! Attaching managed policies to roles, and who has a policy attached.

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;

use super::{
    call::{Call, Paging, Reply},
    error::IamError,
    quotas, roles, shapes,
};
use crate::LocalAws;

/// Attaches a managed policy; attaching it again changes nothing.
pub fn attach_role_policy(
    aws: &LocalAws,
    account: &str,
    role: &str,
    policy_arn: &str,
) -> Result<(), IamError> {
    roles::edit(aws, account, role, |record, state| {
        roles::attachable(state, account, policy_arn)?;
        if record.attached.iter().any(|arn| arn == policy_arn) {
            return Ok(());
        }
        quotas::quota(
            record.attached.len() < quotas::POLICIES_PER_ROLE,
            "PoliciesPerRole",
            quotas::POLICIES_PER_ROLE,
        )?;
        record.attached.push(policy_arn.to_owned());
        Ok(())
    })
    .map(drop)
}

/// Detaches a managed policy.
pub fn detach_role_policy(
    aws: &LocalAws,
    account: &str,
    role: &str,
    policy_arn: &str,
) -> Result<(), IamError> {
    roles::edit(aws, account, role, |record, _| {
        let before = record.attached.len();
        record.attached.retain(|arn| arn != policy_arn);
        if record.attached.len() == before {
            return Err(IamError::no_policy(policy_arn));
        }
        Ok(())
    })
    .map(drop)
}

fn names(call: &Call<'_>) -> Result<(String, String), AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let policy_arn = members.required("PolicyArn", shapes::ARN);
    members.done()?;
    Ok((name.to_owned(), policy_arn.to_owned()))
}

fn policy_key(policy_arn: &str) -> RequestContext {
    let mut context = RequestContext::default();
    context.set("iam:PolicyARN", policy_arn);
    context
}

pub(super) fn attach(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let (name, policy_arn) = names(call)?;
    let role = call.role_with("iam:AttachRolePolicy", &name, policy_key(&policy_arn))?;
    attach_role_policy(call.aws, call.account_id(), &role.record.name, &policy_arn)?;
    Ok(Reply::Empty)
}

pub(super) fn detach(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let (name, policy_arn) = names(call)?;
    let role = call.role_with("iam:DetachRolePolicy", &name, policy_key(&policy_arn))?;
    detach_role_policy(call.aws, call.account_id(), &role.record.name, &policy_arn)?;
    Ok(Reply::Empty)
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let prefix = members
        .optional("PathPrefix", shapes::POLICY_PATH)
        .unwrap_or("/");
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let role = call.role("iam:ListAttachedRolePolicies", name)?;
    let mut attached: Vec<_> = role
        .record
        .attached
        .iter()
        .filter_map(|arn| call.state.policy_by_arn(arn))
        .filter(|policy| policy.record.path.starts_with(prefix))
        .cloned()
        .collect();
    attached.sort_by(|a, b| a.arn().cmp(b.arn()));
    Ok(paging
        .page(attached, |policy| policy.arn().to_owned())
        .into_reply("AttachedPolicies", |xml, policy| {
            xml.text("PolicyName", &policy.record.name);
            xml.text("PolicyArn", policy.arn());
        }))
}

/// ListEntitiesForPolicy. There are only roles here; the lists of users and groups are empty.
pub(super) fn entities(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    let filter = members.one_of(
        "EntityFilter",
        &[
            "User",
            "Role",
            "Group",
            "LocalManagedPolicy",
            "AWSManagedPolicy",
        ],
    );
    let usage = members.one_of(
        "PolicyUsageFilter",
        &["PermissionsPolicy", "PermissionsBoundary"],
    );
    let prefix = members.optional("PathPrefix", shapes::PATH).unwrap_or("/");
    let paging = Paging::read(&mut members)?;
    members.done()?;
    call.policy("iam:ListEntitiesForPolicy", arn)?;
    let roles: Vec<_> = call
        .account()?
        .roles
        .values()
        .filter(|_| matches!(filter, None | Some("Role")))
        .filter(|role| role.record.path.starts_with(prefix))
        .filter(|role| {
            let attached = role.record.attached.iter().any(|other| other == arn);
            let boundary = role.record.boundary.as_deref() == Some(arn);
            match usage {
                Some("PermissionsPolicy") => attached,
                Some(_) => boundary,
                None => attached || boundary,
            }
        })
        .cloned()
        .collect();
    let page = paging.page(roles, |role| role.record.name.to_ascii_lowercase());
    Ok(Reply::result(move |xml| {
        xml.element("PolicyGroups", |_| {});
        xml.element("PolicyUsers", |_| {});
        page.write("PolicyRoles", xml, |xml, role| {
            xml.text("RoleName", &role.record.name);
            xml.text("RoleId", &role.record.id);
        });
    }))
}
