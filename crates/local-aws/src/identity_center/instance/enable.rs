//! Enabling the instance.

use super::InstanceError;
use crate::{
    LocalAws,
    op::Op,
    state::center::{AttributePrecedence, IdentitySource, InstanceRecord},
};

/// Seconds that a sign-in to the portal lasts unless somebody says otherwise: 8 hours.
const DEFAULT_PORTAL_SESSION: i64 = 8 * 3600;

/// Enables IAM Identity Center for the organisation, as its management account does in the console.
pub fn enable_instance(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    region: &str,
) -> Result<InstanceRecord, InstanceError> {
    aws.cell().change(|change| {
        let state = change.state();
        if let Some(center) = &state.identity_center {
            return Err(InstanceError::Enabled(center.instance.region.clone()));
        }
        let Some(organization) = &state.organization else {
            return Err(InstanceError::NoOrganization);
        };
        if organization.management_account != account {
            return Err(InstanceError::NotManagementAccount(
                organization.management_account.clone(),
            ));
        }
        let record = InstanceRecord {
            id: format!("ssoins-{}", hex::encode(op.random::<8>())),
            identity_store_id: format!("d-{}", hex::encode(op.random::<5>())),
            owner_account: account.to_owned(),
            region: region.to_owned(),
            name: None,
            created_at: op.unix(),
            portal_alias: None,
            portal_session_seconds: DEFAULT_PORTAL_SESSION,
            access_token_seconds: DEFAULT_PORTAL_SESSION,
            identity_source: IdentitySource::Directory,
            saml_tenant: saml_tenant(op),
            provisioning: None,
            access_control: None,
            attribute_precedence: AttributePrecedence::default(),
            trust_ended_at: None,
            tags: Vec::new(),
        };
        change.put_instance(record.clone())?;
        Ok(record)
    })
}

/// A UUID whose first group is 16 hexadecimal characters (identity-center.md §4.1).
fn saml_tenant(op: &mut Op) -> String {
    let uuid = uuid::Builder::from_random_bytes(op.random()).into_uuid();
    format!("{}{uuid}", hex::encode(op.random::<4>()))
}
