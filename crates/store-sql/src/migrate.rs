//! Bringing the schema up to date.
//!
//! The two databases share one text, with a few exceptions that are written as markers:
//! `{{bytewise}}` after the type of a column that is ordered or searched by range, since
//! PostgreSQL would otherwise order letters by the language of the server; `{{random_hex_24}}` for
//! an identifier that the database draws itself; `{{event_positions}}` and `{{event_position}}` for
//! the order of commits of the activity log; `{{without_rowid}}` for a table that is its own index.
//!
//! A migration that was released is never changed: its checksum is in every database. Change the
//! schema with a new file, and list it here.

use std::borrow::Cow;

use sqlx::AnyConnection;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{AssertSqlSafe, SqlSafeStr};

use crate::errors::{OpenError, one_line};
use crate::pool::Dialect;

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "directory",
        include_str!("../migrations/0001_directory.sql"),
    ),
    (
        2,
        "settings",
        include_str!("../migrations/0002_settings.sql"),
    ),
    (3, "people", include_str!("../migrations/0003_people.sql")),
    (4, "groups", include_str!("../migrations/0004_groups.sql")),
    (
        5,
        "credentials",
        include_str!("../migrations/0005_credentials.sql"),
    ),
    (
        6,
        "administrators",
        include_str!("../migrations/0006_administrators.sql"),
    ),
    (
        7,
        "activity",
        include_str!("../migrations/0007_activity.sql"),
    ),
    (8, "api", include_str!("../migrations/0008_api.sql")),
    (9, "sign-on", include_str!("../migrations/0009_sign_on.sql")),
    (
        10,
        "sort keys",
        include_str!("../migrations/0010_sort_keys.sql"),
    ),
    (
        11,
        "names beside words",
        include_str!("../migrations/0011_names_beside_words.sql"),
    ),
    (
        12,
        "single sign-on",
        include_str!("../migrations/0012_single_sign_on.sql"),
    ),
    (
        13,
        "application images",
        include_str!("../migrations/0013_application_images.sql"),
    ),
    (
        14,
        "second factors",
        include_str!("../migrations/0014_second_factors.sql"),
    ),
    (
        15,
        "passkeys",
        include_str!("../migrations/0015_passkeys.sql"),
    ),
    (
        16,
        "sign-in policies",
        include_str!("../migrations/0016_sign_in_policies.sql"),
    ),
    (
        17,
        "device sign-ins",
        include_str!("../migrations/0017_device_sign_ins.sql"),
    ),
    (18, "push", include_str!("../migrations/0018_push.sql")),
    (
        19,
        "break-glass accounts",
        include_str!("../migrations/0019_break_glass.sql"),
    ),
    (
        20,
        "enrolment windows",
        include_str!("../migrations/0020_enrolment_windows.sql"),
    ),
];

/// Marker, on SQLite, on PostgreSQL.
const MARKERS: &[(&str, &str, &str)] = &[
    ("{{bytewise}}", "", "COLLATE \"C\""),
    (
        "{{random_hex_24}}",
        "lower(hex(randomblob(12)))",
        "substr(replace(gen_random_uuid()::text, '-', ''), 1, 24)",
    ),
    (
        "{{event_positions}}",
        "",
        "CREATE SEQUENCE event_positions; \
         CREATE FUNCTION next_event_position() RETURNS BIGINT LANGUAGE plpgsql AS $$ BEGIN \
         PERFORM pg_advisory_xact_lock_shared(116983978221946); \
         RETURN nextval('event_positions'); END $$;",
    ),
    (
        "{{event_position}}",
        "INTEGER NOT NULL PRIMARY KEY",
        "BIGINT NOT NULL PRIMARY KEY DEFAULT next_event_position()",
    ),
    ("{{without_rowid}}", "WITHOUT ROWID", ""),
];

fn in_dialect(sql: &'static str, dialect: Dialect) -> String {
    let mut text = sql.to_owned();
    for (marker, sqlite, postgres) in MARKERS {
        let words = match dialect {
            Dialect::Sqlite => sqlite,
            Dialect::Postgres => postgres,
        };
        text = text.replace(marker, words);
    }
    text
}

/// Applies what is missing, each migration in a transaction of its own. On PostgreSQL an advisory
/// lock makes a second process wait until the first is done.
pub(crate) async fn migrate(
    connection: &mut AnyConnection,
    dialect: Dialect,
    place: &str,
) -> Result<(), OpenError> {
    let migrations = MIGRATIONS.iter().map(|(version, description, sql)| {
        let description = Cow::Borrowed(*description);
        Migration::new(
            *version,
            description,
            MigrationType::Simple,
            AssertSqlSafe(in_dialect(sql, dialect)).into_sql_str(),
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
