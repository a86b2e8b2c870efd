//! A permission set becomes a role in an account (identity-center.md §2.5).
//!
//! The role belongs to AWS: IAM changes it only here, and only Identity Center hands out its
//! credentials.

mod provider;
mod role;

use uuid::Uuid;

pub(crate) use self::{
    provider::{is_reserved as is_reserved_provider, prepare},
    role::{RESERVED_PATH, RESERVED_PREFIX, is_reserved},
};
use crate::{
    StoreError,
    op::Op,
    state::{
        Change, SamlProvider,
        center::{IdentityCenter, PermissionSetRecord, ProvisionedRole},
    },
};

/// Why a permission set did not become a role.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProvisionError {
    /// What IAM said in that account; the request fails with it as its reason.
    #[error("{0}")]
    Refused(String),
    /// The state file could not be written; nothing was changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ProvisionError {
    /// A refusal by IAM, in the words in which Identity Center passes it on.
    fn refused(status: u16, message: &str) -> Self {
        Self::Refused(format!("Received a {status} status error: {message}"))
    }
}

/// Makes the role of a permission set in an account, or brings it up to date. A role that is there
/// keeps its name and its id. `fresh` is what [`prepare`] gave for the account.
pub(crate) fn provision(
    change: &mut Change,
    op: &mut Op,
    permission_set: &str,
    account: &str,
    fresh: Option<SamlProvider>,
) -> Result<(), ProvisionError> {
    let state = change.state();
    let Some((center, set)) = find(state.identity_center.as_deref(), permission_set) else {
        return Err(ProvisionError::refused(404, "PermissionSet not found."));
    };
    let Some(owner) = state.account(account) else {
        return Err(ProvisionError::refused(404, "Account not found."));
    };
    let known = provider::of(owner).map(|provider| provider.arn().to_owned());
    let Some(arn) = known
        .clone()
        .or_else(|| fresh.as_ref().map(|provider| provider.arn().to_owned()))
    else {
        return Err(ProvisionError::refused(
            409,
            "The SAML provider of the account was removed meanwhile. Try again.",
        ));
    };
    let role = role::wanted(state, op, &center.instance.region, set, owner, &arn)?;
    let mut set = set.clone();
    set.provisioned.insert(
        account.to_owned(),
        ProvisionedRole {
            role_name: role.record.name.clone(),
            revision: set.revision,
            provisioned_at: op.unix(),
            session: Some(set.session()),
        },
    );
    if let (None, Some(fresh)) = (known, fresh) {
        change.put_provider(fresh)?;
    }
    change.put_role(role)?;
    change.put_permission_set(set)?;
    Ok(())
}

/// Deletes the role of a permission set in an account. The account's SAML provider stays.
pub(crate) fn deprovision(
    change: &mut Change,
    permission_set: &str,
    account: &str,
) -> Result<(), StoreError> {
    let Some((_, set)) = find(change.state().identity_center.as_deref(), permission_set) else {
        return Ok(());
    };
    let mut set = set.clone();
    if let Some(provisioned) = set.provisioned.remove(account) {
        change.remove_role(account, &provisioned.role_name);
        change.put_permission_set(set)?;
    }
    Ok(())
}

/// Takes everything back that Identity Center made in the accounts: roles and SAML providers.
pub(crate) fn deprovision_everything(change: &mut Change) {
    let accounts: Vec<String> = change.state().accounts.keys().cloned().collect();
    for account in accounts {
        remove_from(change, &account);
    }
}

/// The same in one account.
pub(crate) fn remove_from(change: &mut Change, account: &str) {
    let Some(account) = change.state().account(account).cloned() else {
        return;
    };
    for role in account.roles.values().filter(|role| is_reserved(role)) {
        change.remove_role(&account.record.id, &role.record.name);
    }
    if let Some(provider) = provider::of(&account) {
        change.remove_provider(&account.record.id, &provider.record.name);
    }
}

fn find<'a>(
    center: Option<&'a IdentityCenter>,
    permission_set: &str,
) -> Option<(&'a IdentityCenter, &'a PermissionSetRecord)> {
    let center = center?;
    let set = center.permission_sets.get(permission_set)?;
    Some((center, set))
}

/// A random id.
pub(crate) fn random_id(op: &mut Op) -> Uuid {
    uuid::Builder::from_random_bytes(op.random()).into_uuid()
}
