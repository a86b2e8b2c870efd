//! Customer managed policies: create, get, list, delete. AWS managed policies can only be read.

use std::sync::Arc;

use jetway_aws_wire::AwsError;
use jetway_iam::RequestContext;

use super::{
    call::{Call, Paging, Reply, request_tags},
    error::IamError,
    quotas, shapes, tags,
    write::{self, PolicyDetail, Usage},
};
use crate::{
    LocalAws, arn, ids,
    op::Op,
    state::{ManagedPolicy, PolicyRecord, PolicyVersionRecord, State, Tag},
};

/// What a new managed policy needs.
#[derive(Clone, Debug)]
pub struct NewPolicy {
    /// Friendly name, unique in the account without regard to case.
    pub name: String,
    /// `/` or `/…/`.
    pub path: String,
    /// JSON.
    pub document: String,
    /// Description.
    pub description: Option<String>,
    /// Tags.
    pub tags: Vec<Tag>,
}

/// Creates a customer managed policy. [`IamError::AlreadyExists`] when the name is taken.
pub fn create_policy(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    new: NewPolicy,
) -> Result<Arc<ManagedPolicy>, IamError> {
    shapes::POLICY_NAME.require("policyName", &new.name)?;
    shapes::POLICY_PATH.require("path", &new.path)?;
    shapes::DOCUMENT.require("policyDocument", &new.document)?;
    tags::check(&new.tags)?;
    quotas::managed(&new.document)?;
    let now = op.unix();
    let policy = ManagedPolicy::from_record(PolicyRecord {
        account: account.to_owned(),
        name: new.name,
        path: new.path,
        id: ids::policy_id(op),
        description: new.description.filter(|text| !text.is_empty()),
        created_at: now,
        updated_at: now,
        default_version: 1,
        next_version: 2,
        versions: vec![PolicyVersionRecord {
            number: 1,
            document: new.document,
            created_at: now,
        }],
        tags: new.tags,
    })?;
    aws.cell().change(|change| {
        let Some(owner) = change.state().account(account) else {
            return Err(IamError::no_account(account));
        };
        let name = &policy.record.name;
        if owner.policies.contains_key(&crate::state::key_of(name)) {
            return Err(IamError::AlreadyExists(format!(
                "A policy called {name} already exists. Duplicate names are not allowed."
            )));
        }
        let count = owner.policies.len();
        quotas::quota(
            count < quotas::POLICIES,
            "PoliciesPerAccount",
            quotas::POLICIES,
        )?;
        Ok(change.put_policy(policy)?)
    })
}

/// Deletes a customer managed policy that nothing uses and that has only its default version.
pub fn delete_policy(aws: &LocalAws, account: &str, policy_arn: &str) -> Result<(), IamError> {
    aws.cell().change(|change| {
        let policy = Arc::clone(own(change.state(), account, policy_arn)?);
        let usage = Usage::of(change.state(), account, policy_arn);
        let conflict = |text: &str| Err(IamError::DeleteConflict(text.into()));
        if usage.attached + usage.boundary > 0 {
            return conflict("Cannot delete a policy attached to entities.");
        }
        if policy.record.versions.len() > 1 {
            return conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.",
            );
        }
        change.remove_policy(account, &policy.record.name);
        Ok(())
    })
}

/// A policy that `account` may change.
pub(super) fn own<'a>(
    state: &'a State,
    account: &str,
    policy_arn: &str,
) -> Result<&'a Arc<ManagedPolicy>, IamError> {
    let policy = state
        .policy_by_arn(policy_arn)
        .ok_or_else(|| IamError::no_policy(policy_arn))?;
    match policy.record.account.as_str() {
        "aws" => Err(IamError::Forbidden(format!(
            "{policy_arn} is an AWS managed policy and cannot be changed."
        ))),
        owner if owner == account => Ok(policy),
        _ => Err(IamError::no_policy(policy_arn)),
    }
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let name = members.required("PolicyName", shapes::POLICY_NAME);
    let path = members.optional("Path", shapes::POLICY_PATH).unwrap_or("/");
    let document = members.required("PolicyDocument", shapes::DOCUMENT);
    let description = members.optional("Description", shapes::POLICY_DESCRIPTION);
    let tags = members.tags("Tags");
    members.done()?;
    let mut context = RequestContext::default();
    request_tags(&mut context, &tags);
    let arn = arn::policy(call.account_id(), path, name);
    call.allow_with("iam:CreatePolicy", &arn, &format!("policy {name}"), context)?;
    let new = NewPolicy {
        name: name.to_owned(),
        path: path.to_owned(),
        document: document.to_owned(),
        description: description.map(str::to_owned),
        tags,
    };
    let policy = create_policy(call.aws, call.op, call.account_id(), new)?;
    Ok(Reply::result(move |xml| {
        let unused = Usage {
            attached: 0,
            boundary: 0,
        };
        xml.element("Policy", |xml| {
            write::policy(xml, &policy, unused, PolicyDetail::Full);
        });
    }))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    members.done()?;
    let policy = call.policy("iam:GetPolicy", arn)?;
    let usage = Usage::of(&call.state, call.account_id(), arn);
    Ok(Reply::result(move |xml| {
        xml.element("Policy", |xml| {
            write::policy(xml, &policy, usage, PolicyDetail::Full);
        });
    }))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let scope = members
        .one_of("Scope", &["All", "AWS", "Local"])
        .unwrap_or("All");
    let prefix = members
        .optional("PathPrefix", shapes::POLICY_PATH)
        .unwrap_or("/");
    let usage_filter = members.one_of(
        "PolicyUsageFilter",
        &["PermissionsPolicy", "PermissionsBoundary"],
    );
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let only_attached = call.request.boolean("OnlyAttached")?.unwrap_or(false);
    call.allow_with(
        "iam:ListPolicies",
        &arn::policy(call.account_id(), prefix, ""),
        &format!("policy path {prefix}"),
        RequestContext::default(),
    )?;
    let account = call.account_id();
    let mut policies: Vec<(Arc<ManagedPolicy>, Usage)> = call
        .account()?
        .policies
        .values()
        .filter(|_| scope != "AWS")
        .chain(call.state.aws_managed().filter(|_| scope != "Local"))
        .filter(|policy| policy.record.path.starts_with(prefix))
        .map(|policy| {
            let usage = Usage::of(&call.state, account, policy.arn());
            (Arc::clone(policy), usage)
        })
        .filter(|(_, usage)| !only_attached || counts(*usage, usage_filter))
        .collect();
    policies.sort_by(|(a, _), (b, _)| a.arn().cmp(b.arn()));
    Ok(paging
        .page(policies, |(policy, _)| policy.arn().to_owned())
        .into_reply("Policies", |xml, (policy, usage)| {
            write::policy(xml, &policy, usage, PolicyDetail::Listed);
        }))
}

/// Whether a policy is in use. The filter has an effect only with `OnlyAttached`.
fn counts(usage: Usage, filter: Option<&str>) -> bool {
    match filter {
        Some("PermissionsPolicy") => usage.attached > 0,
        Some(_) => usage.boundary > 0,
        None => usage.attached + usage.boundary > 0,
    }
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    members.done()?;
    call.policy("iam:DeletePolicy", arn)?;
    delete_policy(call.aws, call.account_id(), arn)?;
    Ok(Reply::Empty)
}
