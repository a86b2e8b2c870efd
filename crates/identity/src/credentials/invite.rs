//! Inviting a person to choose a first password (requirement A13).

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
use crate::store::{Store, StoreError};
use crate::users::UserState;

/// How long an activation link works.
const LIFETIME: Duration = Duration::days(7);

/// Why nobody was invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteUserError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("this person already has a password; send a password reset instead")]
    HasPassword,
    #[error("this person is suspended; activate them first")]
    Suspended,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the mail with the activation link and the event `user_activation_email`. An invitation
/// that was sent before stops working. Whoever is invited while staged becomes active by choosing a
/// password: inviting them is the decision to let them in.
pub async fn invite_user(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    id: UserId,
) -> Result<MailId, InviteUserError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?.ok_or(InviteUserError::NoSuchUser)?;
    if user.password_changed_at.is_some() {
        return Err(InviteUserError::HasPassword);
    }
    if user.state == UserState::Suspended {
        return Err(InviteUserError::Suspended);
    }
    let organisation = write.settings().await?.sections.profile.name;
    let subject = link_owner::subject(&user);
    let purpose = LinkPurpose::ActivateUser;
    let link = issue_link(write.as_mut(), op, purpose, &subject, LIFETIME).await?;
    let words = mails::invitation(&organisation, &user, public_url, &link);
    let mail = NewMail {
        to: &user.email,
        subject: &words.subject,
        text: &words.text,
        link: Some(&link),
    };
    let mail = queue_mail(write.as_mut(), op, sealing, mail).await?;
    let detail = json!({"mail": mail.to_string()});
    let target = Some(user.target());
    let event = op.event(EventKind::UserActivationEmail, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(mail)
}
