//! Public keys of people.

use jetway_identity::users::PublicKey;
use jetway_identity::{PublicKeyId, StoreError, UserId};
use sqlx::query;

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    OF_USER = "SELECT id, user_id, name, algorithm, public_key, fingerprint, created_at \
               FROM user_public_keys WHERE user_id = $1 ORDER BY id";
    INSERT = "INSERT INTO user_public_keys (id, user_id, name, algorithm, public_key, \
              fingerprint, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DELETE = "DELETE FROM user_public_keys WHERE id = $1";
}

impl Unit {
    pub(crate) async fn public_keys(&mut self, user: UserId) -> Result<Vec<PublicKey>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        let keys = rows.iter().map(|row| {
            let mut fields = Fields::of(row);
            Ok(PublicKey {
                id: fields.parsed()?,
                user: fields.parsed()?,
                name: fields.text()?,
                algorithm: fields.text()?,
                public_key: fields.text()?,
                fingerprint: fields.text()?,
                created_at: fields.time()?,
            })
        });
        keys.collect()
    }

    pub(crate) async fn add_key(&mut self, key: &PublicKey) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(key.id.to_string())
            .bind(key.user.to_string())
            .bind(key.name.clone())
            .bind(key.algorithm.clone())
            .bind(key.public_key.clone())
            .bind(key.fingerprint.clone())
            .bind(millis(key.created_at));
        self.execute(statement).await.map(drop)
    }

    pub(crate) async fn remove_key(&mut self, id: PublicKeyId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string()))
            .await
            .map(drop)
    }
}
