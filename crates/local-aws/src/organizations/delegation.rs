//! Accounts that administer a service in place of the management account.

use super::{OrganizationError, membership::existing, organization::edit, trusted_access};
use crate::{LocalAws, op::Op};

/// The service of IAM Identity Center, which has one delegated administrator at most.
const IDENTITY_CENTER: &str = "sso.amazonaws.com";

/// Makes an account a delegated administrator of a service that has trusted access.
pub fn register_delegated_administrator(
    aws: &LocalAws,
    op: &Op,
    account: &str,
    service: &str,
) -> Result<(), OrganizationError> {
    trusted_access::recognised(service)?;
    edit(aws, |organization, _| {
        let member = existing(organization, account)?;
        if account == organization.management_account {
            return Err(OrganizationError::constraint(
                "CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR",
                "You cannot register master account/yourself as delegated administrator for your organization.",
            ));
        }
        if member.status != super::ACTIVE {
            return Err(OrganizationError::constraint(
                "CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR",
                "You cannot register a suspended account as a delegated administrator.",
            ));
        }
        if !organization.trusted_services.contains_key(service) {
            return Err(OrganizationError::constraint(
                "SERVICE_ACCESS_NOT_ENABLED",
                "You must enable service access before you register a delegated administrator. Call EnableAWSServiceAccess first.",
            ));
        }
        if organization.is_delegated_administrator(account, service) {
            return Err(OrganizationError::AlreadyRegistered);
        }
        let another = organization
            .delegated_administrators
            .values()
            .any(|services| services.contains_key(service));
        if another && service == IDENTITY_CENTER {
            return Err(OrganizationError::constraint(
                "MAX_DELEGATED_ADMINISTRATORS_FOR_SERVICE_LIMIT_EXCEEDED",
                "You have exceeded the allowed number of delegated administrators for the delegated service.",
            ));
        }
        organization
            .delegated_administrators
            .entry(account.to_owned())
            .or_default()
            .insert(service.to_owned(), op.unix());
        Ok(())
    })
}

/// Takes a service from a delegated administrator.
pub fn deregister_delegated_administrator(
    aws: &LocalAws,
    account: &str,
    service: &str,
) -> Result<(), OrganizationError> {
    trusted_access::recognised(service)?;
    edit(aws, |organization, _| {
        existing(organization, account)?;
        let services = organization
            .delegated_administrators
            .get_mut(account)
            .ok_or(OrganizationError::NotRegistered)?;
        if services.remove(service).is_none() {
            return Err(OrganizationError::NotRegistered);
        }
        if services.is_empty() {
            organization.delegated_administrators.remove(account);
        }
        Ok(())
    })
}
