//! Trying a sealed account before it is needed.

use std::ops::RangeInclusive;

use serde_json::json;
use time::Duration;

use super::{BreakGlassError, actor_label, require_somebody_else, sealed, told};
use crate::events::EventKind;
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::store::Store;

/// How long after its announcement a sign-in counts as the drill.
pub const DRILL_WINDOW: Duration = Duration::hours(1);

/// How many days may be between drills.
pub const DRILL_DAYS: RangeInclusive<u32> = 7..=366;

/// Announces a drill: the next sign-in with the account within [`DRILL_WINDOW`] is it. It is told of
/// as any other, by the name of a drill.
pub async fn start_drill(
    op: &mut Op,
    store: &dyn Store,
    id: AdministratorId,
) -> Result<(), BreakGlassError> {
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let (mut account, administrator) = sealed(write.as_mut(), id).await?;
    account.drill_until = Some(op.now + DRILL_WINDOW);
    account.drill_by = Some(actor_label(op).to_owned());
    write.put_break_glass_account(&account).await?;
    let detail = json!({ "minutes": DRILL_WINDOW.whole_minutes() });
    let target = Some(administrator.target());
    let event = op.event(EventKind::BreakGlassDrillStart, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}

/// Sets how many days may pass between drills, counted from the last one.
pub async fn set_drill_interval(
    op: &mut Op,
    store: &dyn Store,
    (id, days): (AdministratorId, u32),
) -> Result<(), BreakGlassError> {
    if !DRILL_DAYS.contains(&days) {
        return Err(BreakGlassError::Days);
    }
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let (mut account, administrator) = sealed(write.as_mut(), id).await?;
    if account.drill_days == days {
        return Ok(());
    }
    let detail = json!({ "from": account.drill_days, "to": days });
    account.drill_days = days;
    account.drill_due_at = account.next_drill();
    if !account.is_drill_due(op.now) {
        account.reminded_at = None;
        told::no_drill_due(op, write.as_mut(), &account).await?;
    }
    write.put_break_glass_account(&account).await?;
    let target = Some(administrator.target());
    let event = op.event(EventKind::BreakGlassDrillInterval, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
