//! Mails that tell a person what was done to their account.

use super::mails::{self, Words};
use crate::mail::{NewMail, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{StoreError, Write};
use crate::users::User;

/// Tells the person that their password was changed.
pub(crate) async fn queue_password_notice(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    organisation: &str,
    user: &User,
) -> Result<(), StoreError> {
    let words = mails::changed(organisation, user);
    queue(write, op, sealing, user, words).await
}

/// Tells the person, at the address that they had, that they have another one.
pub(crate) async fn queue_address_notice(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    former: &User,
) -> Result<(), StoreError> {
    let organisation = write.settings().await?.sections.profile.name;
    let words = mails::moved(&organisation, former);
    queue(write, op, sealing, former, words).await
}

async fn queue(
    write: &mut dyn Write,
    op: &mut Op,
    sealing: &SealingKey,
    user: &User,
    words: Words,
) -> Result<(), StoreError> {
    let mail = NewMail {
        to: &user.email,
        subject: &words.subject,
        text: &words.text,
        link: None,
    };
    queue_mail(write, op, sealing, mail).await?;
    Ok(())
}
