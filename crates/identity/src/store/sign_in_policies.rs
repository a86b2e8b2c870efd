//! Storage of the policies about sign-ins.

use async_trait::async_trait;

use super::StoreError;
use crate::ids::SignInPolicyId;
use crate::sign_in_policies::{SavedSignInPolicy, SignInPolicy};

/// Questions about policies.
#[async_trait]
pub trait ReadSignInPolicies: Send {
    /// All of them, in the order of the list: what [`crate::sign_in_policies::decide`] takes.
    async fn sign_in_policies(&mut self) -> Result<Vec<SignInPolicy>, StoreError> {
        let saved = self.saved_sign_in_policies().await?;
        Ok(saved.into_iter().map(|saved| saved.policy).collect())
    }

    /// All of them, in the order of the list, for whoever edits them.
    async fn saved_sign_in_policies(&mut self) -> Result<Vec<SavedSignInPolicy>, StoreError>;
}

/// Changes of policies.
#[async_trait]
pub trait WriteSignInPolicies: Send {
    async fn insert_sign_in_policy(&mut self, saved: &SavedSignInPolicy) -> Result<(), StoreError>;

    /// Everything but id and creation.
    async fn put_sign_in_policy(&mut self, saved: &SavedSignInPolicy) -> Result<(), StoreError>;

    async fn delete_sign_in_policy(&mut self, id: SignInPolicyId) -> Result<(), StoreError>;
}
