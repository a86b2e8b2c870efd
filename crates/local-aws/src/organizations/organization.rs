//! Creating and deleting the organisation.

use std::{collections::BTreeMap, sync::Arc};

use super::{OrganizationError, ids};
use crate::{
    LocalAws,
    op::Op,
    state::{
        Change,
        organization::{MemberRecord, OrganizationRecord},
    },
};

/// What an organisation can do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FeatureSet {
    /// Everything.
    #[default]
    All,
    /// One bill for all accounts, and nothing else.
    ConsolidatedBilling,
}

impl FeatureSet {
    /// `ALL` or `CONSOLIDATED_BILLING`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::All => "ALL",
            Self::ConsolidatedBilling => "CONSOLIDATED_BILLING",
        }
    }
}

/// Makes `account` the management account of the organisation. Its address is `email`, or a made up
/// one: accounts of the local AWS have none of their own.
pub fn create_organization(
    aws: &LocalAws,
    op: &mut Op,
    account: &str,
    features: FeatureSet,
    email: Option<&str>,
) -> Result<Arc<OrganizationRecord>, OrganizationError> {
    aws.cell().change(|change| {
        if change.state().account(account).is_none() {
            return Err(OrganizationError::AccountNotFound);
        }
        if let Some(organization) = &change.state().organization {
            return Err(if organization.members.contains_key(account) {
                OrganizationError::AlreadyIn
            } else {
                OrganizationError::Constraint {
                    reason: None,
                    message: "The local AWS has an organization already, and there is one only. Ask its management account to invite this account, or delete that organization first.",
                }
            });
        }
        let root_id = ids::root(op);
        let management = MemberRecord {
            account: account.to_owned(),
            email: email.map_or_else(|| format!("root+{account}@example.com"), str::to_owned),
            parent: root_id.clone(),
            joined_method: "INVITED".to_owned(),
            joined_at: op.unix(),
            status: super::ACTIVE.to_owned(),
        };
        let record = OrganizationRecord {
            id: ids::organization(op),
            root_id,
            management_account: account.to_owned(),
            feature_set: features.name().to_owned(),
            created_at: op.unix(),
            units: BTreeMap::new(),
            members: BTreeMap::from([(account.to_owned(), management)]),
            delegated_administrators: BTreeMap::new(),
            trusted_services: BTreeMap::new(),
            tags: BTreeMap::new(),
            creations: BTreeMap::new(),
        };
        change.put_organization(record.clone())?;
        Ok(Arc::new(record))
    })
}

/// Deletes the organisation with its units. Only the management account may be left in it, and IAM
/// Identity Center must be gone: its instance belongs to the organisation.
pub fn delete_organization(aws: &LocalAws) -> Result<(), OrganizationError> {
    aws.cell().change(|change| {
        let organization = change
            .state()
            .organization
            .as_ref()
            .ok_or(OrganizationError::NotInUse)?;
        if organization.members.len() > 1 {
            return Err(OrganizationError::NotEmpty);
        }
        if change.state().identity_center.is_some() {
            return Err(OrganizationError::Constraint {
                reason: None,
                message: "IAM Identity Center is enabled for this organization. Delete its instance first, then the organization.",
            });
        }
        change.remove_organization();
        Ok(())
    })
}

/// Changes the record of the organisation. The closure may change the rest of the state with it.
pub(super) fn edit<T>(
    aws: &LocalAws,
    change_record: impl FnOnce(&mut OrganizationRecord, &mut Change) -> Result<T, OrganizationError>,
) -> Result<T, OrganizationError> {
    aws.cell().change(|change| {
        let mut record = change
            .state()
            .organization
            .as_deref()
            .cloned()
            .ok_or(OrganizationError::NotInUse)?;
        let result = change_record(&mut record, change)?;
        change.put_organization(record)?;
        Ok(result)
    })
}
