//! Alerts.

use async_trait::async_trait;
use jetway_identity::alerts::{Alert, AlertKind, Closed, Severity};
use jetway_identity::store::{ReadAlerts, WriteAlerts};
use jetway_identity::{AlertId, StoreError};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_alert`] takes.
macro_rules! alert_columns {
    () => {
        "id, kind, severity, text, link, dedupe_key, raised_at, last_at, times, closed_at, closed_by"
    };
}

statements! {
    PAGE = concat!(
        "SELECT ", alert_columns!(), " FROM alerts WHERE is_open = $1 AND id < $2 \
         ORDER BY id DESC LIMIT $3"
    );
    BY_ID = concat!("SELECT ", alert_columns!(), " FROM alerts WHERE id = $1");
    BY_KEY = concat!(
        "SELECT ", alert_columns!(), " FROM alerts WHERE dedupe_key = $1 AND is_open = 1"
    );
    COUNT_OPEN = "SELECT COUNT(*) FROM alerts WHERE is_open = 1";
    INSERT = "INSERT INTO alerts (id, kind, severity, text, link, dedupe_key, raised_at, last_at, \
              times, is_open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)";
    REPEAT = "UPDATE alerts SET text = $2, last_at = $3, times = times + 1 WHERE id = $1";
    CLOSE = "UPDATE alerts SET is_open = 0, closed_at = $2, closed_by = $3 \
             WHERE id = $1 AND is_open = 1";
}

/// Above every UUID.
const AFTER_ALL: &str = "g";

fn read_alert(row: &AnyRow) -> Result<Alert, StoreError> {
    let mut fields = Fields::of(row);
    Ok(Alert {
        id: fields.parsed()?,
        kind: fields.word(AlertKind::from_name)?,
        severity: fields.word(Severity::from_name)?,
        text: fields.text()?,
        link: fields.text()?,
        dedupe_key: fields.text()?,
        raised_at: fields.time()?,
        last_at: fields.time()?,
        times: fields.integer()?,
        closed: match fields.optional_time()? {
            Some(at) => Some(Closed {
                at,
                by: fields.optional_text()?.unwrap_or_default(),
            }),
            None => None,
        },
    })
}

#[async_trait]
impl ReadAlerts for Unit {
    async fn alerts(
        &mut self,
        open: bool,
        before: Option<AlertId>,
        limit: u32,
    ) -> Result<Vec<Alert>, StoreError> {
        let statement = query(PAGE)
            .bind(i64::from(open))
            .bind(before.map_or(AFTER_ALL.to_owned(), |id| id.to_string()))
            .bind(i64::from(limit));
        let rows = self.rows(statement).await?;
        rows.iter().map(read_alert).collect()
    }

    async fn alert(&mut self, id: AlertId) -> Result<Option<Alert>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(read_alert).transpose()
    }

    async fn open_alert(&mut self, dedupe_key: &str) -> Result<Option<Alert>, StoreError> {
        let row = self.row(query(BY_KEY).bind(dedupe_key.to_owned())).await?;
        row.as_ref().map(read_alert).transpose()
    }

    async fn count_open_alerts(&mut self) -> Result<u64, StoreError> {
        let row = self.row(query(COUNT_OPEN)).await?;
        let row = row.ok_or(StoreError::Missing)?;
        Ok(u64::try_from(Fields::of(&row).integer()?).unwrap_or(0))
    }
}

#[async_trait]
impl WriteAlerts for Unit {
    async fn insert_alert(&mut self, alert: &Alert) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(alert.id.to_string())
            .bind(alert.kind.as_str())
            .bind(alert.severity.as_str())
            .bind(alert.text.clone())
            .bind(alert.link.clone())
            .bind(alert.dedupe_key.clone())
            .bind(millis(alert.raised_at))
            .bind(millis(alert.last_at))
            .bind(alert.times);
        self.execute(statement).await?;
        Ok(())
    }

    async fn repeat_alert(
        &mut self,
        id: AlertId,
        text: &str,
        at: OffsetDateTime,
    ) -> Result<(), StoreError> {
        let statement = query(REPEAT)
            .bind(id.to_string())
            .bind(text.to_owned())
            .bind(millis(at));
        self.execute(statement).await?;
        Ok(())
    }

    async fn close_alert(
        &mut self,
        id: AlertId,
        at: OffsetDateTime,
        by: &str,
    ) -> Result<bool, StoreError> {
        let statement = query(CLOSE)
            .bind(id.to_string())
            .bind(millis(at))
            .bind(by.to_owned());
        Ok(self.execute(statement).await? > 0)
    }
}
