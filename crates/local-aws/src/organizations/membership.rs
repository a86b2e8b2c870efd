//! What becomes of an account of the organisation: moving, closing, leaving.

use super::{OrganizationError, organization::edit, trusted_access::all_features};
use crate::{
    LocalAws, identity_center,
    state::{
        State,
        organization::{MemberRecord, OrganizationRecord},
    },
};

/// Moves an account to another parent.
pub fn move_account(
    aws: &LocalAws,
    account: &str,
    source: &str,
    destination: &str,
) -> Result<(), OrganizationError> {
    edit(aws, |organization, _| {
        if !organization.is_parent(source) {
            return Err(OrganizationError::SourceParentNotFound);
        }
        if !organization.is_parent(destination) {
            return Err(OrganizationError::DestinationParentNotFound);
        }
        let member = organization
            .members
            .get_mut(account)
            .ok_or(OrganizationError::AccountNotFound)?;
        if member.parent == destination {
            return Err(OrganizationError::DuplicateAccount);
        }
        if member.parent != source {
            return Err(OrganizationError::AccountNotFound);
        }
        destination.clone_into(&mut member.parent);
        Ok(())
    })
}

/// Closes an account: it stays in the organisation and is `SUSPENDED`.
pub fn close_account(aws: &LocalAws, account: &str) -> Result<(), OrganizationError> {
    edit(aws, |organization, _| {
        all_features(&organization.feature_set)?;
        existing(organization, account)?;
        if account == organization.management_account {
            return Err(OrganizationError::constraint(
                "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
                "You attempted to close the management account. You can't close the management account of an organization.",
            ));
        }
        let member = organization
            .members
            .get_mut(account)
            .ok_or(OrganizationError::AccountNotFound)?;
        if member.status == super::SUSPENDED {
            return Err(OrganizationError::AlreadyClosed);
        }
        super::SUSPENDED.clone_into(&mut member.status);
        // Nobody acts for it any more, not even for a service.
        organization.delegated_administrators.remove(account);
        Ok(())
    })
}

/// Takes an account out of the organisation. It goes on existing by itself, without what IAM
/// Identity Center made in it.
pub fn remove_account(aws: &LocalAws, account: &str) -> Result<(), OrganizationError> {
    edit(aws, |organization, change| {
        existing(organization, account)?;
        if account == organization.management_account {
            return Err(OrganizationError::ManagementCannotLeave);
        }
        if organization.delegated_administrators.contains_key(account) {
            return Err(OrganizationError::constraint(
                "CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG",
                "This account is a delegated administrator. You must first deregister it before you remove it from the organization.",
            ));
        }
        organization.members.remove(account);
        organization.tags.remove(account);
        identity_center::release_account(change, account)?;
        Ok(())
    })
}

/// Whether the account was closed: nobody works in it any more, with no key and no session.
pub(crate) fn is_closed(state: &State, account: &str) -> bool {
    state
        .organization
        .as_ref()
        .and_then(|organization| organization.members.get(account))
        .is_some_and(|member| member.status == super::SUSPENDED)
}

/// The account with this id, or AWS's refusal.
pub(super) fn existing<'a>(
    organization: &'a OrganizationRecord,
    account: &str,
) -> Result<&'a MemberRecord, OrganizationError> {
    organization
        .members
        .get(account)
        .ok_or(OrganizationError::AccountNotFound)
}
