//! Making an ordinary account of a sealed one.

use serde_json::json;

use super::{BreakGlassError, checked_note, require_somebody_else, sealed, told};
use crate::administrators::{Administrator, AdministratorState};
use crate::events::EventKind;
use crate::factors::take_factors;
use crate::ids::AdministratorId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};

/// Removes the seal: the printed codes stop working, the account's sessions end, and it is suspended.
/// Whoever knows its password would otherwise set a second factor up and have the account. Another full
/// administrator activates or deletes it. Leaves the event `break_glass_unseal` with the reason, and an
/// alert.
pub async fn unseal_break_glass_account(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (id, reason): (AdministratorId, &str),
) -> Result<(), BreakGlassError> {
    let reason = checked_note(reason)?;
    let mut write = store.write().await?;
    require_somebody_else(write.as_mut(), op, id).await?;
    let (_, mut administrator) = sealed(write.as_mut(), id).await?;
    take_factors(write.as_mut(), id.into()).await?;
    let sessions_ended = write.delete_administrator_sessions(id, None).await?;
    if administrator.state != AdministratorState::Suspended {
        administrator.state = AdministratorState::Suspended;
        administrator.version += 1;
        write.put_administrator(&administrator).await?;
    }
    let why = Unsealed::Because {
        reason,
        sessions_ended,
    };
    remove_seal(op, write.as_mut(), sealing, (&administrator, why)).await?;
    write.commit().await?;
    Ok(())
}

/// How a seal came to be removed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unsealed<'a> {
    /// By another administrator, with a reason.
    Because {
        reason: &'a str,
        sessions_ended: u64,
    },
    /// On the host, with the factors.
    ByHost,
}

/// Removes the seal, if there is one, and tells of it: the event, the alert, and the end of a reminder.
/// What else becomes of the account is the caller's business.
pub(crate) async fn remove_seal(
    op: &mut Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    (administrator, why): (&Administrator, Unsealed<'_>),
) -> Result<(), StoreError> {
    let Some(account) = write.break_glass_account(administrator.id).await? else {
        return Ok(());
    };
    write.delete_break_glass_account(administrator.id).await?;
    let detail = match why {
        Unsealed::Because {
            reason,
            sessions_ended,
        } => json!({ "reason": reason, "sessions_ended": sessions_ended, "suspended": true }),
        Unsealed::ByHost => json!({ "by": "host" }),
    };
    let kind = EventKind::BreakGlassUnseal;
    let event = op.event(kind, true, Some(administrator.target()), detail);
    write.insert_event(&event).await?;
    told::no_drill_due(op, write, &account).await?;
    let what = "is no longer a break-glass account: its seal was removed";
    told::of_change(op, write, sealing, (&account, event.id), what).await
}
