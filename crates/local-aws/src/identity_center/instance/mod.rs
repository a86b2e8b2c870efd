//! The instance: enabling it, where its people come from, automatic provisioning, how long the
//! portal remembers somebody. On AWS all of this is in the console only.

mod access_control;
mod enable;
mod error;
mod identity_source;
mod lifecycle;
mod portal;
mod provisioning;

pub(crate) use self::{access_control::missing as no_access_control, provisioning::token_hash};
pub use self::{
    access_control::{create_access_control, delete_access_control, update_access_control},
    enable::enable_instance,
    error::InstanceError,
    identity_source::{
        IdentityProviderSettings, change_identity_source, delete_certificate, import_certificate,
        read_metadata, use_directory,
    },
    lifecycle::{delete_instance, rename_instance, tag_instance, untag_instance},
    portal::{PortalSettings, change_portal},
    provisioning::{
        NewScimToken, allow_scim_faults, create_scim_token, delete_scim_token,
        disable_provisioning, enable_provisioning, is_scim_token, set_scim_profile,
    },
};

use crate::{LocalAws, state::center::InstanceRecord};

/// Changes the record of the instance.
fn edit<T>(
    aws: &LocalAws,
    change_record: impl FnOnce(&mut InstanceRecord) -> Result<T, InstanceError>,
) -> Result<T, InstanceError> {
    aws.cell().change(|change| {
        let center = change
            .state()
            .identity_center
            .as_ref()
            .ok_or(InstanceError::NotEnabled)?;
        let mut record = (*center.instance).clone();
        let result = change_record(&mut record)?;
        change.put_instance(record)?;
        Ok(result)
    })
}
