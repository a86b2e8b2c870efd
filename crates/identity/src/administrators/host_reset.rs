//! The operator on the host gets a locked-out administrator back in (requirement A05).

use serde_json::json;
use time::Duration;

use crate::administrators::lockout::lift_lockout;
use crate::administrators::{Administrator, AdministratorState, NotAllowed};
use crate::alerts::{AlertKind, NewAlert, Severity, raise_alert};
use crate::break_glass::{Unsealed, remove_seal};
use crate::email;
use crate::events::EventKind;
use crate::factors::take_factors;
use crate::links::{LinkPurpose, LinkToken, issue_link};
use crate::op::{Actor, Op};
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};

const LIFETIME: Duration = Duration::hours(1);

/// Why there is no link.
#[derive(Debug, thiserror::Error)]
pub enum HostResetError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("no administrator has the address {email}; the administrators are: {known}")]
    NoSuchAdministrator { email: String, known: String },
    #[error("there is no administrator yet: start the server, it prints a set-up link")]
    NotSetUp,
    #[error("this administrator is suspended; another administrator can activate them")]
    Suspended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the administrator has lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    Password,
    /// And the second factors with the recovery codes: these are taken away, and with them the seal
    /// of a break-glass account.
    PasswordAndFactors,
}

/// A link with which the administrator chooses a password: the first one, if an invitation was
/// never accepted. Lifts a lock-out and ends every session of the administrator at once: whoever
/// asks for this no longer trusts them. Only for the program itself, on behalf of whoever may read
/// its data folder. Leaves the event `admin_password_reset_request` and an alert.
pub async fn issue_administrator_reset_link(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    (address, lost): (&str, Lost),
) -> Result<(LinkPurpose, LinkToken), HostResetError> {
    if !matches!(op.actor, Actor::System(_)) {
        return Err(NotAllowed.into());
    }
    let mut write = store.write().await?;
    let all = write.administrators().await?;
    let wanted = email::key(address);
    let found = all.iter().find(|known| email::key(&known.email) == wanted);
    let Some(administrator) = found else {
        if all.is_empty() {
            return Err(HostResetError::NotSetUp);
        }
        let known: Vec<_> = all.iter().map(|known| known.email.as_str()).collect();
        return Err(HostResetError::NoSuchAdministrator {
            email: address.trim().to_owned(),
            known: known.join(", "),
        });
    };
    if administrator.state == AdministratorState::Suspended {
        return Err(HostResetError::Suspended);
    }
    let purpose = match administrator.password_changed_at {
        Some(_) => LinkPurpose::ResetAdministratorPassword,
        None => LinkPurpose::InviteAdministrator,
    };
    let subject = administrator.id.to_string();
    let link = issue_link(write.as_mut(), op, purpose, &subject, LIFETIME).await?;
    lift_lockout(write.as_mut(), administrator).await?;
    let ended = write
        .delete_administrator_sessions(administrator.id, None)
        .await?;
    let factors = match lost {
        Lost::Password => false,
        Lost::PasswordAndFactors => {
            take_factors(write.as_mut(), administrator.id.into()).await?;
            // Its codes were its only factor: it goes on as an ordinary account.
            let unsealed = (administrator, Unsealed::ByHost);
            remove_seal(op, write.as_mut(), sealing, unsealed).await?;
            true
        }
    };
    let target = Some(administrator.target());
    let detail = json!({"by": "host", "sessions_ended": ended, "factors_taken": factors});
    let kind = EventKind::AdminPasswordResetRequest;
    let event = op.event(kind, true, target, detail);
    write.insert_event(&event).await?;
    let alert = asked_for(administrator, format!("event/{}", event.id));
    raise_alert(write.as_mut(), op, sealing, alert).await?;
    write.commit().await?;
    Ok((purpose, link))
}

fn asked_for(administrator: &Administrator, dedupe_key: String) -> NewAlert {
    NewAlert {
        kind: AlertKind::AdministratorReset,
        severity: Severity::Warning,
        text: format!(
            "On the server itself, with jetwayd admin, a link was made with which {} chooses a new password. If nobody of you did that, somebody has got into the server.",
            administrator.email
        ),
        link: "/admin/activity?type=admin_password_reset_request".to_owned(),
        dedupe_key,
    }
}
