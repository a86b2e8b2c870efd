//! People.

use async_trait::async_trait;
use jetway_identity::passwords::PasswordHash;
use jetway_identity::store::{Credential, ReadUsers, WriteUsers};
use jetway_identity::{StoreError, User, UserId, UserState, email};
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_user`] takes.
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.username, u.first_name, u.last_name, u.display_name, u.state, \
         u.attributes, u.password_changed_at, u.created_at"
    };
}
pub(crate) use user_columns;

statements! {
    BY_ID = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.id = $1");
    BY_EMAIL = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.email_key = $1");
    CREDENTIAL = concat!(
        "SELECT ", user_columns!(), ", u.password_hash FROM users u WHERE u.email_key = $1"
    );
    PASSWORD_HASH = "SELECT password_hash FROM users WHERE id = $1";
    INSERT = "INSERT INTO users (id, email, email_key, username, username_key, first_name, \
              last_name, display_name, state, attributes, password_hash, password_changed_at, \
              created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    SET_STATE = "UPDATE users SET state = $2 WHERE id = $1";
    SET_PASSWORD_HASH =
        "UPDATE users SET password_hash = $2, password_changed_at = $3 WHERE id = $1";
}

pub(crate) fn read_user(fields: &mut Fields<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: fields.parsed()?,
        email: fields.text()?,
        username: fields.text()?,
        first_name: fields.text()?,
        last_name: fields.text()?,
        display_name: fields.text()?,
        state: fields.word(UserState::from_name)?,
        attributes: fields.map()?,
        password_changed_at: fields.optional_time()?,
        created_at: fields.time()?,
    })
}

#[async_trait]
impl ReadUsers for Unit {
    async fn user(&mut self, id: UserId) -> Result<Option<User>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_user(&mut Fields::of(&row))).transpose()
    }

    async fn user_by_email(&mut self, email: &str) -> Result<Option<User>, StoreError> {
        let row = self.row(query(BY_EMAIL).bind(email::key(email))).await?;
        row.map(|row| read_user(&mut Fields::of(&row))).transpose()
    }

    async fn credential(&mut self, email: &str) -> Result<Option<Credential>, StoreError> {
        let row = self.row(query(CREDENTIAL).bind(email::key(email))).await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            let user = read_user(&mut fields)?;
            Ok(Credential {
                user,
                password_hash: fields.optional_parsed()?,
            })
        })
        .transpose()
    }

    async fn password_hash(&mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError> {
        let row = self.row(query(PASSWORD_HASH).bind(id.to_string())).await?;
        row.map_or(Ok(None), |row| Fields::of(&row).optional_parsed())
    }
}

#[async_trait]
impl WriteUsers for Unit {
    async fn insert_user(
        &mut self,
        user: &User,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(user.id.to_string())
            .bind(user.email.clone())
            .bind(email::key(&user.email))
            .bind(user.username.clone())
            .bind(user.username.to_lowercase())
            .bind(user.first_name.clone())
            .bind(user.last_name.clone())
            .bind(user.display_name.clone())
            .bind(user.state.as_str())
            .bind(json(&user.attributes)?)
            .bind(password.map(ToString::to_string))
            .bind(user.password_changed_at.map(millis))
            .bind(millis(user.created_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn set_user_state(&mut self, id: UserId, state: UserState) -> Result<(), StoreError> {
        self.execute(query(SET_STATE).bind(id.to_string()).bind(state.as_str()))
            .await?;
        Ok(())
    }

    async fn set_password_hash(
        &mut self,
        id: UserId,
        hash: &PasswordHash,
        changed_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(SET_PASSWORD_HASH)
            .bind(id.to_string())
            .bind(hash.to_string())
            .bind(millis(changed_at));
        self.execute(statement).await?;
        Ok(())
    }
}
