//! The accounts of a person, as the portal and its API show them.

use uuid::Uuid;

use crate::{identity_center::access, state::State};

/// An account in which somebody holds something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// 12 digits.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) email: String,
}

/// In the order of their ids.
pub(super) fn of(state: &State, user: &Uuid) -> Vec<Reached> {
    let organization = state.organization.as_ref();
    access::accounts_of(state, user)
        .into_iter()
        .map(|id| Reached {
            name: state
                .account(&id)
                .map_or_else(String::new, |account| account.record.name.clone()),
            email: organization
                .and_then(|organization| organization.members.get(&id))
                .map_or_else(String::new, |member| member.email.clone()),
            id,
        })
        .collect()
}

/// The names of the permission sets that somebody holds in an account, in order.
pub(super) fn roles(state: &State, user: &Uuid, account: &str) -> Vec<String> {
    access::permission_sets_of(state, user, account)
        .iter()
        .map(|set| set.name.clone())
        .collect()
}
