//! An administrator sends a person a link to choose a new password.

use serde_json::json;
use time::Duration;
use url::Url;

use super::{link_owner, mails};
use crate::events::EventKind;
use crate::ids::{MailId, UserId};
use crate::links::{LinkPurpose, issue_link};
use crate::mail::{NewMail, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError, Write};
use crate::users::{User, UserState};

/// How long a reset link works (security.md item 35: at most an hour).
const LIFETIME: Duration = Duration::hours(1);

/// Why no link was sent.
#[derive(Debug, thiserror::Error)]
pub enum SendResetError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("this person has no password yet; send an invitation instead")]
    NoPassword,
    #[error("this person is not active; activate them first")]
    NotActive,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the mail with the reset link and the event `user_password_reset_request`. The present
/// password keeps working until another one is chosen.
pub async fn send_password_reset(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    id: UserId,
) -> Result<MailId, SendResetError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(SendResetError::NoSuchUser)?;
    if user.state != UserState::Active {
        return Err(SendResetError::NotActive);
    }
    if user.password_changed_at.is_none() {
        return Err(SendResetError::NoPassword);
    }
    let mail = write_reset(write.as_mut(), op, sealing, public_url, &user).await?;
    let detail = json!({"mail": mail.to_string()});
    let target = Some(user.target());
    let event = op.event(EventKind::UserPasswordResetRequest, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(mail)
}

/// Issues the link and writes the mail.
pub(super) async fn write_reset(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    public_url: &Url,
    user: &User,
) -> Result<MailId, StoreError> {
    let organisation = write.settings().await?.sections.profile.name;
    let subject = link_owner::subject(user);
    let purpose = LinkPurpose::ResetUserPassword;
    let link = issue_link(write, op, purpose, &subject, LIFETIME).await?;
    let words = mails::reset(&organisation, user, public_url, &link);
    let mail = NewMail {
        to: &user.email,
        subject: &words.subject,
        text: &words.text,
        link: Some(&link),
    };
    queue_mail(write, op, sealing, mail).await
}
