//! API keys.

use async_trait::async_trait;
use jetway_identity::api_keys::ApiKeyHash;
use jetway_identity::store::{ReadApiKeys, WriteApiKeys};
use jetway_identity::{Administrator, AdministratorId, ApiKey, ApiKeyId, Scope, StoreError};
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::administrators::{administrator_columns, read_administrator};
use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_key`] takes.
macro_rules! key_columns {
    () => {
        "k.id, k.name, k.administrator_id, k.hint, k.scopes, k.created_at, k.expires_at, \
         k.last_used_at"
    };
}

/// Keys with their owners.
macro_rules! with_owners {
    () => {
        concat!(
            "SELECT ",
            key_columns!(),
            ", ",
            administrator_columns!(),
            " FROM api_keys k JOIN administrators m ON m.id = k.administrator_id"
        )
    };
}

statements! {
    LIST = concat!(with_owners!(), " ORDER BY k.id");
    BY_ID = concat!(with_owners!(), " WHERE k.id = $1");
    BY_HASH = concat!(with_owners!(), " WHERE k.key_hash = $1");
    OF_OWNER = concat!(
        "SELECT ", key_columns!(), " FROM api_keys k WHERE k.administrator_id = $1 ORDER BY k.id"
    );
    INSERT = "INSERT INTO api_keys (id, name, administrator_id, hint, scopes, created_at, \
              expires_at, last_used_at, key_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    TOUCH = "UPDATE api_keys SET last_used_at = $2 \
             WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";
    DELETE = "DELETE FROM api_keys WHERE id = $1";
}

fn read_key(fields: &mut Fields<'_>) -> Result<ApiKey, StoreError> {
    Ok(ApiKey {
        id: fields.parsed()?,
        name: fields.text()?,
        owner: fields.parsed()?,
        hint: fields.text()?,
        scopes: {
            let names: Vec<String> = fields.json()?;
            let scopes: Option<Vec<Scope>> =
                names.iter().map(|name| Scope::from_name(name)).collect();
            scopes.ok_or_else(|| fields.unreadable(&"unknown scope"))?
        },
        created_at: fields.time()?,
        expires_at: fields.optional_time()?,
        last_used_at: fields.optional_time()?,
    })
}

fn read_both(fields: &mut Fields<'_>) -> Result<(ApiKey, Administrator), StoreError> {
    Ok((read_key(fields)?, read_administrator(fields)?))
}

#[async_trait]
impl ReadApiKeys for Unit {
    async fn api_keys(&mut self) -> Result<Vec<(ApiKey, Administrator)>, StoreError> {
        let rows = self.rows(query(LIST)).await?;
        rows.iter()
            .map(|row| read_both(&mut Fields::of(row)))
            .collect()
    }

    async fn api_keys_of(&mut self, owner: AdministratorId) -> Result<Vec<ApiKey>, StoreError> {
        let rows = self.rows(query(OF_OWNER).bind(owner.to_string())).await?;
        rows.iter()
            .map(|row| read_key(&mut Fields::of(row)))
            .collect()
    }

    async fn api_key(
        &mut self,
        id: ApiKeyId,
    ) -> Result<Option<(ApiKey, Administrator)>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_both(&mut Fields::of(&row))).transpose()
    }

    async fn api_key_by_hash(
        &mut self,
        hash: &ApiKeyHash,
    ) -> Result<Option<(ApiKey, Administrator)>, StoreError> {
        let row = self
            .row(query(BY_HASH).bind(hash.as_str().to_owned()))
            .await?;
        row.map(|row| read_both(&mut Fields::of(&row))).transpose()
    }
}

#[async_trait]
impl WriteApiKeys for Unit {
    async fn insert_api_key(&mut self, key: &ApiKey, hash: &ApiKeyHash) -> Result<(), StoreError> {
        let scopes: Vec<_> = key.scopes.iter().map(|scope| scope.as_str()).collect();
        let statement = query(INSERT)
            .bind(key.id.to_string())
            .bind(key.name.clone())
            .bind(key.owner.to_string())
            .bind(key.hint.clone())
            .bind(json(&scopes)?)
            .bind(millis(key.created_at))
            .bind(key.expires_at.map(millis))
            .bind(key.last_used_at.map(millis))
            .bind(hash.as_str().to_owned());
        self.execute(statement).await?;
        Ok(())
    }

    async fn touch_api_key(&mut self, id: ApiKeyId, at: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(TOUCH).bind(id.to_string()).bind(millis(at)))
            .await?;
        Ok(())
    }

    async fn delete_api_key(&mut self, id: ApiKeyId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }
}
