//! Sealing an account, and printing its codes again.

use secrecy::SecretString;
use serde_json::json;
use time::Duration;

use super::{
    BreakGlassAccount, BreakGlassError, MAX_BREAK_GLASS_ACCOUNTS, USUAL_DRILL_DAYS, actor_label,
    checked_note, require_somebody_else, sealed, told,
};
use crate::administrators::{Administrator, AdministratorState, Role};
use crate::events::EventKind;
use crate::factors::{KnownOwner, new_recovery_codes, queue_factor_notice, take_factors};
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, Write};

/// Seals an administrator's account for emergencies: takes every second factor it had, ends its
/// sessions, and gives it ten codes to be printed, which are shown this once. Not one's own: who
/// keeps the password should not be the one who prints the codes. Leaves the event
/// `break_glass_seal` and an alert.
pub async fn seal_break_glass_account(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: AdministratorId,
) -> Result<Vec<SecretString>, BreakGlassError> {
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let administrator = write.administrator(id).await?;
    let administrator = administrator.ok_or(BreakGlassError::NoSuchAdministrator)?;
    check(write.as_mut(), &administrator).await?;
    let account = BreakGlassAccount {
        administrator: id,
        email: administrator.email.clone(),
        sealed_at: op.now,
        sealed_by: actor_label(op).to_owned(),
        drill_days: USUAL_DRILL_DAYS,
        drill_due_at: op.now + Duration::days(i64::from(USUAL_DRILL_DAYS)),
        drilled_at: None,
        drill_until: None,
        drill_by: None,
        reminded_at: None,
    };
    write.put_break_glass_account(&account).await?;
    let codes = print(op, write.as_mut(), sealing, id).await?;
    let ended = write.delete_administrator_sessions(id, None).await?;
    let detail = json!({ "sessions_ended": ended, "drill_days": USUAL_DRILL_DAYS });
    let kind = EventKind::BreakGlassSeal;
    let event = op.event(kind, true, Some(administrator.target()), detail);
    write.insert_event(&event).await?;
    let what = "was sealed as a break-glass account";
    told::of_change(op, write.as_mut(), sealing, (&account, event.id), what).await?;
    write.commit().await?;
    Ok(codes)
}

async fn check(
    write: &mut dyn Write,
    administrator: &Administrator,
) -> Result<(), BreakGlassError> {
    let sealed = write.break_glass_accounts().await?;
    if sealed
        .iter()
        .any(|account| account.administrator == administrator.id)
    {
        return Err(BreakGlassError::Sealed);
    }
    if sealed.len() >= MAX_BREAK_GLASS_ACCOUNTS {
        return Err(BreakGlassError::TooMany);
    }
    let full =
        administrator.role == Role::Full && administrator.state == AdministratorState::Active;
    if !full || administrator.password_changed_at.is_none() {
        return Err(BreakGlassError::NotReady);
    }
    if !write.api_keys_of(administrator.id).await?.is_empty() {
        return Err(BreakGlassError::HasApiKeys);
    }
    // Sealed accounts do not count: somebody has to be there on ordinary days.
    if write.other_full_administrators(administrator.id).await? == 0 {
        return Err(BreakGlassError::LastFull);
    }
    Ok(())
}

/// Ten new codes in place of all that were printed before; shown this once. Whoever came in with an
/// earlier one is out: the account's sessions end, and sign-ins that wait for a code. Leaves the
/// event `break_glass_codes_renew` and an alert.
pub async fn renew_break_glass_codes(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (id, reason): (AdministratorId, &str),
) -> Result<Vec<SecretString>, BreakGlassError> {
    let reason = checked_note(reason)?;
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let (account, administrator) = sealed(write.as_mut(), id).await?;
    let codes = print(op, write.as_mut(), sealing, id).await?;
    let ended = write.delete_administrator_sessions(id, None).await?;
    let kind = EventKind::BreakGlassCodesRenew;
    let detail = json!({ "reason": reason, "sessions_ended": ended });
    let event = op.event(kind, true, Some(administrator.target()), detail);
    write.insert_event(&event).await?;
    let what = "got new printed codes";
    told::of_change(op, write.as_mut(), sealing, (&account, event.id), what).await?;
    write.commit().await?;
    Ok(codes)
}

async fn print(
    op: &mut Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    id: AdministratorId,
) -> Result<Vec<SecretString>, BreakGlassError> {
    take_factors(write, id.into()).await?;
    let new = new_recovery_codes(&mut op.rng, id.into());
    write.replace_recovery_codes(id.into(), &new.stored).await?;
    let owner = KnownOwner::read(write, id.into()).await?;
    let what = "ten printed codes are the only second factor of this break-glass account";
    queue_factor_notice(write, op, sealing, &owner, what).await?;
    Ok(new.shown)
}
