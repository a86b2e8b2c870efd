//! An administrator takes the factors of somebody away who has lost them (requirement M02).

use serde_json::json;

use crate::administrators::{NotAllowed, Permission, require};
use crate::events::EventKind;
use crate::factors::change::take_phones;
use crate::factors::notices::queue_factor_notice;
use crate::factors::{FactorOwner, KnownOwner};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Longest reason, in characters.
pub(super) const MAX_REASON: usize = 256;

/// Why nothing was reset.
#[derive(Debug, thiserror::Error)]
pub enum ResetFactorsError {
    #[error("there is nobody of this id")]
    NobodyThere,
    #[error("say why, in at most {MAX_REASON} characters: the activity log keeps it")]
    Reason,
    #[error("this is a break-glass account: print new codes for it, or remove its seal")]
    Sealed,
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
    let reason = stated(reason).ok_or(ResetFactorsError::Reason)?;
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
    if let FactorOwner::Administrator(id) = owner.id
        && write.break_glass_account(id).await?.is_some()
    {
        return Err(ResetFactorsError::Sealed);
    }
    let TakenFactors {
        totp,
        passkeys,
        phones,
    } = take_factors(write.as_mut(), owner.id).await?;
    let ended = match owner.id {
        FactorOwner::User(user) => write.delete_sessions_of(user, None).await?,
        FactorOwner::Administrator(id) => write.delete_administrator_sessions(id, None).await?,
    };
    let what = "an administrator took all second factors and recovery codes away";
    queue_factor_notice(write.as_mut(), op, sealing, &owner, what).await?;
    let detail = json!({
        "by": "administrator", "reason": reason, "totp": totp, "passkeys": passkeys,
        "phones": phones,
        "sessions_ended": ended,
    });
    // Nothing taken away is told of under the first name, so that the reason is kept.
    let kinds = [
        (
            EventKind::TotpDeleteEnrollment,
            totp || passkeys + phones == 0,
        ),
        (EventKind::WebauthnDeleteEnrollment, passkeys > 0),
        (EventKind::UserPhoneRemove, phones > 0),
    ];
    for (kind, _) in kinds.into_iter().filter(|(_, taken)| *taken) {
        let event = op.event(kind, true, Some(owner.target.clone()), detail.clone());
        write.insert_event(&event).await?;
    }
    write.commit().await?;
    Ok(())
}

/// A reason that the log can keep.
pub(super) fn stated(reason: &str) -> Option<&str> {
    let reason = reason.trim();
    let long = reason.chars().count() > MAX_REASON;
    let refused = reason.is_empty() || long || reason.contains(char::is_control);
    (!refused).then_some(reason)
}

/// What there was to take.
pub(crate) struct TakenFactors {
    /// Whether there was an app.
    totp: bool,
    passkeys: u64,
    phones: u64,
}

/// Takes all factors and recovery codes, and what is left of the time to enrol.
pub(crate) async fn take_factors(
    write: &mut dyn Write,
    owner: FactorOwner,
) -> Result<TakenFactors, StoreError> {
    let totp = write.delete_totp(owner).await?;
    let passkeys = write.delete_passkeys(owner).await?;
    let phones = take_phones(write, owner).await?;
    write.replace_recovery_codes(owner, &[]).await?;
    if let FactorOwner::User(user) = owner {
        write.set_enrolment_ends(user, None).await?;
    }
    Ok(TakenFactors {
        totp,
        passkeys,
        phones,
    })
}
