//! Somebody says what a use of a sealed account was.

use serde_json::json;

use super::{
    Acknowledged, BreakGlassError, UseKind, actor_label, checked_note, require_somebody_else,
};
use crate::alerts::resolve_alert;
use crate::events::{EventKind, Target, TargetKind};
use crate::ids::BreakGlassUseId;
use crate::op::Op;
use crate::store::Store;

/// A use as whoever acknowledges it saw it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeenUse {
    pub id: BreakGlassUseId,
    pub what: UseKind,
    pub times: i64,
}

/// Keeps the note, closes the alerts about the use, and takes the banner away. Only by a full
/// administrator who is somebody else than the account. What is acknowledged already stays as it is,
/// and leaves no event. Nothing is acknowledged if more happened than was seen.
pub async fn acknowledge_break_glass_use(
    op: &mut Op,
    store: &dyn Store,
    (seen, note): (SeenUse, &str),
) -> Result<(), BreakGlassError> {
    let note = checked_note(note)?;
    let mut write = store.write().await?;
    let used = write.break_glass_use(seen.id).await?;
    let mut used = used.ok_or(BreakGlassError::NoSuchUse)?;
    require_somebody_else(write.as_mut(), op, used.administrator).await?;
    if used.acknowledged.is_some() {
        return Ok(());
    }
    if (used.what, used.times) != (seen.what, seen.times) {
        return Err(BreakGlassError::Changed);
    }
    used.acknowledged = Some(Acknowledged {
        at: op.now,
        by: actor_label(op).to_owned(),
        note: note.to_owned(),
    });
    write.put_break_glass_use(&used).await?;
    for what in UseKind::ALL {
        resolve_alert(write.as_mut(), op, &used.alert_key(*what)).await?;
    }
    let target = Target {
        kind: TargetKind::Administrator,
        id: used.administrator.to_string(),
        label: used.email.clone(),
    };
    let detail = json!({
        "use": used.id.to_string(), "what": used.what.as_str(), "times": used.times,
        "drill_announced_by": used.drill_by, "note": note,
    });
    let event = op.event(EventKind::BreakGlassAcknowledge, true, Some(target), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
