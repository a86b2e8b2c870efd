//! Break-glass accounts and their uses.

use async_trait::async_trait;
use jetway_identity::break_glass::{
    Acknowledged, BreakGlassAccount, BreakGlassUse, SameAttempts, UseKind,
};
use jetway_identity::store::{ReadBreakGlass, WriteBreakGlass};
use jetway_identity::{AdministratorId, BreakGlassUseId, StoreError};
use sqlx::any::AnyRow;
use sqlx::query;

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_account`] takes.
macro_rules! account_columns {
    () => {
        "administrator_id, email, sealed_at, sealed_by, drill_days, drill_due_at, drilled_at, \
         drill_until, drill_by, reminded_at"
    };
}

/// The columns that [`read_use`] takes.
macro_rules! use_columns {
    () => {
        "id, administrator_id, email, what, first_at, last_at, times, ip, drill_by, \
         acknowledged_at, acknowledged_by, note"
    };
}

statements! {
    ACCOUNTS = concat!(
        "SELECT ", account_columns!(), " FROM break_glass_accounts \
         ORDER BY sealed_at, administrator_id"
    );
    ACCOUNT = concat!(
        "SELECT ", account_columns!(), " FROM break_glass_accounts WHERE administrator_id = $1"
    );
    PUT_ACCOUNT = concat!(
        "INSERT INTO break_glass_accounts (", account_columns!(), ") \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
         ON CONFLICT (administrator_id) DO UPDATE SET drill_days = excluded.drill_days, \
         drill_due_at = excluded.drill_due_at, drilled_at = excluded.drilled_at, \
         drill_until = excluded.drill_until, drill_by = excluded.drill_by, \
         reminded_at = excluded.reminded_at"
    );
    DELETE_ACCOUNT = "DELETE FROM break_glass_accounts WHERE administrator_id = $1";
    USES = concat!("SELECT ", use_columns!(), " FROM break_glass_uses ORDER BY id DESC LIMIT $1");
    OPEN_USES = concat!(
        "SELECT ", use_columns!(), " FROM break_glass_uses WHERE is_open = 1 \
         ORDER BY id DESC LIMIT $1"
    );
    USE = concat!("SELECT ", use_columns!(), " FROM break_glass_uses WHERE id = $1");
    OPEN_ATTEMPTS = concat!(
        "SELECT ", use_columns!(), " FROM break_glass_uses \
         WHERE is_open = 1 AND administrator_id = $1 AND what <> 'signed_in' \
         AND COALESCE(ip, '') = $2 AND COALESCE(drill_by, '') = $3 AND last_at > $4 \
         ORDER BY id DESC LIMIT 1"
    );
    PUT_USE = concat!(
        "INSERT INTO break_glass_uses (", use_columns!(), ", is_open) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT (id) DO UPDATE SET what = excluded.what, last_at = excluded.last_at, \
         times = excluded.times, ip = excluded.ip, drill_by = excluded.drill_by, \
         acknowledged_at = excluded.acknowledged_at, \
         acknowledged_by = excluded.acknowledged_by, note = excluded.note, \
         is_open = excluded.is_open"
    );
}

fn read_account(row: &AnyRow) -> Result<BreakGlassAccount, StoreError> {
    let mut fields = Fields::of(row);
    Ok(BreakGlassAccount {
        administrator: fields.parsed()?,
        email: fields.text()?,
        sealed_at: fields.time()?,
        sealed_by: fields.text()?,
        drill_days: u32::try_from(fields.integer()?).map_err(|error| fields.unreadable(&error))?,
        drill_due_at: fields.time()?,
        drilled_at: fields.optional_time()?,
        drill_until: fields.optional_time()?,
        drill_by: fields.optional_text()?,
        reminded_at: fields.optional_time()?,
    })
}

fn read_use(row: &AnyRow) -> Result<BreakGlassUse, StoreError> {
    let mut fields = Fields::of(row);
    Ok(BreakGlassUse {
        id: fields.parsed()?,
        administrator: fields.parsed()?,
        email: fields.text()?,
        what: fields.word(UseKind::from_name)?,
        first_at: fields.time()?,
        last_at: fields.time()?,
        times: fields.integer()?,
        ip: fields.optional_parsed()?,
        drill_by: fields.optional_text()?,
        acknowledged: match fields.optional_time()? {
            Some(at) => Some(Acknowledged {
                at,
                by: fields.optional_text()?.unwrap_or_default(),
                note: fields.optional_text()?.unwrap_or_default(),
            }),
            None => None,
        },
    })
}

#[async_trait]
impl ReadBreakGlass for Unit {
    async fn break_glass_accounts(&mut self) -> Result<Vec<BreakGlassAccount>, StoreError> {
        let rows = self.rows(query(ACCOUNTS)).await?;
        rows.iter().map(read_account).collect()
    }

    async fn break_glass_account(
        &mut self,
        id: AdministratorId,
    ) -> Result<Option<BreakGlassAccount>, StoreError> {
        let row = self.row(query(ACCOUNT).bind(id.to_string())).await?;
        row.as_ref().map(read_account).transpose()
    }

    async fn break_glass_uses(
        &mut self,
        open: bool,
        limit: u32,
    ) -> Result<Vec<BreakGlassUse>, StoreError> {
        let statement = query(if open { OPEN_USES } else { USES }).bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter().map(read_use).collect()
    }

    async fn break_glass_use(
        &mut self,
        id: BreakGlassUseId,
    ) -> Result<Option<BreakGlassUse>, StoreError> {
        let row = self.row(query(USE).bind(id.to_string())).await?;
        row.as_ref().map(read_use).transpose()
    }

    async fn open_break_glass_attempts(
        &mut self,
        same: &SameAttempts,
    ) -> Result<Option<BreakGlassUse>, StoreError> {
        let statement = query(OPEN_ATTEMPTS)
            .bind(same.administrator.to_string())
            .bind(same.ip.map(|ip| ip.to_string()).unwrap_or_default())
            .bind(same.drill_by.clone().unwrap_or_default())
            .bind(millis(same.since));
        let row = self.row(statement).await?;
        row.as_ref().map(read_use).transpose()
    }
}

#[async_trait]
impl WriteBreakGlass for Unit {
    async fn put_break_glass_account(
        &mut self,
        account: &BreakGlassAccount,
    ) -> Result<(), StoreError> {
        let statement = query(PUT_ACCOUNT)
            .bind(account.administrator.to_string())
            .bind(account.email.clone())
            .bind(millis(account.sealed_at))
            .bind(account.sealed_by.clone())
            .bind(i64::from(account.drill_days))
            .bind(millis(account.drill_due_at))
            .bind(account.drilled_at.map(millis))
            .bind(account.drill_until.map(millis))
            .bind(account.drill_by.clone())
            .bind(account.reminded_at.map(millis));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_break_glass_account(
        &mut self,
        id: AdministratorId,
    ) -> Result<bool, StoreError> {
        let statement = query(DELETE_ACCOUNT).bind(id.to_string());
        Ok(self.execute(statement).await? > 0)
    }

    async fn put_break_glass_use(&mut self, used: &BreakGlassUse) -> Result<(), StoreError> {
        let acknowledged = used.acknowledged.as_ref();
        let statement = query(PUT_USE)
            .bind(used.id.to_string())
            .bind(used.administrator.to_string())
            .bind(used.email.clone())
            .bind(used.what.as_str())
            .bind(millis(used.first_at))
            .bind(millis(used.last_at))
            .bind(used.times)
            .bind(used.ip.map(|ip| ip.to_string()))
            .bind(used.drill_by.clone())
            .bind(acknowledged.map(|known| millis(known.at)))
            .bind(acknowledged.map(|known| known.by.clone()))
            .bind(acknowledged.map(|known| known.note.clone()))
            .bind(i64::from(acknowledged.is_none()));
        self.execute(statement).await?;
        Ok(())
    }
}
