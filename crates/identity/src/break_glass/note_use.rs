//! A sign-in with a sealed account is under way: it is kept, and told of when the log is sealed.

use serde_json::json;

use super::{BreakGlassAccount, BreakGlassUse, SameAttempts, UseKind, told};
use crate::administrators::Administrator;
use crate::events::EventKind;
use crate::factors::unused_recovery_codes;
use crate::ids::BreakGlassUseId;
use crate::op::Op;
use crate::sessions::PENDING_LIFETIME;
use crate::store::{StoreError, Write};

/// Notes how far an attempt came, in the same transaction, and adds the event `break_glass_used`.
/// Nothing happens for accounts that are not sealed. A sign-in while a drill is announced is the
/// drill.
pub(crate) async fn note_use(
    write: &mut dyn Write,
    op: &mut Op,
    administrator: &Administrator,
    what: UseKind,
) -> Result<(), StoreError> {
    let Some(account) = write.break_glass_account(administrator.id).await? else {
        return Ok(());
    };
    let drill_by = account.drill(op.now).map(str::to_owned);
    // Somebody at another address is somebody else, and so is whoever comes later, or outside of a
    // drill.
    let same = SameAttempts {
        administrator: administrator.id,
        ip: op.client.ip,
        drill_by: drill_by.clone(),
        since: op.now - PENDING_LIFETIME,
    };
    let open = write.open_break_glass_attempts(&same).await?;
    let used = match open {
        Some(open) if what != UseKind::SignedIn => BreakGlassUse {
            what: if what.rank() > open.what.rank() {
                what
            } else {
                open.what
            },
            last_at: op.now,
            times: open.times.saturating_add(1),
            ..open
        },
        // The right password, then the code: one use.
        Some(open) if open.what == UseKind::PasswordGiven && open.times == 1 => BreakGlassUse {
            what,
            last_at: op.now,
            ..open
        },
        _ => BreakGlassUse {
            id: BreakGlassUseId::new(op.now, &mut op.rng),
            administrator: administrator.id,
            email: administrator.email.clone(),
            what,
            first_at: op.now,
            last_at: op.now,
            times: 1,
            ip: op.client.ip,
            drill_by: drill_by.clone(),
            acknowledged: None,
        },
    };
    write.put_break_glass_use(&used).await?;
    if what == UseKind::SignedIn && drill_by.is_some() {
        drilled(op, write, account).await?;
    }
    let codes = write.recovery_codes(administrator.id.into()).await?;
    let detail = json!({
        "use": used.id.to_string(),
        "what": what.as_str(),
        "drill_announced_by": drill_by,
        "codes_left": unused_recovery_codes(&codes),
    });
    let target = Some(administrator.target());
    let success = what == UseKind::SignedIn;
    let event = op.event(EventKind::BreakGlassUsed, success, target, detail);
    write.insert_event(&event).await
}

/// The drill is done, and the next one is due when its time comes.
async fn drilled(
    op: &Op,
    write: &mut dyn Write,
    mut account: BreakGlassAccount,
) -> Result<(), StoreError> {
    account.drilled_at = Some(op.now);
    account.drill_until = None;
    account.drill_by = None;
    account.reminded_at = None;
    account.drill_due_at = account.next_drill();
    told::no_drill_due(op, write, &account).await?;
    write.put_break_glass_account(&account).await
}
