//! Reading policies.

use super::policy::{SavedSignInPolicy, SignInPolicy};
use crate::ids::SignInPolicyId;
use crate::store::{Store, StoreError};

/// All policies, in the order of the list.
pub async fn list_sign_in_policies(
    store: &dyn Store,
) -> Result<Vec<SavedSignInPolicy>, StoreError> {
    store.read().await?.saved_sign_in_policies().await
}

/// One of them.
pub async fn find_sign_in_policy(
    store: &dyn Store,
    id: SignInPolicyId,
) -> Result<Option<SavedSignInPolicy>, StoreError> {
    let all = list_sign_in_policies(store).await?;
    Ok(all.into_iter().find(|saved| saved.policy.id == id))
}

/// The order of a policy that comes behind all of these, which are in the order of the list.
pub fn order_behind(all: &[SavedSignInPolicy]) -> u16 {
    let last = all.last().map_or(0, |saved| saved.policy.rule.order);
    last.saturating_add(1)
}

/// The policies alone.
pub(super) fn plain(saved: &[SavedSignInPolicy]) -> Vec<SignInPolicy> {
    saved.iter().map(|saved| saved.policy.clone()).collect()
}
