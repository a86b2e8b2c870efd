//! The instance's errors as exceptions of the API.

use crate::{
    identity_center::InstanceError,
    json_service::{JsonCall, JsonError},
    state::center::InstanceRecord,
};

impl From<InstanceError> for JsonError {
    fn from(error: InstanceError) -> Self {
        let message = error.to_string();
        match error {
            InstanceError::Store(error) => error.into(),
            InstanceError::NotManagementAccount(_) => Self::access_denied(message),
            InstanceError::NotEnabled
            | InstanceError::NoCertificate
            | InstanceError::NoToken
            | InstanceError::ProvisioningDisabled => Self::not_found(message),
            InstanceError::Enabled(_)
            | InstanceError::NoOrganization
            | InstanceError::CertificateKnown
            | InstanceError::LastCertificate
            | InstanceError::NotExternal
            | InstanceError::ProvisioningEnabled
            | InstanceError::TokensLeft => Self::conflict(message),
            InstanceError::TooManyCertificates | InstanceError::TooManyTokens => {
                Self::new("ServiceQuotaExceededException", message)
            }
            InstanceError::Metadata(_)
            | InstanceError::TooLong { .. }
            | InstanceError::Lacking(_)
            | InstanceError::Certificate(_)
            | InstanceError::Invalid(_) => Self::validation(message),
        }
    }
}

/// May the caller do this to the instance? Then the instance.
pub(super) fn allowed(call: &JsonCall<'_>, action: &str) -> Result<InstanceRecord, JsonError> {
    let center = call.state.identity_center.as_deref();
    let Some(center) = center else {
        call.allow(action, "*", &call.principal.account)?;
        return Err(InstanceError::NotEnabled.into());
    };
    let instance = (*center.instance).clone();
    call.allow(action, &instance.arn(), &instance.owner_account)?;
    Ok(instance)
}
