//! Bringing the schema up to date.
//!
//! A migration that was released is never changed: its checksum is in every database. Change the
//! schema with a new file, and list it here.

use std::borrow::Cow;

use sqlx::AnyConnection;
use sqlx::SqlSafeStr;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use crate::errors::{OpenError, one_line};

const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "directory",
    include_str!("../migrations/0001_directory.sql"),
)];

/// Applies what is missing, each migration in a transaction of its own. On PostgreSQL an advisory
/// lock makes a second process wait until the first is done.
pub(crate) async fn migrate(connection: &mut AnyConnection, place: &str) -> Result<(), OpenError> {
    let migrations = MIGRATIONS.iter().map(|(version, description, sql)| {
        let description = Cow::Borrowed(*description);
        Migration::new(
            *version,
            description,
            MigrationType::Simple,
            (*sql).into_sql_str(),
            false,
        )
    });
    let migrator = Migrator::with_migrations(migrations.collect());
    let place = place.to_owned();
    migrator.run(connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(version) => {
            let known = MIGRATIONS.last().map_or(0, |(version, ..)| *version);
            OpenError::Newer {
                place,
                version,
                known,
            }
        }
        MigrateError::VersionMismatch(version) => OpenError::Differs { place, version },
        other => OpenError::Migration {
            place,
            reason: one_line(&other),
        },
    })
}
