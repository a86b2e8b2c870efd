//! Storage of second factors, and of sign-ins that wait for one.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::factors::{FactorOwner, StoredRecoveryCode, TotpRecord, TotpStep};
use crate::ids::UserId;
use crate::sessions::{PendingSignIn, TokenHash};

/// Questions about second factors.
#[async_trait]
pub trait ReadFactors: Send {
    /// Of an enrolment under way too.
    async fn totp(&mut self, owner: FactorOwner) -> Result<Option<TotpRecord>, StoreError>;
    /// Those of these people who have connected an app.
    async fn totp_among(&mut self, users: &[UserId]) -> Result<Vec<UserId>, StoreError>;
    /// Until when this person is let in without a second factor; also a time that is over.
    async fn enrolment_ends(&mut self, user: UserId) -> Result<Option<OffsetDateTime>, StoreError>;
    /// The same of those of these people who have been given such a time.
    async fn enrolment_ends_among(
        &mut self,
        users: &[UserId],
    ) -> Result<Vec<(UserId, OffsetDateTime)>, StoreError>;
    /// Used ones too, in no order.
    async fn recovery_codes(
        &mut self,
        owner: FactorOwner,
    ) -> Result<Vec<StoredRecoveryCode>, StoreError>;
    /// Expired or not.
    async fn pending_sign_in(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<PendingSignIn>, StoreError>;
}

/// Changes to second factors.
#[async_trait]
pub trait WriteFactors: Send {
    /// In place of the one before.
    async fn put_totp(&mut self, owner: FactorOwner, record: &TotpRecord)
    -> Result<(), StoreError>;
    /// Whether there was one.
    async fn delete_totp(&mut self, owner: FactorOwner) -> Result<bool, StoreError>;
    /// Notes that the code of `step` was taken.
    async fn note_totp_step(
        &mut self,
        owner: FactorOwner,
        step: TotpStep,
    ) -> Result<(), StoreError>;
    /// In place of all earlier ones; none to delete them.
    async fn replace_recovery_codes(
        &mut self,
        owner: FactorOwner,
        codes: &[StoredRecoveryCode],
    ) -> Result<(), StoreError>;
    /// In place of the time before; `None` for none.
    async fn set_enrolment_ends(
        &mut self,
        user: UserId,
        ends: Option<OffsetDateTime>,
    ) -> Result<(), StoreError>;
    async fn use_recovery_code(
        &mut self,
        owner: FactorOwner,
        hash: &[u8; 32],
        at: OffsetDateTime,
    ) -> Result<(), StoreError>;
    async fn insert_pending_sign_in(
        &mut self,
        pending: &PendingSignIn,
        token: &TokenHash,
    ) -> Result<(), StoreError>;
    async fn delete_pending_sign_in(&mut self, token: &TokenHash) -> Result<(), StoreError>;
    /// Forgets those that ended before `now`.
    async fn prune_pending_sign_ins(&mut self, now: OffsetDateTime) -> Result<(), StoreError>;
}
