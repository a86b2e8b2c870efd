//! Opening a database: connecting, bringing the schema up to date, checking that it is whole.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use jetway_identity::applications::DIRECTORY_ATTRIBUTES;
use jetway_identity::store::WriteUsers;
use jetway_identity::{CustomValue, StoreError, Write};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use sqlx::any::{AnyConnectOptions, install_default_drivers};
use sqlx::{AnyConnection, Row};

use crate::caches::Caches;
use crate::errors::{OpenError, one_line};
use crate::event_log::EventWriter;
use crate::lock_file::{DATABASE, LockedFolder};
use crate::migrate::migrate;
use crate::pool::{Dialect, Pool};
use crate::statements;
use crate::store::SqlStore;
use crate::unit::Unit;

/// FULL: a commit is on the disk when it returns. An fsync costs about 100 µs of CPU and lets 821
/// single-row commits a second through instead of 18,800 (performance.md §4).
const SQLITE_WRITER: &[&str] = &[
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 4000",
    "PRAGMA journal_size_limit = 16777216",
];
/// NORMAL: a commit is in the log file when it returns; see `event_log.rs`.
const SQLITE_QUICK_WRITER: &[&str] = &[
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 4000",
    "PRAGMA journal_size_limit = 16777216",
];
const SQLITE_READER: &[&str] = &[
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 4000",
    "PRAGMA query_only = ON",
];
/// The server gives up what the client has given up; a node that stops in the middle of a write
/// must not make the others wait for ever.
const POSTGRES: &[&str] = &[
    "SET statement_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '10s'",
    "SET synchronous_commit = on",
    // Compiling a query takes longer than any of ours.
    "SET jit = off",
];

const SQLITE_READERS: usize = 4;
const POSTGRES_READERS: usize = 8;
const POSTGRES_WRITERS: usize = 4;

/// A file that was not closed cleanly, or up to this many bytes, is checked whole before it is
/// used; that takes about a millisecond per megabyte.
const CHECKED_BYTES: u64 = 16 << 20;

pub(crate) async fn folder(folder: &Path) -> Result<SqlStore, OpenError> {
    install_default_drivers();
    let locked = LockedFolder::open(folder)?;
    let place = locked.database.display().to_string();
    let Some(path) = locked.database.to_str() else {
        let reason = "its name is not UTF-8".to_owned();
        return Err(OpenError::Folder {
            path: folder.to_owned(),
            reason,
        });
    };
    let options = options(&sqlite_url(path))?;
    let doubtful = is_doubtful(&locked.database);
    let writers = Pool::new(Dialect::Sqlite, options.clone(), SQLITE_WRITER, 1);
    let readers = Pool::new(Dialect::Sqlite, options, SQLITE_READER, SQLITE_READERS);
    let mut connection = writers
        .connect()
        .await
        .map_err(|error| damaged(&place, &error))?;
    if doubtful {
        quick_check(&mut connection, &place).await?;
    }
    migrate(&mut connection, Dialect::Sqlite, &place).await?;
    writers.keep(connection);
    let quick_writers = writers.sharing_turns(SQLITE_QUICK_WRITER);
    let pools = Pools {
        readers,
        writers,
        quick_writers,
    };
    finish(pools, &place, Some(locked)).await
}

/// Takes no lock and changes no schema: another process may be at work.
pub(crate) async fn folder_beside(folder: &Path) -> Result<SqlStore, OpenError> {
    install_default_drivers();
    let database = folder.join(DATABASE);
    let place = database.display().to_string();
    let usable = database.to_str().filter(|_| database.is_file());
    let Some(path) = usable else {
        let reason = format!("there is no database {DATABASE} in it");
        return Err(OpenError::Folder {
            path: folder.to_owned(),
            reason,
        });
    };
    let options = options(&sqlite_url(path))?;
    let writers = Pool::new(Dialect::Sqlite, options.clone(), SQLITE_QUICK_WRITER, 1);
    let pools = Pools {
        readers: Pool::new(Dialect::Sqlite, options, SQLITE_READER, SQLITE_READERS),
        quick_writers: Arc::clone(&writers),
        writers,
    };
    finish(pools, &place, None).await
}

pub(crate) async fn postgres(url: &SecretString) -> Result<SqlStore, OpenError> {
    install_default_drivers();
    let url = url.expose_secret();
    if !(url.starts_with("postgres://") || url.starts_with("postgresql://")) {
        let reason = "it must begin with postgres://".to_owned();
        return Err(OpenError::Address { reason });
    }
    let options = options(url)?;
    let place = place_of(&options);
    let writers = Pool::new(
        Dialect::Postgres,
        options.clone(),
        POSTGRES,
        POSTGRES_WRITERS,
    );
    let readers = Pool::new(Dialect::Postgres, options, POSTGRES, POSTGRES_READERS);
    let mut connection = writers.connect().await.map_err(|error| match error {
        sqlx::Error::Configuration(error) => OpenError::Address {
            reason: one_line(error.as_ref()),
        },
        error => OpenError::Unreachable {
            place: place.clone(),
            reason: one_line(&error),
        },
    })?;
    // Another node may be at it, and this one waits for it: without the limit of ten seconds.
    let unlimited = sqlx::query("SET statement_timeout = 0")
        .execute(&mut connection)
        .await;
    unlimited.map_err(|error| OpenError::Migration {
        place: place.clone(),
        reason: one_line(&error),
    })?;
    migrate(&mut connection, Dialect::Postgres, &place).await?;
    drop(connection);
    let quick_writers = Arc::clone(&writers);
    let pools = Pools {
        readers,
        writers,
        quick_writers,
    };
    finish(pools, &place, None).await
}

struct Pools {
    readers: Arc<Pool>,
    writers: Arc<Pool>,
    quick_writers: Arc<Pool>,
}

/// Checks every statement against the schema: a missing table or column shows now, not at the
/// first sign-in.
async fn finish(
    pools: Pools,
    place: &str,
    folder: Option<LockedFolder>,
) -> Result<SqlStore, OpenError> {
    let damaged = |error: StoreError| OpenError::Damaged {
        place: place.to_owned(),
        reason: match error {
            StoreError::Unavailable(source) => one_line(source.as_ref()),
            other => one_line(&other),
        },
    };
    let mut lease = pools.writers.lend().await.map_err(damaged)?;
    for statement in statements::all() {
        lease.prepare(statement).await.map_err(damaged)?;
    }
    drop(lease);
    let caches = Caches::new(folder.is_some());
    let wal = folder.as_ref().map(|folder| wal_of(&folder.database));
    let quick_writers = Arc::clone(&pools.quick_writers);
    let events = EventWriter::start(quick_writers, Arc::clone(&caches), wal);
    let store = SqlStore {
        readers: pools.readers,
        writers: pools.writers,
        quick_writers: pools.quick_writers,
        events,
        caches,
        _folder: folder,
    };
    index_people(&store).await.map_err(damaged)?;
    Ok(store)
}

/// People of a version that had no search, in one transaction.
async fn index_people(store: &SqlStore) -> Result<(), StoreError> {
    let lease = store.writers.lend().await?;
    let mut looking = Unit::new(lease, Arc::clone(&store.caches));
    if looking.users_not_indexed(1).await?.is_empty() {
        return Ok(());
    }
    drop(looking);
    let mut lease = store.writers.lend().await?;
    lease.begin().await?;
    let mut unit = Box::new(Unit::new(lease, Arc::clone(&store.caches)));
    loop {
        let people = unit.users_not_indexed(500).await?;
        if people.is_empty() {
            return unit.commit().await;
        }
        for mut user in people {
            // Custom attributes had no type, and no place of their own.
            let (own, custom) = user
                .attributes
                .into_iter()
                .partition(|(name, _)| DIRECTORY_ATTRIBUTES.contains(&name.as_str()));
            user.attributes = own;
            let custom: BTreeMap<String, String> = custom;
            user.custom_attributes.extend(
                custom
                    .into_iter()
                    .map(|(name, value)| (name, CustomValue::String(value))),
            );
            unit.update_user(&user).await?;
        }
    }
}

fn options(url: &str) -> Result<AnyConnectOptions, OpenError> {
    AnyConnectOptions::from_str(url).map_err(|error| OpenError::Address {
        reason: one_line(&error),
    })
}

fn sqlite_url(path: &str) -> String {
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'/')
        .remove(b'.')
        .remove(b'-')
        .remove(b'_');
    format!("sqlite://{}?mode=rw", utf8_percent_encode(path, ESCAPED))
}

/// Where the database is, without name and password.
fn place_of(options: &AnyConnectOptions) -> String {
    let url = &options.database_url;
    let host = url.host_str().unwrap_or("localhost");
    format!("{}:{}{}", host, url.port().unwrap_or(5432), url.path())
}

/// SQLite's log file beside the database file.
fn wal_of(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn is_doubtful(database: &Path) -> bool {
    let left_behind = fs::metadata(wal_of(database)).is_ok_and(|log| log.len() > 0);
    left_behind || fs::metadata(database).is_ok_and(|file| file.len() <= CHECKED_BYTES)
}

async fn quick_check(connection: &mut AnyConnection, place: &str) -> Result<(), OpenError> {
    let row = sqlx::query("PRAGMA quick_check(1)")
        .fetch_one(connection)
        .await;
    let verdict: String = row
        .and_then(|row| row.try_get(0))
        .map_err(|error| damaged(place, &error))?;
    if verdict == "ok" {
        return Ok(());
    }
    Err(OpenError::Damaged {
        place: place.to_owned(),
        reason: verdict.replace('\n', " "),
    })
}

fn damaged(place: &str, error: &sqlx::Error) -> OpenError {
    OpenError::Damaged {
        place: place.to_owned(),
        reason: one_line(error),
    }
}
