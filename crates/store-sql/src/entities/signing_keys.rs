//! The keys that sign for applications.

use std::sync::Arc;

use async_trait::async_trait;
use jetway_identity::applications::SigningKeyRecord;
use jetway_identity::store::{ReadSigningKeys, WriteSigningKeys};
use jetway_identity::{Application, ApplicationId, KeyId, StoreError};
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::applications::application_columns;
use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_key`] takes.
macro_rules! key_columns {
    () => {
        "k.id, k.application_id, k.certificate, k.sealed_private_key, k.not_after, k.created_at, \
         k.retired, k.warned_days"
    };
}

statements! {
    BY_ID = concat!("SELECT ", key_columns!(), " FROM signing_keys k WHERE k.id = $1");
    OF_APPLICATION = concat!(
        "SELECT ", key_columns!(), " FROM signing_keys k WHERE k.application_id = $1 \
         ORDER BY k.created_at DESC, k.id DESC"
    );
    ENDING = concat!(
        "SELECT ", application_columns!(), ", ", key_columns!(), " FROM signing_keys k \
         JOIN applications a ON a.key_id = k.id WHERE k.not_after < $1 \
         ORDER BY k.not_after, a.id"
    );
    INSERT = "INSERT INTO signing_keys (id, application_id, certificate, sealed_private_key, \
              not_after, created_at, retired) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    RETIRE = "UPDATE signing_keys SET retired = $2 WHERE id = $1";
    WARNED = "UPDATE signing_keys SET warned_days = $2 WHERE id = $1";
    DELETE = "DELETE FROM signing_keys WHERE id = $1";
}

fn read_key(fields: &mut Fields<'_>) -> Result<SigningKeyRecord, StoreError> {
    Ok(SigningKeyRecord {
        id: fields.parsed()?,
        application: fields.parsed()?,
        certificate_der: fields.bytes()?,
        sealed_private_key: fields.bytes()?,
        not_after: fields.time()?,
        created_at: fields.time()?,
        retired: fields.flag()?,
        warned_days: fields.optional_integer()?,
    })
}

#[async_trait]
impl ReadSigningKeys for Unit {
    async fn signing_key(&mut self, id: KeyId) -> Result<Option<SigningKeyRecord>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_key(&mut Fields::of(&row))).transpose()
    }

    async fn signing_keys(
        &mut self,
        application: ApplicationId,
    ) -> Result<Vec<SigningKeyRecord>, StoreError> {
        let statement = query(OF_APPLICATION).bind(application.to_string());
        let rows = self.rows(statement).await?;
        rows.iter()
            .map(|row| read_key(&mut Fields::of(row)))
            .collect()
    }

    async fn keys_ending_before(
        &mut self,
        end: OffsetDateTime,
    ) -> Result<Vec<(Arc<Application>, SigningKeyRecord)>, StoreError> {
        let rows = self.rows(query(ENDING).bind(millis(end))).await?;
        let read = |row| {
            let mut fields = Fields::of(row);
            let application = self.caches.decoded.read(&mut fields)?;
            Ok((application, read_key(&mut fields)?))
        };
        rows.iter().map(read).collect()
    }
}

#[async_trait]
impl WriteSigningKeys for Unit {
    async fn insert_signing_key(&mut self, key: &SigningKeyRecord) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(key.id.to_string())
            .bind(key.application.to_string())
            .bind(base64(&key.certificate_der))
            .bind(base64(&key.sealed_private_key))
            .bind(millis(key.not_after))
            .bind(millis(key.created_at))
            .bind(i64::from(key.retired));
        self.execute(statement).await?;
        Ok(())
    }

    async fn set_key_retired(&mut self, id: KeyId, retired: bool) -> Result<(), StoreError> {
        let statement = query(RETIRE).bind(id.to_string()).bind(i64::from(retired));
        self.execute(statement).await?;
        Ok(())
    }

    async fn set_key_warned(&mut self, id: KeyId, days: i64) -> Result<(), StoreError> {
        self.execute(query(WARNED).bind(id.to_string()).bind(days))
            .await?;
        Ok(())
    }

    async fn delete_signing_key(&mut self, id: KeyId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }
}
