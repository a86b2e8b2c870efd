//! Trying out the mail server.

use crate::email;
use crate::ids::MailId;
use crate::mail::{NewMail, letter, queue_mail};
use crate::op::Op;
use crate::sealing::SealingKey;
use crate::store::{Store, StoreError};
use crate::text::TextError;

/// Why no test mail was written.
#[derive(Debug, thiserror::Error)]
pub enum SendTestMailError {
    #[error("no mail server is configured")]
    NoServer,
    #[error(transparent)]
    Address(#[from] TextError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes a mail to `to` that only says that it arrived. It goes the way of every other mail; the
/// outbox shows what the server said.
pub async fn send_test_mail(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    to: &str,
) -> Result<MailId, SendTestMailError> {
    email::check(to.trim())?;
    let mut write = store.write().await?;
    let settings = write.settings().await?.sections;
    if settings.mail.is_none() {
        return Err(SendTestMailError::NoServer);
    }
    let text = letter(
        &settings.profile.name,
        "",
        &["This is a test. Mails of Jetway arrive."],
    );
    let new = NewMail {
        to: to.trim(),
        subject: "Test of the mail server",
        text: &text,
        link: None,
    };
    let id = queue_mail(write.as_mut(), op, sealing, new).await?;
    write.commit().await?;
    Ok(id)
}
