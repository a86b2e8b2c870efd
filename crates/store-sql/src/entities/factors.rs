//! Second factors, and sign-ins that wait for one.

use std::sync::LazyLock;

use async_trait::async_trait;
use jetway_identity::factors::{FactorOwner, StoredRecoveryCode, TotpRecord, TotpStep};
use jetway_identity::sessions::{FirstProof, PendingSignIn, TokenHash};
use jetway_identity::store::{ReadFactors, WriteFactors};
use jetway_identity::{StoreError, UserId, Via};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::entities::among::with_list;
use crate::entities::passkeys;
use crate::entities::sessions::read_proved_factor;
use crate::fields::{Fields, base64, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    TOTP = "SELECT f.sealed_secret, f.created_at, f.confirmed_at, f.last_step \
            FROM totp_factors f WHERE f.owner_id = $1";
    PUT_TOTP = "INSERT INTO totp_factors (owner_id, sealed_secret, created_at, confirmed_at, \
                last_step) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (owner_id) DO UPDATE SET \
                sealed_secret = excluded.sealed_secret, created_at = excluded.created_at, \
                confirmed_at = excluded.confirmed_at, last_step = excluded.last_step";
    DELETE_TOTP = "DELETE FROM totp_factors WHERE owner_id = $1";
    NOTE_STEP = "UPDATE totp_factors SET last_step = $2 WHERE owner_id = $1";
    CODES = "SELECT c.hash, c.used_at FROM recovery_codes c WHERE c.owner_id = $1";
    INSERT_CODE = "INSERT INTO recovery_codes (owner_id, hash, used_at) VALUES ($1, $2, $3)";
    DELETE_CODES = "DELETE FROM recovery_codes WHERE owner_id = $1";
    USE_CODE = "UPDATE recovery_codes SET used_at = $3 WHERE owner_id = $1 AND hash = $2";
    PENDING = "SELECT p.owner_id, p.via, p.created_at, p.expires_at, p.proved_at, p.factor, \
               p.factor_at, p.device_hash, p.device_known, p.application_id, p.first_proof FROM pending_sign_ins p \
               WHERE p.token_hash = $1";
    INSERT_PENDING = "INSERT INTO pending_sign_ins (token_hash, owner_id, via, created_at, \
                      expires_at, proved_at, factor, factor_at, device_hash, device_known, \
                      application_id, first_proof) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
                      $11, $12)";
    WINDOW = "SELECT w.ends_at FROM enrolment_windows w WHERE w.user_id = $1";
    PUT_WINDOW = "INSERT INTO enrolment_windows (user_id, ends_at) VALUES ($1, $2) \
                  ON CONFLICT (user_id) DO UPDATE SET ends_at = excluded.ends_at";
    DELETE_WINDOW = "DELETE FROM enrolment_windows WHERE user_id = $1";
    FORGET_DEVICES = "DELETE FROM known_devices WHERE owner_id = $1";
    DELETE_PENDING = "DELETE FROM pending_sign_ins WHERE token_hash = $1";
    pub(super) DELETE_PENDING_OF = "DELETE FROM pending_sign_ins WHERE owner_id = $1";
    PRUNE_PENDING = "DELETE FROM pending_sign_ins WHERE expires_at < $1";
}

static TOTP_AMONG: LazyLock<String> = LazyLock::new(|| {
    let before = "SELECT f.owner_id FROM totp_factors f WHERE f.confirmed_at IS NOT NULL \
                  AND f.owner_id IN";
    with_list(before, "")
});

static WINDOWS_AMONG: LazyLock<String> = LazyLock::new(|| {
    let before = "SELECT w.user_id, w.ends_at FROM enrolment_windows w WHERE w.user_id IN";
    with_list(before, "")
});

pub(crate) fn batch_statements() -> impl Iterator<Item = &'static str> {
    [TOTP_AMONG.as_str(), WINDOWS_AMONG.as_str()].into_iter()
}

fn read_totp(row: &AnyRow) -> Result<TotpRecord, StoreError> {
    let mut fields = Fields::of(row);
    Ok(TotpRecord {
        sealed_secret: fields.bytes()?,
        created_at: fields.time()?,
        confirmed_at: fields.optional_time()?,
        last_step: fields
            .optional_integer()?
            .and_then(|step| TotpStep::try_from(step).ok()),
    })
}

fn read_code(row: &AnyRow) -> Result<StoredRecoveryCode, StoreError> {
    let mut fields = Fields::of(row);
    let bytes = fields.bytes()?;
    let hash = bytes.try_into();
    Ok(StoredRecoveryCode {
        hash: hash.map_err(|_| fields.unreadable(&"a recovery code's hash has 32 bytes"))?,
        used_at: fields.optional_time()?,
    })
}

fn read_pending(row: &AnyRow) -> Result<PendingSignIn, StoreError> {
    let mut fields = Fields::of(row);
    Ok(PendingSignIn {
        owner: fields.parsed()?,
        via: fields.word(Via::from_name)?,
        created_at: fields.time()?,
        expires_at: fields.time()?,
        proved_at: fields.time()?,
        factor: read_proved_factor(&mut fields)?,
        device: fields.optional_parsed()?,
        device_known: fields.flag()?,
        application: fields.optional_parsed()?,
        first_proof: fields.word(FirstProof::from_name)?,
    })
}

impl Unit {
    /// Everything of an owner who is deleted.
    pub(super) async fn forget_factors(&mut self, owner: FactorOwner) -> Result<(), StoreError> {
        for statement in [
            DELETE_TOTP,
            DELETE_CODES,
            DELETE_PENDING_OF,
            FORGET_DEVICES,
            DELETE_WINDOW,
            passkeys::DELETE_OF,
        ] {
            self.execute(query(statement).bind(owner.to_string()))
                .await?;
        }
        Ok(())
    }
}

/// No step of the next two hundred billion years is larger.
fn integer(step: TotpStep) -> i64 {
    i64::try_from(step).unwrap_or(i64::MAX)
}

#[async_trait]
impl ReadFactors for Unit {
    async fn totp(&mut self, owner: FactorOwner) -> Result<Option<TotpRecord>, StoreError> {
        let row = self.row(query(TOTP).bind(owner.to_string())).await?;
        row.as_ref().map(read_totp).transpose()
    }

    async fn totp_among(&mut self, users: &[UserId]) -> Result<Vec<UserId>, StoreError> {
        let ids: Vec<_> = users.iter().map(ToString::to_string).collect();
        let rows = self.rows_among(&TOTP_AMONG, &ids).await?;
        rows.iter().map(|row| Fields::of(row).parsed()).collect()
    }

    async fn enrolment_ends(&mut self, user: UserId) -> Result<Option<OffsetDateTime>, StoreError> {
        let row = self.row(query(WINDOW).bind(user.to_string())).await?;
        row.map(|row| Fields::of(&row).time()).transpose()
    }

    async fn enrolment_ends_among(
        &mut self,
        users: &[UserId],
    ) -> Result<Vec<(UserId, OffsetDateTime)>, StoreError> {
        let ids: Vec<_> = users.iter().map(ToString::to_string).collect();
        let rows = self.rows_among(&WINDOWS_AMONG, &ids).await?;
        let read = |row| {
            let mut fields = Fields::of(row);
            Ok((fields.parsed()?, fields.time()?))
        };
        rows.iter().map(read).collect()
    }

    async fn recovery_codes(
        &mut self,
        owner: FactorOwner,
    ) -> Result<Vec<StoredRecoveryCode>, StoreError> {
        let rows = self.rows(query(CODES).bind(owner.to_string())).await?;
        rows.iter().map(read_code).collect()
    }

    async fn pending_sign_in(
        &mut self,
        token: &TokenHash,
    ) -> Result<Option<PendingSignIn>, StoreError> {
        let statement = query(PENDING).bind(token.as_str().to_owned());
        let row = self.row(statement).await?;
        row.as_ref().map(read_pending).transpose()
    }
}

#[async_trait]
impl WriteFactors for Unit {
    async fn put_totp(
        &mut self,
        owner: FactorOwner,
        record: &TotpRecord,
    ) -> Result<(), StoreError> {
        let statement = query(PUT_TOTP)
            .bind(owner.to_string())
            .bind(base64(&record.sealed_secret))
            .bind(millis(record.created_at))
            .bind(record.confirmed_at.map(millis))
            .bind(record.last_step.map(integer));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_totp(&mut self, owner: FactorOwner) -> Result<bool, StoreError> {
        let statement = query(DELETE_TOTP).bind(owner.to_string());
        Ok(self.execute(statement).await? > 0)
    }

    async fn note_totp_step(
        &mut self,
        owner: FactorOwner,
        step: TotpStep,
    ) -> Result<(), StoreError> {
        let statement = query(NOTE_STEP).bind(owner.to_string()).bind(integer(step));
        self.execute(statement).await?;
        Ok(())
    }

    async fn replace_recovery_codes(
        &mut self,
        owner: FactorOwner,
        codes: &[StoredRecoveryCode],
    ) -> Result<(), StoreError> {
        self.execute(query(DELETE_CODES).bind(owner.to_string()))
            .await?;
        for code in codes {
            let statement = query(INSERT_CODE)
                .bind(owner.to_string())
                .bind(base64(&code.hash))
                .bind(code.used_at.map(millis));
            self.execute(statement).await?;
        }
        Ok(())
    }

    async fn set_enrolment_ends(
        &mut self,
        user: UserId,
        ends: Option<OffsetDateTime>,
    ) -> Result<(), StoreError> {
        let statement = match ends {
            Some(ends) => query(PUT_WINDOW).bind(user.to_string()).bind(millis(ends)),
            None => query(DELETE_WINDOW).bind(user.to_string()),
        };
        self.execute(statement).await?;
        Ok(())
    }

    async fn use_recovery_code(
        &mut self,
        owner: FactorOwner,
        hash: &[u8; 32],
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(USE_CODE)
            .bind(owner.to_string())
            .bind(base64(hash))
            .bind(millis(at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn insert_pending_sign_in(
        &mut self,
        pending: &PendingSignIn,
        token: &TokenHash,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT_PENDING)
            .bind(token.as_str().to_owned())
            .bind(pending.owner.to_string())
            .bind(pending.via.as_str())
            .bind(millis(pending.created_at))
            .bind(millis(pending.expires_at))
            .bind(millis(pending.proved_at))
            .bind(pending.factor.map(|factor| factor.kind.as_str()))
            .bind(pending.factor.map(|factor| millis(factor.at)))
            .bind(pending.device.as_ref().map(|hash| hash.as_str().to_owned()))
            .bind(i64::from(pending.device_known))
            .bind(pending.application.map(|id| id.to_string()))
            .bind(pending.first_proof.as_str());
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_pending_sign_in(&mut self, token: &TokenHash) -> Result<(), StoreError> {
        let statement = query(DELETE_PENDING).bind(token.as_str().to_owned());
        self.execute(statement).await?;
        Ok(())
    }

    async fn prune_pending_sign_ins(&mut self, now: OffsetDateTime) -> Result<(), StoreError> {
        self.execute(query(PRUNE_PENDING).bind(millis(now))).await?;
        Ok(())
    }
}
