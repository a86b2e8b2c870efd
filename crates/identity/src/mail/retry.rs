//! Handing a mail over once more.

use serde_json::json;

use crate::events::EventKind;
use crate::ids::MailId;
use crate::mail::{Mail, MailState};
use crate::op::Op;
use crate::store::{Delivery, Store, StoreError};

/// Why a mail was not put into the queue again.
#[derive(Debug, thiserror::Error)]
pub enum RetryMailError {
    #[error("there is no such mail")]
    NoSuchMail,
    #[error("this mail was sent, or what it says is over; write a new one")]
    Over,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Mail {
    /// Whether it can be handed over again: it failed or waits, its text is still there, and its
    /// link still works.
    pub fn can_retry(&self, op: &Op) -> bool {
        self.state != MailState::Sent && self.sealed_text.is_some() && op.now < self.useful_until
    }
}

/// Puts a mail that failed, or waits for its next attempt, at the head of the queue.
pub async fn retry_mail(op: &mut Op, store: &dyn Store, id: MailId) -> Result<(), RetryMailError> {
    let mut write = store.write().await?;
    let mail = write.mail(id).await?.ok_or(RetryMailError::NoSuchMail)?;
    if !mail.can_retry(op) {
        return Err(RetryMailError::Over);
    }
    let delivery = Delivery {
        state: MailState::Waiting,
        attempts: mail.attempts,
        next_attempt_at: op.now,
        last_error: mail.last_error.clone(),
        sent_at: None,
        forget_text: false,
    };
    write.put_delivery(id, &delivery).await?;
    let detail = json!({"subject": mail.subject, "attempts": mail.attempts});
    let event = op.event(EventKind::MailRetry, true, Some(mail.target()), detail);
    write.insert_event(&event).await?;
    write.commit().await?;
    Ok(())
}
