//! A mail that asks somebody to set a second factor up (requirement M02).

use serde_json::json;
use url::Url;

use super::change::has_factor;
use crate::events::EventKind;
use crate::ids::{MailId, UserId};
use crate::mail::{NewMail, date_in_words, isolated, letter, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};
use crate::users::UserState;

/// Why nobody was reminded.
#[derive(Debug, thiserror::Error)]
pub enum RemindToEnrolError {
    #[error("there is no such user")]
    NoSuchUser,
    #[error("this person has a second factor already")]
    HasFactor,
    #[error("this person is not active: they could not sign in to set one up")]
    NotActive,
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the mail, and the event `user_mfa_reminder`.
pub async fn remind_to_enrol(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    public_url: &Url,
    id: UserId,
) -> Result<MailId, RemindToEnrolError> {
    let mut write = store.write().await?;
    let user = write.user(id).await?;
    let user = user.ok_or(RemindToEnrolError::NoSuchUser)?;
    if user.state != UserState::Active {
        return Err(RemindToEnrolError::NotActive);
    }
    if has_factor(write.as_mut(), id.into()).await? {
        return Err(RemindToEnrolError::HasFactor);
    }
    let organisation = write.settings().await?.sections.profile.name;
    let asked = format!(
        "your account {} at {} has no second factor yet. Sign in at this address, and add a passkey \
         or connect an authenticator app:",
        isolated(&user.email),
        isolated(&organisation)
    );
    let address = format!("{}/profile", public_url.as_str().trim_end_matches('/'));
    let ends = write.enrolment_ends(id).await?;
    let until = ends.filter(|ends| op.now < *ends).map(|ends| {
        let date = date_in_words(ends);
        format!("You are let in without one until {date}. It takes a minute or two.")
    });
    let until = until.unwrap_or_else(|| "It takes a minute or two.".to_owned());
    let subject = format!("Set a second factor up at {organisation}");
    let text = letter(&organisation, &user.label(), &[&asked, &address, &until]);
    let mail = NewMail {
        to: &user.email,
        subject: &subject,
        text: &text,
        link: None,
    };
    let mail = queue_mail(write.as_mut(), op, sealing, mail).await?;
    let detail = json!({"mail": mail.to_string()});
    let target = Some(user.target());
    let event = op.event(EventKind::UserMfaReminder, true, target, detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(mail)
}
