//! Alerts about what the log says. Looked at when events are sealed, in the same transaction, so
//! that each event is looked at once.

use time::Duration;

use crate::administrators::SetBy;
use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert};
use crate::break_glass::{alert_of_state, alert_of_use};
use crate::events::{Event, EventFilter, EventKind};
use crate::op::{Actor, Op};
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};

/// Lock-outs within [`LOCKOUT_SPAN`] that look like somebody trying many accounts.
const MANY_LOCKOUTS: u32 = 10;
const LOCKOUT_SPAN: Duration = Duration::hours(1);

const LOCKOUTS: [EventKind; 2] = [EventKind::UserLockout, EventKind::AdminLockout];
const LOOKED_AT: [EventKind; 7] = [
    EventKind::BreakGlassUsed,
    EventKind::AdminCreate,
    EventKind::AdminPasswordChange,
    EventKind::AdminUpdate,
    EventKind::UserLockout,
    EventKind::AdminLockout,
    EventKind::UserPushAnswer,
];

/// Raises what the events at the positions behind `after`, up to and with `up_to`, give cause for.
pub(crate) async fn raise_for_events(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    (after, up_to): (i64, i64),
) -> Result<(), StoreError> {
    let events = write.events_at((after, up_to), &LOOKED_AT, 1000).await?;
    for (_, event) in &events {
        if let Some(alert) = of_event(event) {
            raise_alert(write, op, sealing, alert).await?;
        }
    }
    if events
        .iter()
        .any(|(_, event)| LOCKOUTS.contains(&event.kind))
    {
        raise_for_lockouts(write, op, sealing).await?;
    }
    Ok(())
}

fn of_event(event: &Event) -> Option<NewAlert> {
    if event.kind == EventKind::UserPushAnswer {
        return of_push(event);
    }
    if event.kind == EventKind::BreakGlassUsed {
        // Attempts that fail are told of too.
        return Some(alert_of_use(event));
    }
    if !event.success {
        return None;
    }
    if event.kind == EventKind::AdminUpdate {
        return alert_of_state(event);
    }
    let whom = event.target.as_ref().map_or("", |target| &target.label);
    let id = event.target.as_ref().map_or("", |target| &target.id);
    let (kind, text) = match event.kind {
        EventKind::AdminCreate => (
            AlertKind::AdministratorCreated,
            format!("{whom} was made an administrator{}.", by(&event.actor)),
        ),
        // A password that administrators change themselves, signed in, is everyday business.
        // Whoever holds a link that was mailed is taken for its owner, so that one is told of.
        EventKind::AdminPasswordChange if by_link(event) => (
            AlertKind::AdministratorReset,
            format!("The password of the administrator {whom} was set anew by a one-time link."),
        ),
        EventKind::AdminPasswordChange if !is_own(&event.actor, id) => (
            AlertKind::AdministratorReset,
            format!(
                "The password of the administrator {whom} was set anew{}.",
                by(&event.actor)
            ),
        ),
        _ => return None,
    };
    Some(NewAlert {
        kind,
        severity: Severity::Info,
        text,
        link: format!("/admin/activity/{}", event.id),
        dedupe_key: format!("event/{}", event.id),
    })
}

/// Only somebody with the password gets as far as the phone.
fn of_push(event: &Event) -> Option<NewAlert> {
    let reported = event.detail["answer"] == "not_me";
    let whom = event.target.as_ref().map_or("", |target| &target.label);
    reported.then(|| NewAlert {
        kind: AlertKind::PushReported,
        severity: Severity::Warning,
        text: format!(
            "{whom} refused a sign-in on the phone and says that it was somebody else, who has the \
             password. Make {whom} change it."
        ),
        link: format!("/admin/activity/{}", event.id),
        dedupe_key: format!("event/{}", event.id),
    })
}

fn by_link(event: &Event) -> bool {
    event.detail["by"] == SetBy::Link.as_str()
}

fn is_own(actor: &Actor, id: &str) -> bool {
    matches!(actor, Actor::Administrator { id: own, .. } if own.to_string() == id)
}

fn by(actor: &Actor) -> String {
    match actor {
        Actor::Anonymous => String::new(),
        Actor::System(label)
        | Actor::User { label, .. }
        | Actor::Administrator { label, .. }
        | Actor::ApiKey { label, .. } => format!(" by {label}"),
    }
}

async fn raise_for_lockouts(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
) -> Result<(), StoreError> {
    let filter = EventFilter {
        from: Some(op.now - LOCKOUT_SPAN),
        kinds: LOCKOUTS.to_vec(),
        ..EventFilter::default()
    };
    let count = write.count_events(&filter, 1000).await?;
    if count < u64::from(MANY_LOCKOUTS) {
        return Ok(());
    }
    let alert = NewAlert {
        kind: AlertKind::ManyLockouts,
        severity: Severity::Warning,
        text: format!(
            "{count} lock-outs after wrong passwords within an hour: somebody may be guessing passwords. Look at the addresses that they came from."
        ),
        link: "/admin/activity?type=user_lockout".to_owned(),
        dedupe_key: "lockouts".to_owned(),
    };
    raise_alert(write, op, sealing, alert).await?;
    Ok(())
}
