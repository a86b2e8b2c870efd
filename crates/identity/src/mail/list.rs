//! Reading the outbox.

use crate::ids::MailId;
use crate::mail::Mail;
use crate::store::{Store, StoreError};

/// Most mails at once.
const MAX_PAGE: u32 = 200;

/// Mails, newest first, older than `before` when given.
pub async fn list_mails(
    store: &dyn Store,
    before: Option<MailId>,
    limit: u32,
) -> Result<Vec<Mail>, StoreError> {
    let mut read = store.read().await?;
    read.mails(before, limit.min(MAX_PAGE)).await
}
