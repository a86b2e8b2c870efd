//! Where the parts of the instance are reached: the local addresses behind AWS's names.

use crate::{
    LocalAws,
    state::center::{InstanceRecord, ProvisioningRecord},
};

/// Path of the assertion consumer service, before the tenant (identity-center.md §4.1).
pub(crate) const ACS_PATH: &str = "/platform/saml/acs/";
/// Path of the service provider's metadata, before the identity store's id.
pub(crate) const METADATA_PATH: &str = "/platform/saml/metadata/";
/// Path of the access portal.
pub(crate) const PORTAL_PATH: &str = "/start";

/// The assertion consumer service.
pub fn acs_url(aws: &LocalAws, instance: &InstanceRecord) -> String {
    at(aws, ACS_PATH, &instance.saml_tenant)
}

/// The service provider's metadata document.
pub fn metadata_url(aws: &LocalAws, instance: &InstanceRecord) -> String {
    at(aws, METADATA_PATH, &instance.identity_store_id)
}

/// The access portal on this machine.
pub fn portal_url(aws: &LocalAws) -> String {
    at(aws, PORTAL_PATH, "")
}

/// The SCIM endpoint, with the slash at the end that AWS shows.
pub fn scim_endpoint(aws: &LocalAws, provisioning: &ProvisioningRecord) -> String {
    at(aws, "/", &format!("{}/scim/v2/", provisioning.tenant))
}

fn at(aws: &LocalAws, path: &str, rest: &str) -> String {
    let base = aws.settings().public_url.as_str().trim_end_matches('/');
    format!("{base}{path}{rest}")
}
