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

/// Keeps the note, closes the alerts about the use, and takes the banner away. Only by a full
/// administrator who is somebody else than the account. What is acknowledged already stays as it is,
/// and leaves no event.
pub async fn acknowledge_break_glass_use(
    op: &mut Op,
    store: &dyn Store,
    (id, note): (BreakGlassUseId, &str),
) -> Result<(), BreakGlassError> {
    let note = checked_note(note)?;
    let mut write = store.write().await?;
    let used = write.break_glass_use(id).await?;
    let mut used = used.ok_or(BreakGlassError::NoSuchUse)?;
    require_somebody_else(write.as_mut(), op, used.administrator).await?;
    if used.acknowledged.is_some() {
        return Ok(());
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
