//! What AWS offers in its console only, as an API of the local AWS: `POST /` with `X-Amz-Target:
//! JetwayLocalAws.<operation>`, signed for the service `sso`. docs/reference describes it.

mod error;
mod identity_source;
mod instance;
mod organization;
mod provisioning;
mod set_provisioning_faults;
mod shapes;

use crate::json_service::Operation;

/// The operation of this name.
pub(crate) fn operation(name: &str) -> Option<Operation> {
    Some(match name {
        "JoinOrganization" => organization::join,
        "EnableInstance" => instance::enable,
        "UpdatePortal" => instance::update_portal,
        "DescribeIdentitySource" => identity_source::describe,
        "ChangeIdentitySource" => identity_source::change,
        "ImportCertificate" => identity_source::import_certificate,
        "DeleteCertificate" => identity_source::delete_certificate,
        "EnableProvisioning" => provisioning::enable,
        "DescribeProvisioning" => provisioning::describe,
        "UpdateProvisioning" => provisioning::update,
        "DisableProvisioning" => provisioning::disable,
        "CreateScimToken" => provisioning::create_token,
        "DeleteScimToken" => provisioning::delete_token,
        "SetProvisioningFaults" => set_provisioning_faults::answer,
        _ => return None,
    })
}
