//! On whose behalf a permission set is changed.

use super::CenterError;
use crate::state::{State, center::IdentityCenter};

/// A permission set that is to be changed, and who changes it. From an id alone: whoever may do
/// everything.
#[derive(Clone, Copy, Debug)]
pub struct Editing<'a> {
    /// `ps-…`
    pub(crate) id: &'a str,
    /// Whether a delegated administrator asks.
    delegated: bool,
}

impl<'a> Editing<'a> {
    /// On behalf of this account.
    pub(crate) fn by(account: &str, center: &IdentityCenter, id: &'a str) -> Self {
        Self {
            id,
            delegated: account != center.instance.owner_account,
        }
    }

    /// A delegated administrator does not touch what the management account has: neither a
    /// permission set that is provisioned there nor one that somebody holds there.
    pub(crate) fn check(&self, state: &State) -> Result<(), CenterError> {
        let Some(center) = state.identity_center.as_deref().filter(|_| self.delegated) else {
            return Ok(());
        };
        let owner = &center.instance.owner_account;
        let provisioned = center
            .permission_sets
            .get(self.id)
            .is_some_and(|set| set.provisioned.contains_key(owner));
        let held = center
            .assignments_in(owner)
            .any(|(key, _)| key.permission_set == self.id);
        if provisioned || held {
            return Err(CenterError::Denied(format!(
                "The permission set {} is used in the management account {owner}: a delegated administrator may not change it.",
                self.id
            )));
        }
        Ok(())
    }
}

impl<'a> From<&'a str> for Editing<'a> {
    fn from(id: &'a str) -> Self {
        Self {
            id,
            delegated: false,
        }
    }
}

impl<'a> From<&'a String> for Editing<'a> {
    fn from(id: &'a String) -> Self {
        id.as_str().into()
    }
}
