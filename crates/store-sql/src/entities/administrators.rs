//! Administrators and their sessions.

use async_trait::async_trait;
use jetway_identity::passwords::PasswordHash;
use jetway_identity::sessions::TokenHash;
use jetway_identity::store::{ReadAdministrators, WriteAdministrators};
use jetway_identity::{
    Administrator, AdministratorId, AdministratorSession, AdministratorState, Role, SessionId,
    SignInMethod, StoreError, email,
};
use sqlx::query;
use time::{Duration, OffsetDateTime};

use crate::entities::factors;
use crate::entities::sessions::read_proved_factor;
use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_administrator`] takes.
macro_rules! administrator_columns {
    () => {
        "m.id, m.email, m.name, m.role, m.state, m.password_changed_at, m.last_sign_in_at, \
         m.version, m.created_at"
    };
}
pub(crate) use administrator_columns;

/// The columns that [`read_session`] takes.
macro_rules! session_columns {
    () => {
        "s.id, s.administrator_id, s.created_at, s.last_seen_at, s.idle_limit, s.expires_at, \
         s.ip, s.user_agent, s.method, \
         COALESCE(s.proved_at, s.created_at), s.factor, s.factor_at"
    };
}

statements! {
    LIST = concat!(
        "SELECT ", administrator_columns!(), " FROM administrators m ORDER BY m.email_key"
    );
    BY_ID = concat!("SELECT ", administrator_columns!(), " FROM administrators m WHERE m.id = $1");
    CREDENTIAL = concat!(
        "SELECT ", administrator_columns!(),
        ", m.password_hash FROM administrators m WHERE m.email_key = $1"
    );
    OTHER_FULL = "SELECT COUNT(*) FROM administrators WHERE role = 'full' AND state = 'active' \
                  AND (password_hash IS NOT NULL OR last_sign_in_at IS NOT NULL) AND id <> $1 \
                  AND id NOT IN (SELECT administrator_id FROM break_glass_accounts)";
    INSERT = "INSERT INTO administrators (id, email, email_key, name, role, state, password_hash, \
              password_changed_at, last_sign_in_at, version, created_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    PUT = "UPDATE administrators SET name = $2, role = $3, state = $4, version = $5 WHERE id = $1";
    SET_PASSWORD =
        "UPDATE administrators SET password_hash = $2, password_changed_at = $3 WHERE id = $1";
    NOTE_SIGN_IN = "UPDATE administrators SET last_sign_in_at = $2 WHERE id = $1";
    DELETE = "DELETE FROM administrators WHERE id = $1";
    SESSION = concat!(
        "SELECT ", session_columns!(), ", ", administrator_columns!(),
        " FROM administrator_sessions s JOIN administrators m ON m.id = s.administrator_id \
         WHERE s.token_hash = $1"
    );
    SESSIONS = concat!(
        "SELECT ", session_columns!(),
        " FROM administrator_sessions s WHERE s.administrator_id = $1 ORDER BY s.id"
    );
    INSERT_SESSION = "INSERT INTO administrator_sessions (id, administrator_id, created_at, \
                      last_seen_at, idle_limit, expires_at, ip, user_agent, method, token_hash, \
                      proved_at, factor, factor_at) \
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    TOUCH = "UPDATE administrator_sessions SET last_seen_at = $2 \
             WHERE id = $1 AND last_seen_at < $2";
    DELETE_SESSION = "DELETE FROM administrator_sessions WHERE id = $1";
    DELETE_SESSIONS = "DELETE FROM administrator_sessions WHERE administrator_id = $1 AND id <> $2";
    PRUNE = "DELETE FROM administrator_sessions WHERE expires_at < $1";
}

pub(crate) fn read_administrator(fields: &mut Fields<'_>) -> Result<Administrator, StoreError> {
    Ok(Administrator {
        id: fields.parsed()?,
        email: fields.text()?,
        name: fields.text()?,
        role: fields.word(Role::from_name)?,
        state: fields.word(AdministratorState::from_name)?,
        password_changed_at: fields.optional_time()?,
        last_sign_in_at: fields.optional_time()?,
        version: fields.integer()?,
        created_at: fields.time()?,
    })
}

fn read_session(fields: &mut Fields<'_>) -> Result<AdministratorSession, StoreError> {
    Ok(AdministratorSession {
        id: fields.parsed()?,
        administrator: fields.parsed()?,
        created_at: fields.time()?,
        last_seen_at: fields.time()?,
        idle_limit: Duration::milliseconds(fields.integer()?),
        expires_at: fields.time()?,
        ip: fields.optional_parsed()?,
        user_agent: fields.optional_text()?,
        method: fields.word(SignInMethod::from_name)?,
        proved_at: fields.time()?,
        factor: read_proved_factor(fields)?,
    })
}

#[async_trait]
impl ReadAdministrators for Unit {
    async fn administrators(&mut self) -> Result<Vec<Administrator>, StoreError> {
        let rows = self.rows(query(LIST)).await?;
        rows.iter()
            .map(|row| read_administrator(&mut Fields::of(row)))
            .collect()
    }

    async fn administrator(
        &mut self,
        id: AdministratorId,
    ) -> Result<Option<Administrator>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.map(|row| read_administrator(&mut Fields::of(&row)))
            .transpose()
    }

    async fn administrator_credential(
        &mut self,
        address: &str,
    ) -> Result<Option<(Administrator, Option<PasswordHash>)>, StoreError> {
        let row = self
            .row(query(CREDENTIAL).bind(email::key(address)))
            .await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok((read_administrator(&mut fields)?, fields.optional_parsed()?))
        })
        .transpose()
    }

    async fn other_full_administrators(
        &mut self,
        except: AdministratorId,
    ) -> Result<u64, StoreError> {
        let row = self.row(query(OTHER_FULL).bind(except.to_string())).await?;
        let count = row.map_or(Ok(0), |row| Fields::of(&row).integer())?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    async fn administrator_session(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<(AdministratorSession, Administrator)>, StoreError> {
        let row = self
            .row(query(SESSION).bind(token.as_str().to_owned()))
            .await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok((read_session(&mut fields)?, read_administrator(&mut fields)?))
        })
        .transpose()
    }

    async fn administrator_sessions(
        &mut self,
        id: AdministratorId,
    ) -> Result<Vec<AdministratorSession>, StoreError> {
        let rows = self.rows(query(SESSIONS).bind(id.to_string())).await?;
        rows.iter()
            .map(|row| read_session(&mut Fields::of(row)))
            .collect()
    }
}

#[async_trait]
impl WriteAdministrators for Unit {
    async fn insert_administrator(
        &mut self,
        administrator: &Administrator,
        password: Option<&PasswordHash>,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(administrator.id.to_string())
            .bind(administrator.email.clone())
            .bind(email::key(&administrator.email))
            .bind(administrator.name.clone())
            .bind(administrator.role.as_str())
            .bind(administrator.state.as_str())
            .bind(password.map(ToString::to_string))
            .bind(administrator.password_changed_at.map(millis))
            .bind(administrator.last_sign_in_at.map(millis))
            .bind(administrator.version)
            .bind(millis(administrator.created_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_administrator(&mut self, administrator: &Administrator) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(administrator.id.to_string())
            .bind(administrator.name.clone())
            .bind(administrator.role.as_str())
            .bind(administrator.state.as_str())
            .bind(administrator.version);
        self.execute(statement).await?;
        Ok(())
    }

    async fn set_administrator_password(
        &mut self,
        id: AdministratorId,
        hash: &PasswordHash,
        changed_at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(SET_PASSWORD)
            .bind(id.to_string())
            .bind(hash.to_string())
            .bind(millis(changed_at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn note_administrator_sign_in(
        &mut self,
        id: AdministratorId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(NOTE_SIGN_IN).bind(id.to_string()).bind(millis(at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_administrator(&mut self, id: AdministratorId) -> Result<(), StoreError> {
        self.forget_factors(id.into()).await?;
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }

    async fn insert_administrator_session(
        &mut self,
        session: &AdministratorSession,
        token: &TokenHash,
    ) -> Result<(), StoreError> {
        let idle_limit = i64::try_from(session.idle_limit.whole_milliseconds());
        let statement = query(INSERT_SESSION)
            .bind(session.id.to_string())
            .bind(session.administrator.to_string())
            .bind(millis(session.created_at))
            .bind(millis(session.last_seen_at))
            .bind(idle_limit.unwrap_or(0))
            .bind(millis(session.expires_at))
            .bind(session.ip.map(|ip| ip.to_string()))
            .bind(session.user_agent.clone())
            .bind(session.method.as_str())
            .bind(token.as_str().to_owned())
            .bind(millis(session.proved_at))
            .bind(session.factor.map(|factor| factor.kind.as_str()))
            .bind(session.factor.map(|factor| millis(factor.at)));
        self.execute(statement).await?;
        Ok(())
    }

    async fn touch_administrator_session(
        &mut self,
        id: SessionId,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.execute(query(TOUCH).bind(id.to_string()).bind(millis(at)))
            .await?;
        Ok(())
    }

    async fn delete_administrator_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        self.execute(query(DELETE_SESSION).bind(id.to_string()))
            .await?;
        Ok(())
    }

    async fn delete_administrator_sessions(
        &mut self,
        id: AdministratorId,
        keep: Option<SessionId>,
    ) -> Result<u64, StoreError> {
        let pending = query(factors::DELETE_PENDING_OF).bind(id.to_string());
        self.execute(pending).await?;
        // No id is empty.
        let keep = keep.map(|id| id.to_string()).unwrap_or_default();
        self.execute(query(DELETE_SESSIONS).bind(id.to_string()).bind(keep))
            .await
    }

    async fn prune_administrator_sessions(
        &mut self,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(now))).await?;
        Ok(())
    }
}
