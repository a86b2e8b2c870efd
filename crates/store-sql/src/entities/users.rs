//! People.

use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use jetway_identity::passwords::PasswordHash;
use jetway_identity::store::{Credential, ReadUsers, WriteUsers};
use jetway_identity::users::{
    CreationMethod, Matches, PublicKey, StateSchedule, UserCounts, UserQuery, search,
};
use jetway_identity::{PublicKeyId, ScheduleId, StoreError, User, UserId, UserState, email};
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::{user_list, user_words};
use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The columns that [`read_user`] takes.
macro_rules! user_columns {
    () => {
        "u.id, u.email, u.username, u.first_name, u.last_name, u.display_name, u.state, \
         u.attributes, u.custom_attributes, u.password_changed_at, u.password_never_expires, \
         u.version, u.updated_at, u.created_at, u.last_sign_in_at, u.created_by"
    };
}
pub(crate) use user_columns;

statements! {
    BY_ID = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.id = $1");
    BY_EMAIL = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.email_key = $1");
    BY_USERNAME = concat!("SELECT ", user_columns!(), " FROM users u WHERE u.username_key = $1");
    CREDENTIAL = concat!(
        "SELECT ", user_columns!(), ", u.password_hash FROM users u WHERE u.email_key = $1"
    );
    PASSWORD_HASH = "SELECT password_hash FROM users WHERE id = $1";
    INSERT = "INSERT INTO users (id, email, username, first_name, last_name, display_name, state, \
              attributes, custom_attributes, password_changed_at, password_never_expires, \
              version, updated_at, created_at, last_sign_in_at, created_by, email_key, \
              username_key, name_sort, email_sort, username_sort, indexed_by, password_hash) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, \
              $17, $18, $19, $20, $21, $22, $23)";
    UPDATE = "UPDATE users SET email = $2, username = $3, first_name = $4, last_name = $5, \
              display_name = $6, state = $7, attributes = $8, custom_attributes = $9, \
              password_changed_at = $10, password_never_expires = $11, version = $12, \
              updated_at = $13, created_at = $14, last_sign_in_at = $15, created_by = $16, \
              email_key = $17, username_key = $18, name_sort = $19, email_sort = $20, \
              username_sort = $21, indexed_by = $22 WHERE id = $1";
    DELETE = "DELETE FROM users WHERE id = $1";
    STATE = "SELECT state FROM users WHERE id = $1";
    SET_STATE = "UPDATE users SET state = $2, version = version + 1, updated_at = $3 \
                 WHERE id = $1";
    SET_PASSWORD_HASH =
        "UPDATE users SET password_hash = $2, password_changed_at = $3 WHERE id = $1";
    NOTE_SIGN_IN = "UPDATE users SET last_sign_in_at = $2 WHERE id = $1";
    COUNTS = "SELECT state, users FROM user_counters";
    COUNT = "UPDATE user_counters SET users = users + $2 WHERE state = $1";
    NOT_INDEXED = concat!(
        "SELECT ", user_columns!(), " FROM users u WHERE u.indexed_by = 0 ORDER BY u.id LIMIT $1"
    );
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
        custom_attributes: fields.custom_attributes()?,
        password_changed_at: fields.optional_time()?,
        password_never_expires: fields.flag()?,
        version: fields.integer()?,
        updated_at: fields.time()?,
        created_at: fields.time()?,
        last_sign_in_at: fields.optional_time()?,
        created_by: fields.word(CreationMethod::from_name)?,
    })
}

/// The parameters of [`INSERT`] and [`UPDATE`] but for the password hash.
fn bind(statement: Statement, user: &User) -> Result<Statement, StoreError> {
    Ok(statement
        .bind(user.id.to_string())
        .bind(user.email.clone())
        .bind(user.username.clone())
        .bind(user.first_name.clone())
        .bind(user.last_name.clone())
        .bind(user.display_name.clone())
        .bind(user.state.as_str())
        .bind(json(&user.attributes)?)
        .bind(json(&user.custom_attributes)?)
        .bind(user.password_changed_at.map(millis))
        .bind(i64::from(user.password_never_expires))
        .bind(user.version)
        .bind(millis(user.updated_at))
        .bind(millis(user.created_at))
        .bind(user.last_sign_in_at.map(millis))
        .bind(user.created_by.as_str())
        .bind(email::key(&user.email))
        .bind(user.username.to_lowercase())
        .bind(search::sort_key(&user.label()))
        .bind(search::sort_key(&user.email))
        .bind(search::sort_key(&user.username))
        .bind(search::RULES))
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

    async fn user_by_username(&mut self, username: &str) -> Result<Option<User>, StoreError> {
        let key = username.trim().to_lowercase();
        let row = self.row(query(BY_USERNAME).bind(key)).await?;
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

    async fn users(&mut self, query: &UserQuery) -> Result<(Vec<User>, Matches), StoreError> {
        user_list::users(self, query).await
    }

    async fn user_counts(&mut self) -> Result<UserCounts, StoreError> {
        let mut counts = UserCounts::default();
        for row in self.rows(query(COUNTS)).await? {
            let mut fields = Fields::of(&row);
            let state = fields.word(UserState::from_name)?;
            let users = u64::try_from(fields.integer()?).unwrap_or(0);
            *match state {
                UserState::Staged => &mut counts.staged,
                UserState::Active => &mut counts.active,
                UserState::Suspended => &mut counts.suspended,
            } = users;
        }
        Ok(counts)
    }

    async fn taken(
        &mut self,
        emails: &[String],
        usernames: &[String],
    ) -> Result<(HashSet<String>, HashSet<String>), StoreError> {
        let emails = self.emails_taken(emails).await?;
        Ok((emails, self.usernames_taken(usernames).await?))
    }

    async fn custom_attribute_names(
        &mut self,
    ) -> Result<BTreeSet<(String, &'static str)>, StoreError> {
        self.custom_names().await
    }

    async fn public_keys_of(&mut self, user: UserId) -> Result<Vec<PublicKey>, StoreError> {
        self.public_keys(user).await
    }

    async fn schedules_of(&mut self, user: UserId) -> Result<Vec<StateSchedule>, StoreError> {
        self.schedules(user).await
    }

    async fn schedules_among(
        &mut self,
        users: &[UserId],
    ) -> Result<Vec<StateSchedule>, StoreError> {
        Unit::schedules_among(self, users).await
    }

    async fn due_schedules(
        &mut self,
        now: OffsetDateTime,
        limit: u32,
    ) -> Result<Vec<StateSchedule>, StoreError> {
        self.schedules_due(now, limit).await
    }

    async fn password_hash(&mut self, id: UserId) -> Result<Option<PasswordHash>, StoreError> {
        let row = self.row(query(PASSWORD_HASH).bind(id.to_string())).await?;
        row.map_or(Ok(None), |row| Fields::of(&row).optional_parsed())
    }
}

impl Unit {
    /// The counters are changed before and after the user, in the same transaction.
    async fn count(&mut self, state: UserState, difference: i64) -> Result<(), StoreError> {
        let statement = query(COUNT).bind(state.as_str()).bind(difference);
        self.execute(statement).await?;
        Ok(())
    }

    async fn state_of(&mut self, id: UserId) -> Result<Option<UserState>, StoreError> {
        let row = self.row(query(STATE).bind(id.to_string())).await?;
        row.map(|row| Fields::of(&row).word(UserState::from_name))
            .transpose()
    }

    async fn count_move(
        &mut self,
        from: Option<UserState>,
        to: Option<UserState>,
    ) -> Result<(), StoreError> {
        if from == to {
            return Ok(());
        }
        if let Some(from) = from {
            self.count(from, -1).await?;
        }
        if let Some(to) = to {
            self.count(to, 1).await?;
        }
        Ok(())
    }

    /// Up to `limit` people whose words were never made: they come from an older version.
    pub(crate) async fn users_not_indexed(&mut self, limit: i64) -> Result<Vec<User>, StoreError> {
        let rows = self.rows(query(NOT_INDEXED).bind(limit)).await?;
        rows.iter()
            .map(|row| read_user(&mut Fields::of(row)))
            .collect()
    }
}

#[async_trait]
impl WriteUsers for Unit {
    async fn insert_user(
        &mut self,
        user: &User,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError> {
        let statement = bind(query(INSERT), user)?.bind(password.map(ToString::to_string));
        self.execute(statement).await?;
        user_words::insert(self, user).await?;
        self.count(user.state, 1).await
    }

    async fn update_user(&mut self, user: &User) -> Result<(), StoreError> {
        let before = self.state_of(user.id).await?.ok_or(StoreError::Missing)?;
        self.execute(bind(query(UPDATE), user)?).await?;
        self.count_move(Some(before), Some(user.state)).await?;
        user_words::replace(self, user).await
    }

    async fn delete_user(&mut self, id: UserId) -> Result<(), StoreError> {
        let before = self.state_of(id).await?;
        self.forget_factors(id.into()).await?;
        self.execute(query(DELETE).bind(id.to_string())).await?;
        self.count_move(before, None).await
    }

    async fn set_user_state(
        &mut self,
        id: UserId,
        state: UserState,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let before = self.state_of(id).await?.ok_or(StoreError::Missing)?;
        let statement = query(SET_STATE)
            .bind(id.to_string())
            .bind(state.as_str())
            .bind(millis(at));
        self.execute(statement).await?;
        self.count_move(Some(before), Some(state)).await
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

    async fn insert_public_key(&mut self, key: &PublicKey) -> Result<(), StoreError> {
        self.add_key(key).await
    }

    async fn delete_public_key(&mut self, id: PublicKeyId) -> Result<(), StoreError> {
        self.remove_key(id).await
    }

    async fn insert_schedule(&mut self, schedule: &StateSchedule) -> Result<(), StoreError> {
        self.add_schedule(schedule).await
    }

    async fn delete_schedule(&mut self, id: ScheduleId) -> Result<(), StoreError> {
        self.remove_schedule(id).await
    }

    async fn note_sign_in(&mut self, id: UserId, at: OffsetDateTime) -> Result<(), StoreError> {
        let statement = query(NOTE_SIGN_IN).bind(id.to_string()).bind(millis(at));
        self.execute(statement).await?;
        Ok(())
    }
}
