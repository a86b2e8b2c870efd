//! One-time links, and the counters that slow down who asks for them.

use async_trait::async_trait;
use jetway_identity::links::{Link, RequestCount, RequestKey};
use jetway_identity::sessions::TokenHash;
use jetway_identity::store::{ReadLinks, WriteLinks};
use jetway_identity::{LinkPurpose, StoreError};
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    BY_TOKEN = "SELECT purpose, subject, created_at, expires_at FROM links WHERE token_hash = $1";
    PUT = "INSERT INTO links (purpose, subject, token_hash, created_at, expires_at) \
           VALUES ($1, $2, $3, $4, $5) ON CONFLICT (purpose, subject) DO UPDATE SET \
           token_hash = excluded.token_hash, created_at = excluded.created_at, \
           expires_at = excluded.expires_at";
    DELETE = "DELETE FROM links WHERE token_hash = $1";
    DELETE_OF = "DELETE FROM links WHERE purpose = $1 AND subject = $2";
    PRUNE = "DELETE FROM links WHERE expires_at <= $1";
    COUNT = "SELECT requests, since FROM request_counts WHERE key_hash = $1";
    PUT_COUNT = "INSERT INTO request_counts (key_hash, requests, since) VALUES ($1, $2, $3) \
                 ON CONFLICT (key_hash) DO UPDATE SET requests = excluded.requests, \
                 since = excluded.since";
    PRUNE_COUNTS = "DELETE FROM request_counts WHERE since < $1";
}

#[async_trait]
impl ReadLinks for Unit {
    async fn link(&mut self, token: &TokenHash) -> Result<Option<Link>, StoreError> {
        let row = self
            .row(query(BY_TOKEN).bind(token.as_str().to_owned()))
            .await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok(Link {
                purpose: fields.word(LinkPurpose::from_name)?,
                subject: fields.text()?,
                created_at: fields.time()?,
                expires_at: fields.time()?,
            })
        })
        .transpose()
    }

    async fn request_count(
        &mut self,
        key: &RequestKey,
    ) -> Result<Option<RequestCount>, StoreError> {
        let row = self.row(query(COUNT).bind(key.as_str().to_owned())).await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok(RequestCount {
                requests: u32::try_from(fields.integer()?).unwrap_or(u32::MAX),
                since: fields.time()?,
            })
        })
        .transpose()
    }
}

#[async_trait]
impl WriteLinks for Unit {
    async fn put_link(&mut self, link: &Link, token: &TokenHash) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(link.purpose.as_str())
            .bind(link.subject.clone())
            .bind(token.as_str().to_owned())
            .bind(millis(link.created_at))
            .bind(millis(link.expires_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_link(&mut self, token: &TokenHash) -> Result<bool, StoreError> {
        let deleted = self
            .execute(query(DELETE).bind(token.as_str().to_owned()))
            .await?;
        Ok(deleted > 0)
    }

    async fn delete_link_of(
        &mut self,
        purpose: LinkPurpose,
        subject: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(DELETE_OF)
            .bind(purpose.as_str())
            .bind(subject.to_owned());
        Ok(self.execute(statement).await? > 0)
    }

    async fn prune_links(&mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(now))).await?;
        Ok(())
    }

    async fn put_request_count(
        &mut self,
        key: &RequestKey,
        count: &RequestCount,
    ) -> Result<(), StoreError> {
        let statement = query(PUT_COUNT)
            .bind(key.as_str().to_owned())
            .bind(i64::from(count.requests))
            .bind(millis(count.since));
        self.execute(statement).await?;
        Ok(())
    }

    async fn prune_request_counts(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE_COUNTS).bind(millis(before)))
            .await?;
        Ok(())
    }
}
