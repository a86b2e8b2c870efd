//! Security keys and passkeys, and ceremonies that came back.

use async_trait::async_trait;
use jetway_identity::factors::FactorOwner;
use jetway_identity::factors::webauthn::PasskeyRecord;
use jetway_identity::store::{ReadPasskeys, WritePasskeys};
use jetway_identity::{PasskeyId, StoreError};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_passkey`] takes.
macro_rules! columns {
    () => {
        "k.id, k.owner_id, k.name, k.credential_id, k.credential, k.transports, k.model, \
         k.discoverable, k.backed_up, k.created_at, k.last_used_at, k.distrusted_at"
    };
}

statements! {
    OF_OWNER = concat!(
        "SELECT ", columns!(), " FROM passkeys k WHERE k.owner_id = $1 ORDER BY k.id"
    );
    BY_CREDENTIAL = concat!("SELECT ", columns!(), " FROM passkeys k WHERE k.credential_id = $1");
    INSERT = "INSERT INTO passkeys (id, owner_id, name, credential_id, credential, transports, \
              model, discoverable, backed_up, created_at, last_used_at, distrusted_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    RENAME = "UPDATE passkeys SET name = $3 WHERE owner_id = $1 AND id = $2";
    DELETE = "DELETE FROM passkeys WHERE owner_id = $1 AND id = $2";
    pub(super) DELETE_OF = "DELETE FROM passkeys WHERE owner_id = $1";
    NOTE_USE = "UPDATE passkeys SET credential = $3, backed_up = $4, last_used_at = $5 \
                WHERE id = $1 AND credential = $2";
    DISTRUST = "UPDATE passkeys SET distrusted_at = $2 WHERE id = $1 AND distrusted_at IS NULL";
    USE_CEREMONY = "INSERT INTO used_ceremonies (id, expires_at) VALUES ($1, $2) \
                    ON CONFLICT (id) DO NOTHING";
    PRUNE_CEREMONIES = "DELETE FROM used_ceremonies WHERE expires_at < $1";
}

fn read_passkey(row: &AnyRow) -> Result<PasskeyRecord, StoreError> {
    let mut fields = Fields::of(row);
    Ok(PasskeyRecord {
        id: fields.parsed()?,
        owner: fields.parsed()?,
        name: fields.text()?,
        credential_id: fields.bytes()?,
        credential: fields.text()?,
        transports: fields
            .text()?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        model: fields.optional_parsed()?,
        discoverable: fields.optional_integer()?.map(|flag| flag != 0),
        backed_up: fields.flag()?,
        created_at: fields.time()?,
        last_used_at: fields.optional_time()?,
        distrusted_at: fields.optional_time()?,
    })
}

#[async_trait]
impl ReadPasskeys for Unit {
    async fn passkeys(&mut self, owner: FactorOwner) -> Result<Vec<PasskeyRecord>, StoreError> {
        let rows = self.rows(query(OF_OWNER).bind(owner.to_string())).await?;
        rows.iter().map(read_passkey).collect()
    }

    async fn passkey_by_credential(
        &mut self,
        credential_id: &[u8],
    ) -> Result<Option<PasskeyRecord>, StoreError> {
        let statement = query(BY_CREDENTIAL).bind(base64(credential_id));
        let row = self.row(statement).await?;
        row.as_ref().map(read_passkey).transpose()
    }
}

#[async_trait]
impl WritePasskeys for Unit {
    async fn insert_passkey(&mut self, record: &PasskeyRecord) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(record.id.to_string())
            .bind(record.owner.to_string())
            .bind(record.name.clone())
            .bind(base64(&record.credential_id))
            .bind(record.credential.clone())
            .bind(record.transports.join(" "))
            .bind(record.model.map(|model| model.to_string()))
            .bind(record.discoverable.map(i64::from))
            .bind(i64::from(record.backed_up))
            .bind(millis(record.created_at))
            .bind(record.last_used_at.map(millis))
            .bind(record.distrusted_at.map(millis));
        self.execute(statement).await?;
        Ok(())
    }

    async fn rename_passkey(
        &mut self,
        owner: FactorOwner,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(RENAME)
            .bind(owner.to_string())
            .bind(id.to_string())
            .bind(name.to_owned());
        Ok(self.execute(statement).await? > 0)
    }

    async fn delete_passkey(
        &mut self,
        owner: FactorOwner,
        id: PasskeyId,
    ) -> Result<bool, StoreError> {
        let statement = query(DELETE).bind(owner.to_string()).bind(id.to_string());
        Ok(self.execute(statement).await? > 0)
    }

    async fn delete_passkeys(&mut self, owner: FactorOwner) -> Result<u64, StoreError> {
        self.execute(query(DELETE_OF).bind(owner.to_string())).await
    }

    async fn note_passkey_use(
        &mut self,
        used: &PasskeyRecord,
        before: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(NOTE_USE)
            .bind(used.id.to_string())
            .bind(before.to_owned())
            .bind(used.credential.clone())
            .bind(i64::from(used.backed_up))
            .bind(used.last_used_at.map(millis));
        Ok(self.execute(statement).await? > 0)
    }

    async fn distrust_passkey(
        &mut self,
        id: PasskeyId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.execute(query(DISTRUST).bind(id.to_string()).bind(millis(at)))
            .await?;
        Ok(())
    }

    async fn use_ceremony(
        &mut self,
        id: &str,
        expires_at: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let statement = query(USE_CEREMONY)
            .bind(id.to_owned())
            .bind(millis(expires_at));
        Ok(self.execute(statement).await? > 0)
    }

    async fn prune_used_ceremonies(&mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE_CEREMONIES).bind(millis(now)))
            .await?;
        Ok(())
    }
}
