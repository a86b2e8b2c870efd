//! Inline policies of roles. Their names match without regard to case: the list keeps the first
//! spelling, Get answers the one that was asked for (aws-iam-sts.md §3.3).

use jetway_aws_wire::AwsError;
use jetway_iam::{DocumentKind, PolicyDocument};

use super::{
    call::{Call, Paging, Reply},
    error::IamError,
    quotas, roles, shapes, write,
};
use crate::{LocalAws, state::InlinePolicyRecord};

/// Creates or replaces an inline policy.
pub fn put_role_policy(
    aws: &LocalAws,
    account: &str,
    role: &str,
    policy: &str,
    document: &str,
) -> Result<(), IamError> {
    shapes::POLICY_NAME.require("policyName", policy)?;
    shapes::DOCUMENT.require("policyDocument", document)?;
    PolicyDocument::parse(document, DocumentKind::Identity)?;
    roles::edit(aws, account, role, |record, _| {
        let known = record
            .inline
            .iter_mut()
            .find(|inline| inline.name.eq_ignore_ascii_case(policy));
        match known {
            Some(inline) => document.clone_into(&mut inline.document),
            None => record.inline.push(InlinePolicyRecord {
                name: policy.to_owned(),
                document: document.to_owned(),
            }),
        }
        let documents = record.inline.iter().map(|inline| inline.document.as_str());
        quotas::inline(&record.name, documents)
    })
    .map(drop)
}

/// Deletes an inline policy.
pub fn delete_role_policy(
    aws: &LocalAws,
    account: &str,
    role: &str,
    policy: &str,
) -> Result<(), IamError> {
    roles::edit(aws, account, role, |record, _| {
        let before = record.inline.len();
        record
            .inline
            .retain(|inline| !inline.name.eq_ignore_ascii_case(policy));
        if record.inline.len() == before {
            return Err(missing(policy));
        }
        Ok(())
    })
    .map(drop)
}

fn missing(policy: &str) -> IamError {
    IamError::NoSuchEntity(format!(
        "The role policy with name {policy} cannot be found."
    ))
}

pub(super) fn put(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let policy = members.required("PolicyName", shapes::POLICY_NAME);
    let document = members.required("PolicyDocument", shapes::DOCUMENT);
    members.done()?;
    let role = call.role("iam:PutRolePolicy", name)?;
    put_role_policy(
        call.aws,
        call.account_id(),
        &role.record.name,
        policy,
        document,
    )?;
    Ok(Reply::Empty)
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let policy = members
        .required("PolicyName", shapes::POLICY_NAME)
        .to_owned();
    members.done()?;
    let role = call.role("iam:GetRolePolicy", name)?;
    let document = role
        .record
        .inline
        .iter()
        .find(|inline| inline.name.eq_ignore_ascii_case(&policy))
        .map(|inline| write::encoded(&inline.document))
        .ok_or_else(|| missing(&policy))?;
    Ok(Reply::result(move |xml| {
        xml.text("RoleName", &role.record.name);
        xml.text("PolicyName", &policy);
        xml.text("PolicyDocument", &document);
    }))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let role = call.role("iam:ListRolePolicies", name)?;
    let mut names: Vec<String> = role
        .record
        .inline
        .iter()
        .map(|inline| inline.name.clone())
        .collect();
    names.sort();
    Ok(paging
        .page(names, Clone::clone)
        .into_reply("PolicyNames", |xml, name| xml.characters(&name)))
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("RoleName", shapes::ROLE_NAME);
    let policy = members.required("PolicyName", shapes::POLICY_NAME);
    members.done()?;
    let role = call.role("iam:DeleteRolePolicy", name)?;
    delete_role_policy(call.aws, call.account_id(), &role.record.name, policy)?;
    Ok(Reply::Empty)
}
