//! Command lines that wait for their person.

use async_trait::async_trait;
use jetway_identity::StoreError;
use jetway_identity::sessions::TokenHash;
use jetway_identity::sessions::device::{DeviceAnswer, DeviceSignIn, UserCode};
use jetway_identity::store::{ReadDeviceSignIns, WriteDeviceSignIns};
use sqlx::any::AnyRow;
use sqlx::query;
use time::{Duration, OffsetDateTime};

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

macro_rules! columns {
    () => {
        "SELECT d.device_code_hash, d.created_at, d.expires_at, d.machine, d.ip, d.user_agent, \
         d.poll_interval, d.polled_at, d.user_id, d.answer, d.session_id FROM device_sign_ins d "
    };
}

statements! {
    BY_DEVICE_CODE = concat!(columns!(), "WHERE d.device_code_hash = $1");
    BY_USER_CODE = concat!(columns!(), "WHERE d.user_code_hash = $1");
    INSERT = "INSERT INTO device_sign_ins (device_code_hash, user_code_hash, created_at, \
              expires_at, machine, ip, user_agent, poll_interval) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE = "UPDATE device_sign_ins SET poll_interval = $2, polled_at = $3, user_id = $4, \
              answer = $5, session_id = $6 WHERE device_code_hash = $1";
    DELETE = "DELETE FROM device_sign_ins WHERE device_code_hash = $1";
    PRUNE = "DELETE FROM device_sign_ins WHERE expires_at < $1";
}

const APPROVED: &str = "approved";
const DENIED: &str = "denied";

fn read(row: &AnyRow) -> Result<DeviceSignIn, StoreError> {
    let mut fields = Fields::of(row);
    Ok(DeviceSignIn {
        device_code: fields.parsed()?,
        created_at: fields.time()?,
        expires_at: fields.time()?,
        machine: fields.text()?,
        ip: fields.optional_parsed()?,
        user_agent: fields.optional_text()?,
        interval: Duration::milliseconds(fields.integer()?),
        polled_at: fields.optional_time()?,
        user: fields.optional_parsed()?,
        answer: read_answer(&mut fields)?,
    })
}

fn read_answer(fields: &mut Fields<'_>) -> Result<DeviceAnswer, StoreError> {
    let answer = fields.optional_text()?;
    let session = fields.optional_parsed()?;
    match (answer.as_deref(), session) {
        (None, None) => Ok(DeviceAnswer::Waiting),
        (Some(APPROVED), Some(session)) => Ok(DeviceAnswer::Approved(session)),
        (Some(DENIED), None) => Ok(DeviceAnswer::Denied),
        other => Err(fields.unreadable(&format_args!("no answer: {other:?}"))),
    }
}

fn milliseconds(time: Duration) -> i64 {
    i64::try_from(time.whole_milliseconds()).unwrap_or(i64::MAX)
}

#[async_trait]
impl ReadDeviceSignIns for Unit {
    async fn device_sign_in(
        &mut self,
        device_code: &TokenHash,
    ) -> Result<Option<DeviceSignIn>, StoreError> {
        let statement = query(BY_DEVICE_CODE).bind(device_code.as_str().to_owned());
        self.row(statement).await?.as_ref().map(read).transpose()
    }

    async fn device_sign_in_by_user_code(
        &mut self,
        code: &UserCode,
    ) -> Result<Option<DeviceSignIn>, StoreError> {
        let statement = query(BY_USER_CODE).bind(code.stored());
        self.row(statement).await?.as_ref().map(read).transpose()
    }
}

#[async_trait]
impl WriteDeviceSignIns for Unit {
    async fn insert_device_sign_in(
        &mut self,
        started: &DeviceSignIn,
        code: &UserCode,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(started.device_code.as_str().to_owned())
            .bind(code.stored())
            .bind(millis(started.created_at))
            .bind(millis(started.expires_at))
            .bind(started.machine.clone())
            .bind(started.ip.map(|ip| ip.to_string()))
            .bind(started.user_agent.clone())
            .bind(milliseconds(started.interval));
        self.execute(statement).await?;
        Ok(())
    }

    async fn update_device_sign_in(&mut self, changed: &DeviceSignIn) -> Result<(), StoreError> {
        let (answer, session) = match changed.answer {
            DeviceAnswer::Waiting => (None, None),
            DeviceAnswer::Approved(session) => (Some(APPROVED), Some(session.to_string())),
            DeviceAnswer::Denied => (Some(DENIED), None),
        };
        let statement = query(UPDATE)
            .bind(changed.device_code.as_str().to_owned())
            .bind(milliseconds(changed.interval))
            .bind(changed.polled_at.map(millis))
            .bind(changed.user.map(|user| user.to_string()))
            .bind(answer)
            .bind(session);
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_device_sign_in(&mut self, device_code: &TokenHash) -> Result<(), StoreError> {
        let statement = query(DELETE).bind(device_code.as_str().to_owned());
        self.execute(statement).await?;
        Ok(())
    }

    async fn prune_device_sign_ins(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(before))).await?;
        Ok(())
    }
}
