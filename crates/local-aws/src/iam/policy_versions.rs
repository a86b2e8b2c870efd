//! Versions of customer managed policies: at most five, numbers never reused.

use std::sync::Arc;

use jetway_aws_wire::AwsError;
use jetway_iam::{DocumentKind, PolicyDocument};

use super::{
    call::{Call, Paging, Reply},
    error::IamError,
    policies::own,
    quotas, shapes, write,
};
use crate::{
    LocalAws,
    op::Op,
    state::{ManagedPolicy, PolicyRecord, PolicyVersionRecord},
};

/// Adds a version, and makes it the default if asked to.
pub fn create_policy_version(
    aws: &LocalAws,
    op: &Op,
    account: &str,
    policy_arn: &str,
    document: &str,
    set_as_default: bool,
) -> Result<PolicyVersionRecord, IamError> {
    shapes::DOCUMENT.require("policyDocument", document)?;
    quotas::managed(document)?;
    PolicyDocument::parse(document, DocumentKind::Managed)?;
    let version = edit(aws, account, policy_arn, |record| {
        if record.versions.len() >= quotas::VERSIONS {
            return Err(IamError::LimitExceeded(
                "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.".into(),
            ));
        }
        let version = PolicyVersionRecord {
            number: record.next_version,
            document: document.to_owned(),
            created_at: op.unix(),
        };
        record.next_version += 1;
        record.versions.push(version.clone());
        if set_as_default {
            record.default_version = version.number;
            record.updated_at = op.unix();
        }
        Ok(version)
    })?;
    Ok(version)
}

/// Makes another version the one that counts.
pub fn set_default_policy_version(
    aws: &LocalAws,
    op: &Op,
    account: &str,
    policy_arn: &str,
    number: u32,
) -> Result<(), IamError> {
    edit(aws, account, policy_arn, |record| {
        if !record
            .versions
            .iter()
            .any(|version| version.number == number)
        {
            return Err(missing(policy_arn, &format!("v{number}")));
        }
        record.default_version = number;
        record.updated_at = op.unix();
        Ok(())
    })
}

/// Deletes a version other than the default.
pub fn delete_policy_version(
    aws: &LocalAws,
    account: &str,
    policy_arn: &str,
    number: u32,
) -> Result<(), IamError> {
    edit(aws, account, policy_arn, |record| {
        if !record
            .versions
            .iter()
            .any(|version| version.number == number)
        {
            return Err(missing(policy_arn, &format!("v{number}")));
        }
        if record.default_version == number {
            return Err(IamError::DeleteConflict(
                "Cannot delete the default version of a policy.".into(),
            ));
        }
        record.versions.retain(|version| version.number != number);
        Ok(())
    })
}

fn edit<T>(
    aws: &LocalAws,
    account: &str,
    policy_arn: &str,
    change_record: impl FnOnce(&mut PolicyRecord) -> Result<T, IamError>,
) -> Result<T, IamError> {
    aws.cell().change(|change| {
        let mut record = own(change.state(), account, policy_arn)?.record.clone();
        let result = change_record(&mut record)?;
        change.put_policy(ManagedPolicy::from_record(record)?)?;
        Ok(result)
    })
}

fn missing(policy_arn: &str, version: &str) -> IamError {
    IamError::NoSuchEntity(format!(
        "Policy {policy_arn} version {version} does not exist or is not attachable."
    ))
}

pub(super) fn create(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    let document = members.required("PolicyDocument", shapes::DOCUMENT);
    members.done()?;
    let set_as_default = call.request.boolean("SetAsDefault")?.unwrap_or(false);
    call.policy("iam:CreatePolicyVersion", arn)?;
    let account = call.account_id();
    let version = create_policy_version(call.aws, call.op, account, arn, document, set_as_default)?;
    Ok(Reply::result(move |xml| {
        xml.element("PolicyVersion", |xml| {
            write::policy_version(xml, &version, set_as_default, false);
        });
    }))
}

pub(super) fn get(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let (arn, number) = names(call)?;
    let policy = call.policy("iam:GetPolicyVersion", &arn)?;
    let version = policy
        .version(number)
        .cloned()
        .ok_or_else(|| missing(&arn, &format!("v{number}")))?;
    let is_default = policy.record.default_version == number;
    Ok(Reply::result(move |xml| {
        xml.element("PolicyVersion", |xml| {
            write::policy_version(xml, &version, is_default, true);
        });
    }))
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    let paging = Paging::read(&mut members)?;
    members.done()?;
    let policy: Arc<ManagedPolicy> = call.policy("iam:ListPolicyVersions", arn)?;
    let default = policy.record.default_version;
    let newest_first: Vec<_> = policy.record.versions.iter().rev().cloned().collect();
    // Ascending keys for a descending list.
    let key = |version: &PolicyVersionRecord| format!("{:010}", u32::MAX - version.number);
    Ok(paging
        .page(newest_first, key)
        .into_reply("Versions", move |xml, version| {
            write::policy_version(xml, &version, version.number == default, false);
        }))
}

pub(super) fn set_default(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let (arn, number) = names(call)?;
    call.policy("iam:SetDefaultPolicyVersion", &arn)?;
    set_default_policy_version(call.aws, call.op, call.account_id(), &arn, number)?;
    Ok(Reply::Empty)
}

pub(super) fn delete(call: &mut Call<'_>) -> Result<Reply, AwsError> {
    let (arn, number) = names(call)?;
    call.policy("iam:DeletePolicyVersion", &arn)?;
    delete_policy_version(call.aws, call.account_id(), &arn, number)?;
    Ok(Reply::Empty)
}

fn names(call: &Call<'_>) -> Result<(String, u32), AwsError> {
    let mut members = call.members();
    let arn = members.required("PolicyArn", shapes::ARN);
    let version = members.required("VersionId", shapes::VERSION_ID);
    members.done()?;
    let number = shapes::version_number(version).ok_or_else(|| missing(arn, version))?;
    Ok((arn.to_owned(), number))
}
