//! Sessions, the question that decides a single sign-on, and the counters of failed sign-ins.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use jetway_identity::factors::{FactorKind, FactorOwner};
use jetway_identity::sessions::{FailureKey, Failures, FirstProof, ProvedFactor, TokenHash};
use jetway_identity::store::{ReadSessions, SsoApplication, SsoSubject, WriteSessions};
use jetway_identity::{Session, SessionId, StoreError, User, UserId, Via};
use sqlx::query;
use time::{Duration, OffsetDateTime};

use crate::entities::among::with_list;
use crate::entities::applications::{application_columns, is_assigned};
use crate::entities::factors;
use crate::entities::users::{read_user, user_columns};
use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::{Statement, Unit};

/// The columns that [`read_session`] takes.
macro_rules! session_columns {
    () => {
        "s.id, s.user_id, s.created_at, s.last_seen_at, s.expires_at, s.idle_limit, s.ip, \
         s.user_agent, s.via, COALESCE(s.proved_at, s.created_at), s.factor, s.factor_at, s.device_known, \
         s.first_proof"
    };
}

statements! {
    BY_TOKEN = concat!(
        "SELECT ", session_columns!(), ", ", user_columns!(),
        " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1"
    );
    SSO_SUBJECT = concat!(
        "SELECT ", session_columns!(), ", ", user_columns!(),
        ", CAST(CASE WHEN ", is_assigned!(), " THEN 1 ELSE 0 END AS BIGINT), ",
        application_columns!(),
        " FROM sessions s JOIN users u ON u.id = s.user_id \
         LEFT JOIN applications a ON a.slug = $2 WHERE s.token_hash = $1"
    );
    OF_USER = concat!(
        "SELECT ", session_columns!(), " FROM sessions s WHERE s.user_id = $1 ORDER BY s.id"
    );
    INSERT = "INSERT INTO sessions (id, user_id, created_at, last_seen_at, expires_at, idle_limit, \
              ip, user_agent, via, token_hash, proved_at, factor, factor_at, device_known, \
              first_proof) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    KNOWN_DEVICES = "SELECT d.token_hash FROM known_devices d WHERE d.owner_id = $1";
    KNOWN_DEVICE = "SELECT 1 FROM known_devices d WHERE d.owner_id = $1 AND d.token_hash = $2";
    PUT_KNOWN_DEVICE = "INSERT INTO known_devices (owner_id, token_hash, first_seen_at, \
                        last_seen_at) VALUES ($1, $2, $3, $3) \
                        ON CONFLICT (owner_id, token_hash) DO UPDATE SET \
                        last_seen_at = excluded.last_seen_at";
    PRUNE_KNOWN_DEVICES = "DELETE FROM known_devices WHERE last_seen_at < $1";
    TOUCH = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    DELETE = "DELETE FROM sessions WHERE id = $1";
    DELETE_OF_USER = "DELETE FROM sessions WHERE user_id = $1 AND id <> $2";
    PRUNE = "DELETE FROM sessions WHERE expires_at < $1";
    FAILURES = "SELECT failures, last_at, locked_until FROM sign_in_failures WHERE email_hash = $1";
    SET_FAILURES = "INSERT INTO sign_in_failures (email_hash, failures, last_at, locked_until) \
                    VALUES ($1, $2, $3, $4) ON CONFLICT (email_hash) DO UPDATE SET \
                    failures = excluded.failures, last_at = excluded.last_at, \
                    locked_until = excluded.locked_until";
    CLEAR_FAILURES = "DELETE FROM sign_in_failures WHERE email_hash = $1";
    PRUNE_FAILURES = "DELETE FROM sign_in_failures \
                      WHERE last_at < $1 AND (failures < $2 OR last_at < $3)";
}

/// Notes a use, unless a later one is known.
pub(crate) fn touch(id: SessionId, at: OffsetDateTime) -> Statement {
    query(TOUCH).bind(id.to_string()).bind(millis(at))
}

fn read_session(fields: &mut Fields<'_>) -> Result<Session, StoreError> {
    Ok(Session {
        id: fields.parsed()?,
        user: fields.parsed()?,
        created_at: fields.time()?,
        last_seen_at: fields.time()?,
        expires_at: fields.time()?,
        idle_limit: Duration::milliseconds(fields.integer()?),
        ip: fields.optional_parsed()?,
        user_agent: fields.optional_text()?,
        via: fields.word(Via::from_name)?,
        proved_at: fields.time()?,
        factor: read_proved_factor(fields)?,
        device_known: fields.flag()?,
        first_proof: fields.word(FirstProof::from_name)?,
    })
}

/// The kind and the time.
pub(super) fn read_proved_factor(
    fields: &mut Fields<'_>,
) -> Result<Option<ProvedFactor>, StoreError> {
    let kind = fields.optional_word(FactorKind::from_name)?;
    let at = fields.optional_time()?;
    Ok(kind.zip(at).map(|(kind, at)| ProvedFactor { kind, at }))
}

static FAILURES_AMONG: LazyLock<String> = LazyLock::new(|| {
    let before = "SELECT email_hash, failures, last_at, locked_until FROM sign_in_failures \
                  WHERE email_hash IN";
    with_list(before, "")
});

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    std::iter::once(FAILURES_AMONG.as_str())
}

fn read_failures(fields: &mut Fields<'_>) -> Result<Failures, StoreError> {
    Ok(Failures {
        count: u32::try_from(fields.integer()?).unwrap_or(u32::MAX),
        last_at: fields.time()?,
        locked_until: fields.optional_time()?,
    })
}

#[async_trait]
impl ReadSessions for Unit {
    async fn session(&mut self, token: &TokenHash) -> Result<Option<(Session, User)>, StoreError> {
        let row = self
            .row(query(BY_TOKEN).bind(token.as_str().to_owned()))
            .await?;
        row.map(|row| {
            let mut fields = Fields::of(&row);
            Ok((read_session(&mut fields)?, read_user(&mut fields)?))
        })
        .transpose()
    }

    async fn known_devices(&mut self, owner: FactorOwner) -> Result<Vec<TokenHash>, StoreError> {
        let statement = query(KNOWN_DEVICES).bind(owner.to_string());
        let rows = self.rows(statement).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn is_known_device(
        &mut self,
        owner: FactorOwner,
        device: &TokenHash,
    ) -> Result<bool, StoreError> {
        let statement = query(KNOWN_DEVICE)
            .bind(owner.to_string())
            .bind(device.as_str().to_owned());
        Ok(self.row(statement).await?.is_some())
    }

    async fn sso_subject(
        &mut self,
        token: &TokenHash,
        slug: &str,
    ) -> Result<Option<Arc<SsoSubject>>, StoreError> {
        let moment = self.caches.subjects.moment();
        if let Some(known) = self.caches.subjects.find(token.as_str(), slug) {
            return Ok(Some(known));
        }
        let statement = query(SSO_SUBJECT)
            .bind(token.as_str().to_owned())
            .bind(slug.to_owned());
        let Some(row) = self.row(statement).await? else {
            return Ok(None);
        };
        let mut fields = Fields::of(&row);
        let (session, user) = (read_session(&mut fields)?, read_user(&mut fields)?);
        let assigned = fields.flag()?;
        let application = if fields.is_null()? {
            None
        } else {
            let application = self.caches.decoded.read(&mut fields)?;
            Some(SsoApplication {
                application,
                assigned,
            })
        };
        let subject = Arc::new(SsoSubject {
            session,
            user,
            application,
        });
        let subjects = &self.caches.subjects;
        subjects.keep(moment, token.as_str(), slug, &subject);
        Ok(Some(subject))
    }

    async fn sessions_of(&mut self, user: UserId) -> Result<Vec<Session>, StoreError> {
        let rows = self.rows(query(OF_USER).bind(user.to_string())).await?;
        rows.iter()
            .map(|row| read_session(&mut Fields::of(row)))
            .collect()
    }

    async fn failures(&mut self, key: &FailureKey) -> Result<Option<Failures>, StoreError> {
        let row = self
            .row(query(FAILURES).bind(key.as_str().to_owned()))
            .await?;
        row.map(|row| read_failures(&mut Fields::of(&row)))
            .transpose()
    }

    async fn failures_among(
        &mut self,
        keys: &[FailureKey],
    ) -> Result<HashMap<FailureKey, Failures>, StoreError> {
        let texts: Vec<_> = keys.iter().map(|key| key.as_str().to_owned()).collect();
        let mut found = HashMap::new();
        for row in self.rows_among(&FAILURES_AMONG, &texts).await? {
            let mut fields = Fields::of(&row);
            let text = fields.text()?;
            if let Some(key) = keys.iter().find(|key| key.as_str() == text) {
                found.insert(key.clone(), read_failures(&mut fields)?);
            }
        }
        Ok(found)
    }
}

#[async_trait]
impl WriteSessions for Unit {
    async fn insert_session(
        &mut self,
        session: &Session,
        token: &TokenHash,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(session.id.to_string())
            .bind(session.user.to_string())
            .bind(millis(session.created_at))
            .bind(millis(session.last_seen_at))
            .bind(millis(session.expires_at))
            .bind(i64::try_from(session.idle_limit.whole_milliseconds()).unwrap_or(i64::MAX))
            .bind(session.ip.map(|ip| ip.to_string()))
            .bind(session.user_agent.clone())
            .bind(session.via.as_str())
            .bind(token.as_str().to_owned())
            .bind(millis(session.proved_at))
            .bind(session.factor.map(|factor| factor.kind.as_str()))
            .bind(session.factor.map(|factor| millis(factor.at)))
            .bind(i64::from(session.device_known))
            .bind(session.first_proof.as_str());
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_known_device(
        &mut self,
        owner: FactorOwner,
        device: &TokenHash,
        now: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(PUT_KNOWN_DEVICE)
            .bind(owner.to_string())
            .bind(device.as_str().to_owned())
            .bind(millis(now));
        self.execute(statement).await?;
        Ok(())
    }

    async fn prune_known_devices(&mut self, before: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE_KNOWN_DEVICES).bind(millis(before)))
            .await?;
        Ok(())
    }

    async fn delete_session(&mut self, id: SessionId) -> Result<(), StoreError> {
        self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(())
    }

    async fn delete_sessions_of(
        &mut self,
        user: UserId,
        keep: Option<SessionId>,
    ) -> Result<u64, StoreError> {
        let pending = query(factors::DELETE_PENDING_OF).bind(user.to_string());
        self.execute(pending).await?;
        // No id is empty.
        let keep = keep.map(|id| id.to_string()).unwrap_or_default();
        self.execute(query(DELETE_OF_USER).bind(user.to_string()).bind(keep))
            .await
    }

    async fn prune_sessions(&mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE).bind(millis(now))).await?;
        Ok(())
    }

    async fn set_failures(
        &mut self,
        key: &FailureKey,
        failures: &Failures,
    ) -> Result<(), StoreError> {
        let statement = query(SET_FAILURES)
            .bind(key.as_str().to_owned())
            .bind(i64::from(failures.count))
            .bind(millis(failures.last_at))
            .bind(failures.locked_until.map(millis));
        self.execute(statement).await?;
        Ok(())
    }

    async fn clear_failures(&mut self, key: &FailureKey) -> Result<(), StoreError> {
        self.execute(query(CLEAR_FAILURES).bind(key.as_str().to_owned()))
            .await?;
        Ok(())
    }

    async fn prune_failures(
        &mut self,
        few: u32,
        few_before: OffsetDateTime,
        all_before: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(PRUNE_FAILURES)
            .bind(millis(few_before))
            .bind(i64::from(few))
            .bind(millis(all_before));
        self.execute(statement).await?;
        Ok(())
    }
}
