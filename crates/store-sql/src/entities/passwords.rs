//! What is kept of passwords beside the present hash.

use async_trait::async_trait;
use jetway_identity::passwords::PasswordHash;
use jetway_identity::store::{ReadPasswords, WritePasswords};
use jetway_identity::{StoreError, UserId};
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    HISTORY = "SELECT password_hash FROM password_history WHERE user_id = $1 \
               ORDER BY replaced_at DESC LIMIT $2";
    CHANGE_REQUIRED = "SELECT password_change_required FROM users WHERE id = $1";
    ADD = "INSERT INTO password_history (user_id, replaced_at, password_hash) \
           VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    TRIM = "DELETE FROM password_history WHERE user_id = $1 AND replaced_at NOT IN \
            (SELECT replaced_at FROM password_history WHERE user_id = $1 \
             ORDER BY replaced_at DESC LIMIT $2)";
    SET_CHANGE_REQUIRED = "UPDATE users SET password_change_required = $2 WHERE id = $1";
}

#[async_trait]
impl ReadPasswords for Unit {
    async fn password_history(
        &mut self,
        user: UserId,
        limit: u32,
    ) -> Result<Vec<PasswordHash>, StoreError> {
        let statement = query(HISTORY).bind(user.to_string()).bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn password_change_required(&mut self, user: UserId) -> Result<bool, StoreError> {
        let row = self
            .row(query(CHANGE_REQUIRED).bind(user.to_string()))
            .await?;
        row.map_or(Ok(false), |row| Fields::of(&row).flag())
    }
}

#[async_trait]
impl WritePasswords for Unit {
    async fn add_to_password_history(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        replaced_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(ADD)
            .bind(user.to_string())
            .bind(millis(replaced_at))
            .bind(hash.to_string());
        self.execute(statement).await?;
        Ok(())
    }

    async fn trim_password_history(&mut self, user: UserId, keep: u32) -> Result<(), StoreError> {
        self.execute(query(TRIM).bind(user.to_string()).bind(i64::from(keep)))
            .await?;
        Ok(())
    }

    async fn set_password_change_required(
        &mut self,
        user: UserId,
        required: bool,
    ) -> Result<(), StoreError> {
        let statement = query(SET_CHANGE_REQUIRED)
            .bind(user.to_string())
            .bind(i64::from(required));
        self.execute(statement).await?;
        Ok(())
    }
}
