//! What a permission set allows: AWS managed policies, references to customer managed policies, an
//! inline policy, a permissions boundary.

use jetway_iam::{DocumentKind, PolicyDocument};

use super::{Editing, edit, shapes};
use crate::{
    LocalAws,
    identity_center::error::{CenterError, require},
    state::{
        State,
        center::{PermissionSetRecord, PermissionsBoundary, PolicyReference},
    },
};

/// Managed policies of a permission set, AWS's and customers' together.
const MAX_MANAGED: usize = 20;
/// Characters of an inline policy that are no white space.
const MAX_INLINE: usize = 10_240;

/// Attaches an AWS managed policy.
pub fn attach_managed_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    arn: &str,
) -> Result<(), CenterError> {
    let set = set.into();
    require("managedPolicyArn", arn, shapes::MANAGED_POLICY_ARN)?;
    edit(aws, set, |record, state| {
        aws_managed(state, arn)?;
        if record.managed.iter().any(|attached| attached == arn) {
            return Err(CenterError::Conflict(format!(
                "Permission set with id {} already has a typed link attachment to a manged policy with {arn}",
                set.id
            )));
        }
        within_quota(record)?;
        record.managed.push(arn.to_owned());
        Ok(())
    })
}

/// Detaches an AWS managed policy.
pub fn detach_managed_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    arn: &str,
) -> Result<(), CenterError> {
    let set = set.into();
    require("managedPolicyArn", arn, shapes::MANAGED_POLICY_ARN)?;
    edit(aws, set, |record, _| {
        let before = record.managed.len();
        record.managed.retain(|attached| attached != arn);
        if record.managed.len() == before {
            return Err(CenterError::NotFound(format!(
                "Could not find ManagedPolicy with arn {arn}"
            )));
        }
        Ok(())
    })
}

/// Attaches a policy that each account must have by itself.
pub fn attach_customer_managed_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    reference: PolicyReference,
) -> Result<(), CenterError> {
    let set = set.into();
    check_reference(&reference)?;
    edit(aws, set, |record, _| {
        if record.customer_managed.contains(&reference) {
            return Err(CenterError::Conflict(format!(
                "Given customer managed policy with name: {}  and path {} already attached",
                reference.name, reference.path
            )));
        }
        within_quota(record)?;
        record.customer_managed.push(reference);
        Ok(())
    })
}

/// Detaches a customer managed policy.
pub fn detach_customer_managed_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    reference: &PolicyReference,
) -> Result<(), CenterError> {
    let set = set.into();
    check_reference(reference)?;
    edit(aws, set, |record, _| {
        let before = record.customer_managed.len();
        record.customer_managed.retain(|other| other != reference);
        if record.customer_managed.len() == before {
            return Err(CenterError::NotFound(format!(
                "Given managed policy with name: {}  and path {} does not exist on PermissionSet",
                reference.name, reference.path
            )));
        }
        Ok(())
    })
}

/// Sets or replaces the inline policy, which must be one that IAM takes.
pub fn put_inline_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    document: &str,
) -> Result<(), CenterError> {
    let set = set.into();
    require("inlinePolicy", document, shapes::INLINE_POLICY)?;
    PolicyDocument::parse(document, DocumentKind::Identity).map_err(|error| {
        CenterError::Validation(format!("Invalid PermissionsPolicy Document: {error}"))
    })?;
    let size = document.chars().filter(|c| !c.is_whitespace()).count();
    if size > MAX_INLINE {
        return Err(CenterError::Quota(format!(
            "You have exceeded AWS SSO limits. The inline policy of a permission set can have at most {MAX_INLINE} characters without white space; this one has {size}."
        )));
    }
    edit(aws, set, |record, _| {
        record.inline = Some(document.to_owned());
        Ok(())
    })
}

/// Deletes the inline policy; when there is none, nothing changes.
pub fn delete_inline_policy<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
) -> Result<(), CenterError> {
    let set = set.into();
    edit(aws, set, |record, _| {
        record.inline = None;
        Ok(())
    })
}

/// Sets or replaces the permissions boundary.
pub fn put_permissions_boundary<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
    boundary: PermissionsBoundary,
) -> Result<(), CenterError> {
    let set = set.into();
    match &boundary {
        PermissionsBoundary::Managed(arn) => {
            require(
                "permissionsBoundary.managedPolicyArn",
                arn,
                shapes::MANAGED_POLICY_ARN,
            )?;
        }
        PermissionsBoundary::CustomerManaged(reference) => check_reference(reference)?,
    }
    edit(aws, set, |record, state| {
        if let PermissionsBoundary::Managed(arn) = &boundary {
            aws_managed(state, arn)?;
        }
        record.boundary = Some(boundary);
        Ok(())
    })
}

/// Removes the permissions boundary.
pub fn delete_permissions_boundary<'a>(
    aws: &LocalAws,
    set: impl Into<Editing<'a>>,
) -> Result<(), CenterError> {
    let set = set.into();
    edit(aws, set, |record, _| match record.boundary.take() {
        Some(_) => Ok(()),
        None => Err(CenterError::NotFound(format!(
            "Could not find PermissionsBoundary for PermissionSet with id {}",
            set.id
        ))),
    })
}

fn aws_managed(state: &State, arn: &str) -> Result<(), CenterError> {
    match state.policy_by_arn(arn) {
        Some(_) => Ok(()),
        None => Err(CenterError::NotFound(format!(
            "Policy does not exist with ARN: {arn}"
        ))),
    }
}

fn within_quota(record: &PermissionSetRecord) -> Result<(), CenterError> {
    if record.managed.len() + record.customer_managed.len() < MAX_MANAGED {
        return Ok(());
    }
    Err(CenterError::Quota(format!(
        "You have exceeded AWS SSO limits. Cannot create ManagedPolicy more than {MAX_MANAGED} for id {}",
        record.id
    )))
}

fn check_reference(reference: &PolicyReference) -> Result<(), CenterError> {
    require(
        "customerManagedPolicyReference.name",
        &reference.name,
        shapes::POLICY_NAME,
    )?;
    require(
        "customerManagedPolicyReference.path",
        &reference.path,
        shapes::POLICY_PATH,
    )
}
