//! Reading the outbox.

use crate::ids::MailId;
use crate::mail::{Mail, MailState};
use crate::store::{Store, StoreError};

/// Most mails at once.
const MAX_PAGE: u32 = 200;

/// Mails, newest first, older than `before` when given, those in `state` when given.
pub async fn list_mails(
    store: &dyn Store,
    state: Option<MailState>,
    before: Option<MailId>,
    limit: u32,
) -> Result<Vec<Mail>, StoreError> {
    let mut read = store.read().await?;
    read.mails(state, before, limit.min(MAX_PAGE)).await
}

/// How many mails there are in each state. Mails are kept for a month, so this is quick.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MailCounts {
    pub waiting: u64,
    pub sent: u64,
    pub failed: u64,
}

/// How many mails there are in each state.
pub async fn count_mails(store: &dyn Store) -> Result<MailCounts, StoreError> {
    store.read().await?.mail_counts().await
}
