//! An authenticator app whose secret is known beforehand: that of the sample person of `dev`.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use serde_json::json;

use super::records::totp_context;
use super::{FactorOwner, KnownOwner, TotpRecord, TotpSecret};
use crate::events::EventKind;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// Connects an app with this secret, unless there is one. Whether the app that is there now has it.
/// Nobody is told by mail, and no recovery codes are made.
pub async fn connect_known_totp(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (owner, secret): (FactorOwner, &TotpSecret),
) -> Result<bool, StoreError> {
    let mut write = store.write().await?;
    let present = write.totp(owner).await?;
    if let Some(record) = present.filter(|record| record.confirmed_at.is_some()) {
        let there = record.secret(sealing, owner);
        return Ok(there.is_some_and(|there| {
            verify_slices_are_equal(there.as_bytes(), secret.as_bytes()).is_ok()
        }));
    }
    let owner = KnownOwner::read(write.as_mut(), owner).await?;
    let record = TotpRecord {
        sealed_secret: sealing.seal(&mut op.rng, &totp_context(owner.id), secret.as_bytes()),
        created_at: op.now,
        confirmed_at: Some(op.now),
        last_step: None,
    };
    write.put_totp(owner.id, &record).await?;
    let kind = EventKind::TotpFinishEnrollment;
    let event = op.event(
        kind,
        true,
        Some(owner.target),
        json!({ "recovery_codes": false }),
    );
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(true)
}
