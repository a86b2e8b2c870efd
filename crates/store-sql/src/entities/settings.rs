//! The organisation's settings.

use async_trait::async_trait;
use jetway_identity::store::{ReadSettings, WriteSettings};
use jetway_identity::{OrganisationSettings, StoreError};
use sqlx::query;

use crate::fields::{Fields, json, millis};
use crate::statements::statements;
use crate::unit::Unit;

statements! {
    GET = "SELECT organisation_id, version, changed_at, sections FROM settings WHERE one = 1";
    PUT = "UPDATE settings SET version = $1, changed_at = $2, sections = $3 WHERE one = 1";
}

#[async_trait]
impl ReadSettings for Unit {
    async fn settings(&mut self) -> Result<OrganisationSettings, StoreError> {
        let row = self.row(query(GET)).await?.ok_or(StoreError::Missing)?;
        let mut fields = Fields::of(&row);
        Ok(OrganisationSettings {
            organisation: fields.parsed()?,
            version: fields.integer()?,
            changed_at: fields.optional_time()?,
            sections: fields.json()?,
        })
    }
}

#[async_trait]
impl WriteSettings for Unit {
    async fn put_settings(&mut self, settings: &OrganisationSettings) -> Result<(), StoreError> {
        let statement = query(PUT)
            .bind(settings.version)
            .bind(settings.changed_at.map(millis))
            .bind(json(&settings.sections)?);
        self.execute(statement).await?;
        Ok(())
    }
}
