//! An administrator takes the factors of somebody away who has lost them (requirement M02).

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::factors::notices::queue_factor_notice;
use crate::factors::{FactorOwner, KnownOwner};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Longest reason, in characters.
const MAX_REASON: usize = 256;

/// Why nothing was reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetFactorsError {
    #[error("there is nobody of this id")]
    NobodyThere,
    #[error("say why, in at most {MAX_REASON} characters: the activity log keeps it")]
    Reason,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes all factors and recovery codes of a person or of another administrator, and ends every session: whoever had the lost phone is out.
pub async fn reset_factors(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    owner: FactorOwner,
    reason: &str,
) -> Result<(), ResetFactorsError> {
    let reason = reason.trim();
    let long = reason.chars().count() > MAX_REASON;
    if reason.is_empty() || long || reason.contains(char::is_control) {
        return Err(ResetFactorsError::Reason);
    }
    let mut write = store.write().await?;
    let permission = match owner {
        FactorOwner::User(_) => Permission::ManageCredentials,
        FactorOwner::Administrator(_) => Permission::ManageAdministrators,
    };
    require(write.as_mut(), op, permission).await??;
    let owner = match KnownOwner::read(write.as_mut(), owner).await {
        Err(StoreError::Missing) => return Err(ResetFactorsError::NobodyThere),
        owner => owner?,
    };
    let (totp, passkeys) = take_factors(write.as_mut(), owner.id).await?;
    let ended = match owner.id {
        FactorOwner::User(user) => write.delete_sessions_of(user, None).await?,
        FactorOwner::Administrator(id) => write.delete_administrator_sessions(id, None).await?,
    };
    let what = "an administrator took all second factors and recovery codes away";
    queue_factor_notice(write.as_mut(), op, sealing, &owner, what).await?;
    let detail = json!({
        "by": "administrator", "reason": reason, "totp": totp, "passkeys": passkeys,
        "sessions_ended": ended,
    });
    // Nothing taken away is told of under the first name, so that the reason is kept.
    let kinds = [
        (EventKind::TotpDeleteEnrollment, totp || passkeys == 0),
        (EventKind::WebauthnDeleteEnrollment, passkeys > 0),
    ];
    for (kind, _) in kinds.into_iter().filter(|(_, taken)| *taken) {
        let event = op.event(kind, true, Some(owner.target.clone()), detail.clone());
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(())
}

/// Takes all factors and recovery codes: whether there was an app, and how many keys.
pub(crate) async fn take_factors(
    write: &mut dyn Write,
    owner: FactorOwner,
) -> Result<(bool, u64), StoreError> {
    let totp = write.delete_totp(owner).await?;
    let passkeys = write.delete_passkeys(owner).await?;
    write.replace_recovery_codes(owner, &[]).await?;
    Ok((totp, passkeys))
}
