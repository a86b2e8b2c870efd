//! Opening a mail of the outbox.

use serde_json::json;
use zeroize::Zeroizing;

use crate::events::EventKind;
use crate::ids::MailId;
use crate::mail::Mail;
use crate::op::Op;
use crate::sealing::{OpenSealedError, SealingKey};
use crate::store::{Store, StoreError};

/// A mail as an administrator sees it.
#[derive(Debug)]
pub struct MailView {
    pub mail: Mail,
    /// `None` when the text was forgotten.
    pub text: Option<Zeroizing<String>>,
    /// Its link can be used.
    pub link_is_live: bool,
}

/// Why a mail was not shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewMailError {
    #[error("there is no such mail")]
    NoSuchMail,
    #[error(transparent)]
    Sealed(#[from] OpenSealedError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The mail with its text. Whoever opens one whose link still works could act as its recipient, so
/// that leaves the event `mail_view`.
pub async fn view_mail(
    op: &mut Op,
    store: &dyn Store,
    sealing: &SealingKey,
    id: MailId,
) -> Result<MailView, ViewMailError> {
    let mut read = store.read().await?;
    let mail = read.mail(id).await?.ok_or(ViewMailError::NoSuchMail)?;
    let link = match &mail.link {
        Some(link) => read.link(&link.hash).await?,
        None => None,
    };
    drop(read);
    let link_is_live = link.is_some_and(|link| link.is_live(op.now));
    let text = mail.text(sealing)?;
    if link_is_live && text.is_some() {
        let purpose = mail.link.as_ref().map(|link| link.purpose.as_str());
        let detail = json!({"subject": mail.subject, "link": purpose});
        let event = op.event(EventKind::MailView, true, Some(mail.target()), detail);
        store.record(event).await?;
    }
    Ok(MailView {
        mail,
        text,
        link_is_live,
    })
}
