//! Phones that approve sign-ins, and the questions to them.

use async_trait::async_trait;
use jetway_identity::factors::Phone;
use jetway_identity::sessions::TokenHash;
use jetway_identity::sessions::push::{PushChallenge, PushState};
use jetway_identity::store::{ReadPush, WritePush};
use jetway_identity::{PhoneId, PushId, StoreError, UserId, Via};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

macro_rules! phones {
    () => {
        "SELECT p.id, p.user_id, p.name, p.created_at, p.last_used_at FROM phones p "
    };
}
macro_rules! pushes {
    () => {
        "SELECT q.id, q.sign_in_hash, q.user_id, q.number, q.choices, q.created_at, q.expires_at, \
         q.state, q.via, q.application, q.ip, q.user_agent FROM pushes q "
    };
}

statements! {
    OF_USER = concat!(phones!(), "WHERE p.user_id = $1 ORDER BY p.id");
    BY_SECRET = concat!(phones!(), "WHERE p.secret_hash = $1");
    INSERT_PHONE = "INSERT INTO phones (id, user_id, name, secret_hash, created_at) \
                    VALUES ($1, $2, $3, $4, $5)";
    DELETE_PHONE = "DELETE FROM phones WHERE user_id = $1 AND id = $2";
    DELETE_PHONES = "DELETE FROM phones WHERE user_id = $1";
    NOTE_USE = "UPDATE phones SET last_used_at = $2 WHERE id = $1";
    PUSH = concat!(pushes!(), "WHERE q.id = $1");
    NEWEST = concat!(pushes!(), "WHERE q.user_id = $1 ORDER BY q.created_at DESC, q.id DESC LIMIT 1");
    INSERT_PUSH = "INSERT INTO pushes (id, sign_in_hash, user_id, number, choices, created_at, \
                   expires_at, state, via, application, ip, user_agent) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE_PUSH = "UPDATE pushes SET state = $2 WHERE id = $1";
    DELETE_PUSH = "DELETE FROM pushes WHERE id = $1";
    PRUNE = "DELETE FROM pushes WHERE expires_at < $1";
}

fn read_phone(row: &AnyRow) -> Result<Phone, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Phone {
        id: fields.parsed()?,
        user: fields.parsed()?,
        name: fields.text()?,
        created_at: fields.time()?,
        last_used_at: fields.optional_time()?,
    })
}

fn read_push(row: &AnyRow) -> Result<PushChallenge, StoreError> {
    let mut fields = Fields::of(row);
    Ok(PushChallenge {
        id: fields.parsed()?,
        sign_in: fields.parsed()?,
        user: fields.parsed()?,
        number: {
            let number = fields.integer()?;
            u8::try_from(number).map_err(|error| fields.unreadable(&error))?
        },
        choices: fields.json()?,
        created_at: fields.time()?,
        expires_at: fields.time()?,
        state: fields.word(PushState::from_name)?,
        via: fields.word(Via::from_name)?,
        application: fields.optional_text()?,
        ip: fields.optional_parsed()?,
        user_agent: fields.optional_text()?,
    })
}

#[async_trait]
impl ReadPush for Unit {
    async fn phones(&mut self, user: UserId) -> Result<Vec<Phone>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        rows.iter().map(read_phone).collect()
    }

    async fn phone_by_secret(&mut self, secret: &TokenHash) -> Result<Option<Phone>, StoreError> {
        let statement = query(BY_SECRET).bind(secret.as_str().to_owned());
        self.row(statement)
            .await?
            .as_ref()
            .map(read_phone)
            .transpose()
    }

    async fn push(&mut self, id: PushId) -> Result<Option<PushChallenge>, StoreError> {
        let row = self.row(query(PUSH).bind(id.to_string())).await?;
        row.as_ref().map(read_push).transpose()
    }

    async fn newest_push(&mut self, user: UserId) -> Result<Option<PushChallenge>, StoreError> {
        let row = self.row(query(NEWEST).bind(user.to_string())).await?;
        row.as_ref().map(read_push).transpose()
    }
}

#[async_trait]
impl WritePush for Unit {
    async fn insert_phone(&mut self, phone: &Phone, secret: &TokenHash) -> Result<(), StoreError> {
        let statement = query(INSERT_PHONE)
            .bind(phone.id.to_string())
            .bind(phone.user.to_string())
            .bind(phone.name.clone())
            .bind(secret.as_str().to_owned())
            .bind(millis(phone.created_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_phone(&mut self, user: UserId, id: PhoneId) -> Result<bool, StoreError> {
        let statement = query(DELETE_PHONE)
            .bind(user.to_string())
            .bind(id.to_string());
        Ok(self.execute(statement).await? > 0)
    }

    async fn delete_phones_of(&mut self, user: UserId) -> Result<u64, StoreError> {
        self.execute(query(DELETE_PHONES).bind(user.to_string()))
            .await
    }

    async fn note_phone_use(&mut self, id: PhoneId, at: OffsetDateTime) -> Result<(), StoreError> {
        let statement = query(NOTE_USE).bind(id.to_string()).bind(millis(at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn insert_push(&mut self, challenge: &PushChallenge) -> Result<(), StoreError> {
        let statement = query(INSERT_PUSH)
            .bind(challenge.id.to_string())
            .bind(challenge.sign_in.as_str().to_owned())
            .bind(challenge.user.to_string())
            .bind(i64::from(challenge.number))
            .bind(json(&challenge.choices)?)
            .bind(millis(challenge.created_at))
            .bind(millis(challenge.expires_at))
            .bind(challenge.state.as_str())
            .bind(challenge.via.as_str())
            .bind(challenge.application.clone())
            .bind(challenge.ip.map(|ip| ip.to_string()))
            .bind(challenge.user_agent.clone());
        self.execute(statement).await?;
        Ok(())
    }

    async fn update_push(&mut self, challenge: &PushChallenge) -> Result<(), StoreError> {
        let statement = query(UPDATE_PUSH)
            .bind(challenge.id.to_string())
            .bind(challenge.state.as_str());
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_push(&mut self, id: PushId) -> Result<(), StoreError> {
        self.execute(query(DELETE_PUSH).bind(id.to_string()))
            .await?;
        Ok(())
    }

    async fn prune_pushes(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(before))).await?;
        Ok(())
    }
}
