//! The outbox.

use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jetway_identity::mail::{MailCounts, MailLink};
use jetway_identity::store::{Delivery, ReadMails, WriteMails};
use jetway_identity::{LinkPurpose, Mail, MailId, MailState, StoreError};
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

macro_rules! mail_columns {
    () => {
        "id, recipient, subject, link_purpose, link_hash, created_at, useful_until, state, \
         attempts, next_attempt_at, last_error, sent_at, sealed_text"
    };
}

statements! {
    BY_ID = concat!("SELECT ", mail_columns!(), " FROM mails WHERE id = $1");
    PAGE = concat!(
        "SELECT ", mail_columns!(), " FROM mails WHERE id < $1 ORDER BY id DESC LIMIT $2"
    );
    PAGE_IN_STATE = concat!(
        "SELECT ", mail_columns!(), " FROM mails WHERE id < $1 AND state = $3 \
         ORDER BY id DESC LIMIT $2"
    );
    COUNTS = "SELECT state, COUNT(*) FROM mails GROUP BY state";
    DUE = concat!(
        "SELECT ", mail_columns!(), " FROM mails WHERE state = 'waiting' \
         AND next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT $2"
    );
    INSERT = concat!(
        "INSERT INTO mails (", mail_columns!(), ") \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
    );
    PUT_DELIVERY = "UPDATE mails SET state = $2, attempts = $3, next_attempt_at = $4, \
                    last_error = $5, sent_at = $6, \
                    sealed_text = CASE WHEN CAST($7 AS BIGINT) = 1 THEN NULL ELSE sealed_text END WHERE id = $1";
    DELETE = "DELETE FROM mails WHERE id = $1";
    PRUNE = "DELETE FROM mails WHERE created_at < $1";
}

/// Sorts after every id.
const AFTER_ALL: &str = "g";

fn read_mail(fields: &mut Fields<'_>) -> Result<Mail, StoreError> {
    let (id, to, subject) = (fields.parsed()?, fields.text()?, fields.text()?);
    let link = if fields.is_null()? {
        fields.skip(2);
        None
    } else {
        Some(MailLink {
            purpose: fields.word(LinkPurpose::from_name)?,
            hash: fields.parsed()?,
        })
    };
    Ok(Mail {
        id,
        to,
        subject,
        link,
        created_at: fields.time()?,
        useful_until: fields.time()?,
        state: fields.word(MailState::from_name)?,
        attempts: u32::try_from(fields.integer()?).unwrap_or(u32::MAX),
        next_attempt_at: fields.time()?,
        last_error: fields.optional_text()?,
        sent_at: fields.optional_time()?,
        sealed_text: match fields.optional_text()? {
            Some(text) => {
                let bytes = STANDARD.decode(text);
                Some(bytes.map_err(|error| fields.unreadable(&error))?)
            }
            None => None,
        },
    })
}

#[async_trait]
impl ReadMails for Unit {
    async fn mail(&mut self, id: MailId) -> Result<Option<Mail>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_mail(&mut Fields::of(&row))).transpose()
    }

    async fn mails(
        &mut self,
        state: Option<MailState>,
        before: Option<MailId>,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        let before = before.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string());
        let statement = match state {
            None => query(PAGE).bind(before).bind(i64::from(limit)),
            Some(state) => query(PAGE_IN_STATE)
                .bind(before)
                .bind(i64::from(limit))
                .bind(state.as_str()),
        };
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| read_mail(&mut Fields::of(row)))
            .collect()
    }

    async fn mail_counts(&mut self) -> Result<MailCounts, StoreError> {
        let mut counts = MailCounts::default();
        for row in self.rows(query(COUNTS)).await? {
            let mut fields = Fields::of(&row);
            let state = fields.word(MailState::from_name)?;
            let count = u64::try_from(fields.integer()?).unwrap_or(0);
            match state {
                MailState::Waiting => counts.waiting = count,
                MailState::Sent => counts.sent = count,
                MailState::Failed => counts.failed = count,
            }
        }
        Ok(counts)
    }

    async fn due_mails(
        &mut self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<Mail>, StoreError> {
        let rows = self
            .rows(query(DUE).bind(millis(now)).bind(i64::from(limit)))
            .await?;
        rows.iter()
            .map(|row| read_mail(&mut Fields::of(row)))
            .collect()
    }
}

#[async_trait]
impl WriteMails for Unit {
    async fn insert_mail(&mut self, mail: &Mail) -> Result<(), StoreError> {
        let link = mail.link.as_ref();
        let statement = query(INSERT)
            .bind(mail.id.to_string())
            .bind(mail.to.clone())
            .bind(mail.subject.clone())
            .bind(link.map(|link| link.purpose.as_str()))
            .bind(link.map(|link| link.hash.as_str().to_owned()))
            .bind(millis(mail.created_at))
            .bind(millis(mail.useful_until))
            .bind(mail.state.as_str())
            .bind(i64::from(mail.attempts))
            .bind(millis(mail.next_attempt_at))
            .bind(mail.last_error.clone())
            .bind(mail.sent_at.map(millis))
            .bind(mail.sealed_text.as_deref().map(base64));
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_delivery(&mut self, id: MailId, delivery: &Delivery) -> Result<(), StoreError> {
        let statement = query(PUT_DELIVERY)
            .bind(id.to_string())
            .bind(delivery.state.as_str())
            .bind(i64::from(delivery.attempts))
            .bind(millis(delivery.next_attempt_at))
            .bind(delivery.last_error.clone())
            .bind(delivery.sent_at.map(millis))
            .bind(i64::from(delivery.forget_text));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_mail(&mut self, id: MailId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }

    async fn prune_mails(&mut self, before: OffsetDateTime) -> Result<u64, StoreError> {
        self.execute(query(PRUNE).bind(millis(before))).await
    }
}
