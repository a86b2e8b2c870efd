//! Log destinations.

use async_trait::async_trait;
use jetway_identity::log_destinations::{Delivery, LogDestination};
use jetway_identity::store::{ReadLogDestinations, WriteLogDestinations};
use jetway_identity::{LogDestinationId, StoreError};
use sqlx::any::AnyRow;
use sqlx::query;
use time::OffsetDateTime;

use crate::fields::{Fields, base64, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

/// The columns that [`read_destination`] takes.
macro_rules! destination_columns {
    () => {
        "id, name, target, enabled, sealed_secret, version, created_at, position, delivered, \
         last_attempt_at, last_success_at, failures, last_error, next_attempt_at"
    };
}

statements! {
    ALL = concat!("SELECT ", destination_columns!(), " FROM log_destinations");
    BY_ID = concat!("SELECT ", destination_columns!(), " FROM log_destinations WHERE id = $1");
    INSERT = "INSERT INTO log_destinations (id, name, target, enabled, sealed_secret, version, \
              created_at, position, delivered, failures) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0)";
    PUT = "UPDATE log_destinations SET name = $2, target = $3, enabled = $4, sealed_secret = $5, \
           version = $6 WHERE id = $1";
    PUT_DELIVERY = "UPDATE log_destinations SET position = $2, delivered = $3, \
                    last_attempt_at = $4, last_success_at = $5, failures = $6, last_error = $7, \
                    next_attempt_at = $8 WHERE id = $1";
    DELETE = "DELETE FROM log_destinations WHERE id = $1";
    LEASE = "UPDATE log_destinations SET lease_holder = $2, lease_until = $3 WHERE id = $1 \
             AND (lease_until IS NULL OR lease_holder = $2 OR lease_until < $4)";
}

fn read_destination(row: &AnyRow) -> Result<LogDestination, StoreError> {
    let mut fields = Fields::of(row);
    Ok(LogDestination {
        id: fields.parsed()?,
        name: fields.text()?,
        target: fields.json()?,
        enabled: fields.flag()?,
        sealed_secret: fields.optional_bytes()?,
        version: fields.integer()?,
        created_at: fields.time()?,
        delivery: Delivery {
            position: fields.integer()?,
            delivered: fields.integer()?,
            last_attempt_at: fields.optional_time()?,
            last_success_at: fields.optional_time()?,
            failures: u32::try_from(fields.integer()?).unwrap_or(u32::MAX),
            last_error: fields.optional_text()?,
            next_attempt_at: fields.optional_time()?,
        },
    })
}

#[async_trait]
impl ReadLogDestinations for Unit {
    async fn log_destinations(&mut self) -> Result<Vec<LogDestination>, StoreError> {
        let rows = self.rows(query(ALL)).await?;
        let mut all = rows
            .iter()
            .map(read_destination)
            .collect::<Result<Vec<_>, _>>()?;
        // Sorted here: databases disagree about the order of letters.
        all.sort_by_cached_key(|destination| destination.name.to_lowercase());
        Ok(all)
    }

    async fn log_destination(
        &mut self,
        id: LogDestinationId,
    ) -> Result<Option<LogDestination>, StoreError> {
        let row = self.row(query(BY_ID).bind(id.to_string())).await?;
        row.as_ref().map(read_destination).transpose()
    }
}

#[async_trait]
impl WriteLogDestinations for Unit {
    async fn insert_log_destination(
        &mut self,
        destination: &LogDestination,
    ) -> Result<(), StoreError> {
        let statement = query(INSERT)
            .bind(destination.id.to_string())
            .bind(destination.name.clone())
            .bind(json(&destination.target)?)
            .bind(i64::from(destination.enabled))
            .bind(destination.sealed_secret.as_deref().map(base64))
            .bind(destination.version)
            .bind(millis(destination.created_at))
            .bind(destination.delivery.position);
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_log_destination(
        &mut self,
        destination: &LogDestination,
    ) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(destination.id.to_string())
            .bind(destination.name.clone())
            .bind(json(&destination.target)?)
            .bind(i64::from(destination.enabled))
            .bind(destination.sealed_secret.as_deref().map(base64))
            .bind(destination.version);
        self.execute(statement).await?;
        Ok(())
    }

    async fn put_log_delivery(
        &mut self,
        id: LogDestinationId,
        delivery: &Delivery,
    ) -> Result<(), StoreError> {
        let statement = query(PUT_DELIVERY)
            .bind(id.to_string())
            .bind(delivery.position)
            .bind(delivery.delivered)
            .bind(delivery.last_attempt_at.map(millis))
            .bind(delivery.last_success_at.map(millis))
            .bind(i64::from(delivery.failures))
            .bind(delivery.last_error.clone())
            .bind(delivery.next_attempt_at.map(millis));
        self.execute(statement).await?;
        Ok(())
    }

    async fn delete_log_destination(&mut self, id: LogDestinationId) -> Result<bool, StoreError> {
        let deleted = self.execute(query(DELETE).bind(id.to_string())).await?;
        Ok(deleted > 0)
    }

    async fn lease_log_destination(
        &mut self,
        id: LogDestinationId,
        holder: &str,
        now: OffsetDateTime,
        until: Option<OffsetDateTime>,
    ) -> Result<bool, StoreError> {
        let statement = query(LEASE)
            .bind(id.to_string())
            .bind(holder.to_owned())
            .bind(until.map(millis))
            .bind(millis(now));
        Ok(self.execute(statement).await? > 0)
    }
}
