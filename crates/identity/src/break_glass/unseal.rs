//! Making an ordinary account of a sealed one.

use serde_json::json;

use super::{BreakGlassError, checked_note, require_somebody_else, sealed, told};
use crate::events::EventKind;
use crate::factors::take_factors;
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::Store;

/// Removes the seal: the printed codes stop working, the account's sessions end, and its next sign-in
/// sets a second factor up. Leaves the event `break_glass_unseal` with the reason, and an alert.
pub async fn unseal_break_glass_account(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (id, reason): (AdministratorId, &str),
) -> Result<(), BreakGlassError> {
    let reason = checked_note(reason)?;
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let (account, administrator) = sealed(write.as_mut(), id).await?;
    write.delete_break_glass_account(id).await?;
    take_factors(write.as_mut(), id.into()).await?;
    let ended = write.delete_administrator_sessions(id, None).await?;
    let kind = EventKind::BreakGlassUnseal;
    let detail = json!({ "reason": reason, "sessions_ended": ended });
    let event = op.event(kind, true, Some(administrator.target()), detail);
    write.insert_event(&event).await?;
    told::no_drill_due(op, write.as_mut(), &account).await?;
    let what = "is no longer a break-glass account: its seal was removed";
    told::of_change(op, write.as_mut(), sealing, (&account, event.id), what).await?;
    write.commit().await?;
    Ok(())
}
