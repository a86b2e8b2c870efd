//! Inviting an administrator (requirement A11).

use serde_json::json;
use time::Duration;
use url::Url;

use crate::administrators::create::{check, insert};
use crate::administrators::{
    Administrator, AdministratorState, NotAllowed, Permission, Role, letters, require,
};
use crate::events::EventKind;
use crate::ids::{AdministratorId, MailId};
use crate::links::{LinkPurpose, issue_link};
use crate::mail::{NewMail, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};
use crate::text::TextError;

/// How long an invitation works.
const LIFETIME: Duration = Duration::days(3);

/// Somebody to invite.
#[derive(Debug, Clone)]
pub struct Invitation {
    pub email: String,
    /// May be empty: the invited person gives it.
    pub name: String,
    pub role: Role,
}

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteAdministratorError {
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error("there is no such administrator")]
    NoSuchAdministrator,
    #[error("this administrator already has a password")]
    HasPassword,
    #[error("this administrator is suspended; activate them first")]
    Suspended,
    #[error(transparent)]
    Text(#[from] TextError),
    /// [`crate::Unique::Email`]: another administrator has the address.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Adds an administrator without a password, writes the mail with the link, and adds the event
/// `admin_create`, all in one transaction.
pub async fn invite_administrator(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    invitation: Invitation,
) -> Result<Administrator, InviteAdministratorError> {
    check(&invitation.email, &invitation.name)?;
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    let identity = (invitation.email.as_str(), invitation.name.as_str());
    let invited = insert(write.as_mut(), op, identity, invitation.role, None).await?;
    send(write.as_mut(), op, sealing, public_url, &invited).await?;
    write.commit().await?;
    Ok(invited)
}

/// Writes the mail again, with a new link; the one before stops working. Adds the event
/// `admin_update`.
pub async fn invite_administrator_again(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    id: AdministratorId,
) -> Result<Administrator, InviteAdministratorError> {
    let mut write = store.write().await?;
    require(write.as_mut(), op, Permission::ManageAdministrators).await??;
    let invited = write
        .administrator(id)
        .await?
        .ok_or(InviteAdministratorError::NoSuchAdministrator)?;
    if invited.password_changed_at.is_some() {
        return Err(InviteAdministratorError::HasPassword);
    }
    if invited.state == AdministratorState::Suspended {
        return Err(InviteAdministratorError::Suspended);
    }
    let mail = send(write.as_mut(), op, sealing, public_url, &invited).await?;
    let detail = json!({"invited_again": true, "mail": mail.to_string()});
    let target = Some(invited.target());
    let event = op.event(EventKind::AdminUpdate, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(invited)
}

async fn send(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    public_url: &Url,
    invited: &Administrator,
) -> Result<MailId, StoreError> {
    let organisation = write.settings().await?.sections.profile.name;
    let (purpose, subject) = (LinkPurpose::InviteAdministrator, invited.id.to_string());
    let link = issue_link(write, op, purpose, &subject, LIFETIME).await?;
    let letter = letters::invitation(&organisation, invited, public_url, &link);
    let mail = NewMail {
        to: &invited.email,
        subject: &letter.subject,
        text: &letter.text,
        link: Some(&link),
    };
    queue_mail(write, op, sealing, mail).await
}
