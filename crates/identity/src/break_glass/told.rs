//! What administrators are told about sealed accounts.

use super::{BreakGlassAccount, PAGE, UseKind, actor_label, alert_key};
use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert, resolve_alert};
use crate::events::Event;
use crate::ids::EventId;
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};

/// The alert about an event `break_glass_used`.
pub(crate) fn alert_of_use(event: &Event) -> NewAlert {
    let whom = event.target.as_ref().map_or("", |target| &target.label);
    let word = |name: &str| event.detail[name].as_str().unwrap_or_default();
    let from = event.ip.map(|ip| format!(" from {ip}")).unwrap_or_default();
    let what = match UseKind::from_name(word("what")) {
        Some(UseKind::SignedIn) => format!("Somebody signed in with it{from}."),
        Some(UseKind::PasswordGiven) => {
            format!("Somebody gave its password{from} and was asked for a printed code.")
        }
        Some(UseKind::Failed) | None => format!("Somebody tried to sign in with it{from}."),
    };
    let drill = match word("drill_announced_by") {
        "" => String::new(),
        by => format!(" This is within a drill that {by} announced."),
    };
    let left = match event.detail["codes_left"].as_u64() {
        Some(left) => format!(" Printed codes left: {left}."),
        None => String::new(),
    };
    NewAlert {
        kind: AlertKind::BreakGlassUsed,
        severity: Severity::Critical,
        text: format!(
            "The break-glass account {whom} is in use. {what}{drill}{left} Find out who it was and why, then acknowledge it under Break-glass accounts."
        ),
        link: PAGE.to_owned(),
        dedupe_key: alert_key(word("use"), word("what")),
    }
}

/// The alert about an event `admin_update`: that of a sealed account which was suspended or activated.
pub(crate) fn alert_of_state(event: &Event) -> Option<NewAlert> {
    let state = event.detail["break_glass_state"].as_str()?;
    let whom = event.target.as_ref().map_or("", |target| &target.label);
    let by = event.actor.label();
    Some(changed(whom, event.id, &format!("is {state} now, by {by}")))
}

fn changed(email: &str, event: EventId, what: &str) -> NewAlert {
    NewAlert {
        kind: AlertKind::BreakGlassChanged,
        severity: Severity::Warning,
        text: format!("The break-glass account {email} {what}."),
        link: format!("/admin/activity/{event}"),
        dedupe_key: format!("event/{event}"),
    }
}

/// Tells that somebody changed a sealed account.
pub(super) async fn of_change(
    op: &mut Op,
    write: &mut dyn Write,
    sealing: &SealingKey,
    (account, event): (&BreakGlassAccount, EventId),
    what: &str,
) -> Result<(), StoreError> {
    let alert = NewAlert {
        kind: AlertKind::BreakGlassChanged,
        severity: Severity::Warning,
        text: format!("{} {what}, by {}.", account.email, actor_label(op)),
        link: format!("/admin/activity/{event}"),
        dedupe_key: format!("event/{event}"),
    };
    raise_alert(write, op, sealing, alert).await?;
    Ok(())
}

/// Takes the reminder of a drill back.
pub(super) async fn no_drill_due(
    op: &Op,
    write: &mut dyn Write,
    account: &BreakGlassAccount,
) -> Result<(), StoreError> {
    resolve_alert(write, op, &account.drill_key()).await?;
    Ok(())
}
