//! Who may ask for what: first the policies of the caller, then the place of the caller's account in
//! the organisation.

use std::sync::Arc;

use crate::{
    json_service::{JsonCall, JsonError},
    organizations::OrganizationError,
    state::organization::OrganizationRecord,
};

/// The accounts that may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Every account of the organisation.
    Member,
    /// The management account and delegated administrators.
    Reader,
    /// The management account.
    Management,
}

/// On all resources: operations without a resource of their own.
pub(super) fn everything(_: &OrganizationRecord) -> String {
    "*".to_owned()
}

/// Lets the caller in, and gives the organisation as it was when the request came.
pub(super) fn admit(
    call: &JsonCall<'_>,
    action: &str,
    audience: Audience,
    resource: impl FnOnce(&OrganizationRecord) -> String,
) -> Result<Arc<OrganizationRecord>, JsonError> {
    let account = &call.principal.account;
    let organization = call
        .state
        .organization
        .as_ref()
        .filter(|organization| organization.members.contains_key(account));
    let resource = organization.map_or_else(|| "*".to_owned(), |own| resource(own));
    // An organisation shares its resources with its accounts: the caller's policies decide.
    call.allow(action, &resource, account)?;
    let organization = organization.ok_or(OrganizationError::NotInUse)?;
    let is_management = organization.management_account == *account;
    let admitted = match audience {
        Audience::Member => true,
        Audience::Reader => {
            is_management || organization.delegated_administrators.contains_key(account)
        }
        Audience::Management => is_management,
    };
    if admitted {
        Ok(Arc::clone(organization))
    } else {
        Err(OrganizationError::AccessDenied.into())
    }
}
