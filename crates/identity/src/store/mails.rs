//! Storage of the outbox.

use async_trait::async_trait;
use time::OffsetDateTime;

use super::StoreError;
use crate::ids::MailId;
use crate::mail::{Mail, MailCounts, MailState};

/// Questions about mails.
#[async_trait]
pub trait ReadMails: Send {
    async fn mail(&mut self, id: MailId) -> Result<Option<Mail>, StoreError>;
    /// Newest first, older than `before` when given, those in `state` when given.
    async fn mails(
        &mut self,
        state: Option<MailState>,
        before: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError>;
    async fn mail_counts(&mut self) -> Result<MailCounts, StoreError>;
    /// Waiting mails whose next attempt is not after `now`, oldest attempt first.
    async fn due_mails(&mut self, now: OffsetDateTime, limit: u32)
    -> Result<Vec<Mail>, StoreError>;
}

/// How far a mail has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    pub state: MailState,
    pub attempts: u32,
    pub next_attempt_at: OffsetDateTime,
    pub last_error: Option<String>,
    pub sent_at: Option<OffsetDateTime>,
    /// Drops the text for good.
    pub forget_text: bool,
}

/// Changes to the outbox.
#[async_trait]
pub trait WriteMails: Send {
    async fn insert_mail(&mut self, mail: &Mail) -> Result<(), StoreError>;
    async fn put_delivery(&mut self, id: MailId, delivery: &Delivery) -> Result<(), StoreError>;
    async fn delete_mail(&mut self, id: MailId) -> Result<(), StoreError>;
    /// Forgets mails that were made before `before`; how many there were.
    async fn prune_mails(&mut self, before: OffsetDateTime) -> Result<u64, StoreError>;
}
