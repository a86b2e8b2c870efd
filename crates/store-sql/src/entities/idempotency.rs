//! Requests of the API that are done once.

use async_trait::async_trait;
use jetway_identity::StoreError;
use jetway_identity::idempotency::{RequestKey, RequestRecord};
use jetway_identity::store::{ReadRequests, WriteRequests};
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    GET = "SELECT caller, key_hash, fingerprint, claimed_at, sealed_answer FROM api_requests \
           WHERE caller = $1 AND key_hash = $2";
    INSERT = "INSERT INTO api_requests (caller, key_hash, fingerprint, claimed_at) \
              VALUES ($1, $2, $3, $4)";
    ANSWER = "UPDATE api_requests SET sealed_answer = $3 WHERE caller = $1 AND key_hash = $2";
    DELETE = "DELETE FROM api_requests WHERE caller = $1 AND key_hash = $2";
    PRUNE = "DELETE FROM api_requests WHERE claimed_at < $1";
}

#[async_trait]
impl ReadRequests for Unit {
    async fn request(
        &mut self,
        caller: &str,
        key: &str,
    ) -> Result<Option<RequestRecord>, StoreError> {
        let statement = query(GET).bind(caller.to_owned()).bind(key.to_owned());
        let Some(row) = self.row(statement).await? else {
            return Ok(None);
        };
        let mut fields = Fields::of(&row);
        let key = RequestKey {
            caller: fields.text()?,
            key: fields.text()?,
            fingerprint: fields.text()?,
        };
        let claimed_at = fields.time()?;
        let sealed_answer = if fields.is_null()? {
            None
        } else {
            Some(fields.bytes()?)
        };
        Ok(Some(RequestRecord {
            key,
            claimed_at,
            sealed_answer,
        }))
    }
}

#[async_trait]
impl WriteRequests for Unit {
    async fn insert_request(&mut self, record: &RequestRecord) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(record.key.caller.clone())
            .bind(record.key.key.clone())
            .bind(record.key.fingerprint.clone())
            .bind(millis(record.claimed_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn answer_request(
        &mut self,
        caller: &str,
        key: &str,
        sealed_answer: &[u8],
    ) -> Result<(), StoreError> {
        let statement = query(ANSWER)
            .bind(caller.to_owned())
            .bind(key.to_owned())
            .bind(base64(sealed_answer));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_request(&mut self, caller: &str, key: &str) -> Result<(), StoreError> {
        let statement = query(DELETE).bind(caller.to_owned()).bind(key.to_owned());
        self.execute(statement).await?;
        Ok(())
    }

    async fn prune_requests(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(before))).await?;
        Ok(())
    }
}
