//! Making a policy.

use super::check::check_policy;
use super::choices::check_choices_exist;
use super::list::plain;
use super::policy::{PolicyRule, SavedSignInPolicy, SignInPolicy};
use super::problems::InvalidPolicy;
use super::record::record;
use crate::administrators::{NotAllowed, Permission, require};
use crate::ids::SignInPolicyId;
use crate::op::Op;
use crate::store::{Store, StoreError};

/// Why no policy was made.
#[derive(Debug, thiserror::Error)]
pub enum CreateSignInPolicyError {
    #[error(transparent)]
    Invalid(#[from] InvalidPolicy),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds a policy. It holds from the next sign-in on.
pub async fn create_sign_in_policy(
    op: &mut Op,
    store: &dyn Store,
    rule: PolicyRule,
) -> Result<SavedSignInPolicy, CreateSignInPolicyError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::WriteSettings).await??;
    let mut policy = SignInPolicy {
        id: SignInPolicyId::new(op.now, &mut op.rng),
        rule,
    };
    policy.rule.name = policy.rule.name.trim().to_owned();
    let others = plain(&write.saved_sign_in_policies().await?);
    check_policy(&policy, &others)?;
    check_choices_exist(write.as_mut(), &policy.rule).await??;
    let saved = SavedSignInPolicy {
        policy,
        version: 1,
        created_at: op.now,
        changed_at: op.now,
    };
    write.insert_sign_in_policy(&saved).await?;
    record(op, write.as_mut(), None, Some(&saved)).await?;
    write.commit().await?;
    Ok(saved)
}
