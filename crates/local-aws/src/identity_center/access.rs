//! Who reaches which account with which permission set.

use std::sync::Arc;

use uuid::Uuid;

use super::enabled;
use crate::state::{
    State,
    center::{AssignmentKey, PermissionSetRecord, Principal},
};

/// The accounts in which a user holds anything, in the order of their ids.
pub(crate) fn accounts_of(state: &State, user: &Uuid) -> Vec<String> {
    let Some(center) = enabled(state) else {
        return Vec::new();
    };
    let mut accounts: Vec<String> = center
        .assignments
        .keys()
        .filter(|key| counts(state, key) && is_theirs(state, user, &key.principal))
        .map(|key| key.account.clone())
        .collect();
    // They come in the order of the accounts.
    accounts.dedup();
    accounts
}

/// What a user holds in an account, in the order of the names.
pub(crate) fn permission_sets_of(
    state: &State,
    user: &Uuid,
    account: &str,
) -> Vec<Arc<PermissionSetRecord>> {
    let Some(center) = enabled(state) else {
        return Vec::new();
    };
    let mut held: Vec<Arc<PermissionSetRecord>> = center
        .assignments_in(account)
        .filter(|(key, _)| counts(state, key) && is_theirs(state, user, &key.principal))
        .filter_map(|(key, _)| center.permission_sets.get(&key.permission_set).cloned())
        .collect();
    held.sort_by(|a, b| a.name.cmp(&b.name));
    held.dedup_by(|a, b| a.id == b.id);
    held
}

/// Whether the user holds this permission set in this account.
pub(crate) fn holds(state: &State, user: &Uuid, account: &str, set: &PermissionSetRecord) -> bool {
    enabled(state).is_some_and(|center| {
        center
            .assignments_in(account)
            .filter(|(key, _)| key.permission_set == set.id)
            .any(|(key, _)| counts(state, key) && is_theirs(state, user, &key.principal))
    })
}

/// The service whose delegated administrator acts like the management account.
const SERVICE: &str = "sso.amazonaws.com";

/// The account for which what belongs to `owner` counts as its own when `caller` asks: the owner
/// shares its instance with its delegated administrator, and with nobody else.
pub(crate) fn acting_account<'a>(state: &State, caller: &'a str, owner: &'a str) -> &'a str {
    let delegated = state
        .organization
        .as_ref()
        .is_some_and(|own| own.is_delegated_administrator(caller, SERVICE));
    if delegated { caller } else { owner }
}

/// Accounts that left the organisation, or were closed, are out of reach.
fn counts(state: &State, key: &AssignmentKey) -> bool {
    state
        .organization
        .as_ref()
        .and_then(|organization| organization.members.get(&key.account))
        .is_some_and(|member| member.status == "ACTIVE")
}

/// An assignment whose group was deleted and created again belongs to nobody.
fn is_theirs(state: &State, user: &Uuid, principal: &Principal) -> bool {
    match principal {
        Principal::User(id) => id == user,
        Principal::Group(group) => state.directory.membership(group, user).is_some(),
    }
}
