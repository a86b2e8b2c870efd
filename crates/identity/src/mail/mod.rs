//! Mails: written into the outbox in the transaction of their cause, delivered later.
//!
//! The outbox is the durable queue: a mail is there exactly if what it is about happened. Without
//! a mail server it is also where administrators find the links that they pass on themselves.

mod deliver;
mod letter;
mod list;
mod prune;
mod queue;
mod retry;
mod test_mail;
mod view;

use time::OffsetDateTime;
use zeroize::Zeroizing;

use crate::events::{Target, TargetKind};
use crate::ids::MailId;
use crate::links::LinkPurpose;
use crate::sealing::{OpenSealedError, SealingKey};
use crate::sessions::TokenHash;

pub use deliver::{DeliveryProblem, OutgoingMail, OutgoingMails, record_delivery, take_due_mails};
pub(crate) use letter::{date_in_words, isolated, letter};
pub use list::{MailCounts, count_mails, list_mails};
pub use prune::prune_outbox;
pub(crate) use queue::{NewMail, queue_mail};
pub use retry::{RetryMailError, retry_mail};
pub use test_mail::{SendTestMailError, send_test_mail};
pub use view::{MailView, ViewMailError, view_mail};

/// One mail of the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    pub id: MailId,
    /// One e-mail address.
    pub to: String,
    pub subject: String,
    /// The link in the text, if there is one.
    pub link: Option<MailLink>,
    pub created_at: OffsetDateTime,
    /// After this instant it is not worth sending.
    pub useful_until: OffsetDateTime,
    pub state: MailState,
    /// How often delivery was tried.
    pub attempts: u32,
    /// While it waits.
    pub next_attempt_at: OffsetDateTime,
    /// What the mail server said last, when it was not yes.
    pub last_error: Option<String>,
    pub sent_at: Option<OffsetDateTime>,
    /// See [`Mail::text`].
    pub sealed_text: Option<Vec<u8>>,
}

/// Which link a mail carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLink {
    pub purpose: LinkPurpose,
    pub hash: TokenHash,
}

/// How far a mail has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailState {
    /// To be sent, or to be tried again; for good while there is no mail server.
    Waiting,
    /// The mail server took it.
    Sent,
    /// It will not be sent.
    Failed,
}

impl MailState {
    /// The name in the database and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Failed => "failed",
        }
    }

    /// The reverse of [`Self::as_str`].
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "waiting" => Some(Self::Waiting),
            "sent" => Some(Self::Sent),
            "failed" => Some(Self::Failed),
            _ => None,
        }
    }
}

impl Mail {
    /// The text. `None` when it was forgotten: nobody needs the link of a mail that was handed over.
    pub fn text(&self, sealing: &SealingKey) -> Result<Option<Zeroizing<String>>, OpenSealedError> {
        let Some(sealed) = &self.sealed_text else {
            return Ok(None);
        };
        let bytes = sealing.open(&context(self.id), sealed)?;
        let text = str::from_utf8(&bytes).map_err(|_| OpenSealedError::Damaged)?;
        Ok(Some(Zeroizing::new(text.to_owned())))
    }

    /// Whether its link lets somebody act as an administrator.
    pub fn is_for_administrators(&self) -> bool {
        let purpose = self.link.as_ref().map(|link| link.purpose);
        purpose.is_some_and(LinkPurpose::is_for_administrators)
    }

    pub(crate) fn target(&self) -> Target {
        Target {
            kind: TargetKind::Mail,
            id: self.id.to_string(),
            label: self.to.clone(),
        }
    }
}

/// What a sealed text is bound to.
fn context(id: MailId) -> String {
    format!("mail/{id}")
}
