//! Services that may see into the organisation.

use super::{OrganizationError, organization::edit};
use crate::{LocalAws, op::Op};

/// Gives a service trusted access; once it has it, nothing changes.
pub fn enable_service_access(
    aws: &LocalAws,
    op: &Op,
    service: &str,
) -> Result<(), OrganizationError> {
    recognised(service)?;
    edit(aws, |organization, _| {
        all_features(&organization.feature_set)?;
        organization
            .trusted_services
            .entry(service.to_owned())
            .or_insert_with(|| op.unix());
        Ok(())
    })
}

/// Takes trusted access from a service. Refused while it has delegated administrators.
pub fn disable_service_access(aws: &LocalAws, service: &str) -> Result<(), OrganizationError> {
    recognised(service)?;
    edit(aws, |organization, _| {
        let delegated = organization
            .delegated_administrators
            .values()
            .any(|services| services.contains_key(service));
        if delegated {
            return Err(OrganizationError::constraint(
                "DELEGATED_ADMINISTRATOR_EXISTS_FOR_THIS_SERVICE",
                "You must first deregister all delegated administrators of this service.",
            ));
        }
        organization.trusted_services.remove(service);
        Ok(())
    })
}

/// Whether this could be the name of a service of AWS.
pub(super) fn recognised(service: &str) -> Result<(), OrganizationError> {
    let named = service
        .strip_suffix(".amazonaws.com")
        .is_some_and(|name| !name.is_empty());
    if named {
        Ok(())
    } else {
        Err(OrganizationError::invalid(
            "UNRECOGNIZED_SERVICE_PRINCIPAL",
            "You specified an unrecognized service principal.",
        ))
    }
}

/// Refuses organisations that are there for one bill only.
pub(super) fn all_features(feature_set: &str) -> Result<(), OrganizationError> {
    if feature_set == super::FeatureSet::All.name() {
        Ok(())
    } else {
        Err(OrganizationError::constraint(
            "ORGANIZATION_NOT_IN_ALL_FEATURES_MODE",
            "To complete this operation, your organization must have all features enabled.",
        ))
    }
}
