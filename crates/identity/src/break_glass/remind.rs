//! Reminding of drills that are due.

use time::{Duration, OffsetDateTime};

use super::{BreakGlassAccount, PAGE, told};
use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

/// Who does not listen is told again after this long.
const AGAIN: Duration = Duration::days(7);

/// Raises an alert, with a mail to every full administrator, for each account whose drill is due:
/// when it becomes due, and once a week until it is done. How many were raised.
pub async fn remind_of_drills(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
) -> Result<usize, StoreError> {
    let sealed = store.read().await?.break_glass_accounts().await?;
    if !sealed.iter().any(|account| is_untold(account, op.now)) {
        return Ok(0);
    }
    let mut write = store.write().await?;
    let mut raised = 0;
    for mut account in write.break_glass_accounts().await? {
        // Another node may have told meanwhile.
        if !is_untold(&account, op.now) {
            continue;
        }
        told::no_drill_due(op, write.as_mut(), &account).await?;
        let last = match account.drilled_at {
            Some(at) => format!("The last one was on {}.", at.date()),
            None => "There was none yet.".to_owned(),
        };
        let alert = NewAlert {
            kind: AlertKind::BreakGlassDrillDue,
            severity: Severity::Warning,
            text: format!(
                "A drill of the break-glass account {} is due. {last} Start the drill, then sign in with the account, its password and one printed code.",
                account.email
            ),
            link: PAGE.to_owned(),
            dedupe_key: account.drill_key(),
        };
        raise_alert(write.as_mut(), op, sealing, alert).await?;
        account.reminded_at = Some(op.now);
        write.put_break_glass_account(&account).await?;
        raised += 1;
    }
    write.commit().await?;
    Ok(raised)
}

fn is_untold(account: &BreakGlassAccount, now: OffsetDateTime) -> bool {
    account.is_drill_due(now) && account.reminded_at.is_none_or(|told| told + AGAIN <= now)
}
