//! The operator on the host gets a locked-out administrator back in (requirement A05).

use serde_json::json;
use time::Duration;

use crate::administrators::{AdministratorState, NotAllowed};
use crate::email;
use crate::events::EventKind;
use crate::links::{LinkPurpose, LinkToken, issue_link};
use crate::op::{Actor, Op};
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

/// A link with which the administrator chooses a password: the first one, if an invitation was
/// never accepted. Only for the program itself, on behalf of whoever may read its data folder.
/// Leaves the event `admin_password_reset_request`.
pub async fn issue_administrator_reset_link(
    op: &mut Op,
    store: &dyn Store,
    address: &str,
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
    let target = Some(administrator.target());
    let detail = json!({"by": "host"});
    let kind = EventKind::AdminPasswordResetRequest;
    let event = op.event(kind, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok((purpose, link))
}
