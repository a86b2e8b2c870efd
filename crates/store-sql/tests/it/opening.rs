//! Opening databases that are not as they should be: one line that says what to do, and nothing
//! half done.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jetway_identity::Store;
use jetway_store_sql::{OpenError, SqlStore};
use jetway_testkit::{free_port, postgres, require};
use secrecy::SecretString;
use tempfile::tempdir;

use crate::bed::{Bed, EMAIL, new_application};

async fn refused(folder: &Path) -> (OpenError, String) {
    let error = SqlStore::open_folder(folder).await.unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n'), "one line: {text}");
    (error, text)
}

async fn postgres_refused(url: &str) -> (OpenError, String) {
    let error = SqlStore::open_postgres(&SecretString::from(url.to_owned()))
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(!text.contains('\n') && !text.contains("hunter2"), "{text}");
    (error, text)
}

#[tokio::test]
async fn state_survives_a_restart() {
    let folder = tempdir().unwrap();
    let store = SqlStore::open_folder(folder.path()).await.unwrap();
    let mut write = store.write().await.unwrap();
    let group = jetway_identity::Group {
        id: "0123456789abcdef01234567".parse().unwrap(),
        name: "kept".to_owned(),
        description: String::new(),
        attributes: crate::bed::custom(&[("Project", "automation")]),
        everyone: false,
        membership: jetway_identity::Membership::Static,
        version: 1,
        updated_at: time::macros::datetime!(2026-03-14 09:12 UTC),
        created_at: time::macros::datetime!(2026-03-14 09:12 UTC),
    };
    write.insert_group(&group).await.unwrap();
    write.commit().await.unwrap();
    store.close().await;
    drop(store);
    let store = SqlStore::open_folder(folder.path()).await.unwrap();
    let mut read = store.read().await.unwrap();
    assert_eq!(read.group(group.id).await.unwrap(), Some(group));
}

#[tokio::test]
async fn a_folder_with_odd_characters_is_made_for_its_owner_alone() {
    let parent = tempdir().unwrap();
    let folder = parent.path().join("a b?c#d%20é").join("data");
    let store = SqlStore::open_folder(&folder).await.unwrap();
    store.ping().await.unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    assert_eq!(mode(&folder.join("jetway.db")), 0o600);
    for file in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[tokio::test]
async fn a_second_process_on_the_same_folder_is_refused() {
    let folder = tempdir().unwrap();
    let first = SqlStore::open_folder(folder.path()).await.unwrap();
    let (error, text) = refused(folder.path()).await;
    assert!(matches!(error, OpenError::InUse { .. }));
    assert!(
        text.contains(folder.path().to_str().unwrap()) && text.contains("stop it"),
        "{text}"
    );
    drop(first);
    SqlStore::open_folder(folder.path()).await.unwrap();
}

#[tokio::test]
async fn a_folder_that_cannot_be_made_is_named() {
    let parent = tempdir().unwrap();
    fs::write(parent.path().join("file"), "").unwrap();
    let (error, text) = refused(&parent.path().join("file/data")).await;
    assert!(matches!(error, OpenError::Folder { .. }));
    assert!(text.contains("file/data"), "{text}");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("jetway.db");
    let content = "this is not a database\n".repeat(1000);
    fs::write(&file, &content).unwrap();
    let (error, text) = refused(folder.path()).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(text.contains("restore it from a backup"), "{text}");
    assert_eq!(fs::read_to_string(&file).unwrap(), content);
}

#[tokio::test]
async fn a_database_with_overwritten_pages_is_refused() {
    let folder = tempdir().unwrap();
    let store = SqlStore::open_folder(folder.path()).await.unwrap();
    store.close().await;
    drop(store);
    let path = folder.path().join("jetway.db");
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(3 * 4096)).unwrap();
    file.write_all(&vec![0x5a; 5 * 4096]).unwrap();
    drop(file);
    let (error, _) = refused(folder.path()).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
}

/// Runs SQL on a closed SQLite database.
async fn tamper(folder: &Path, sql: &'static str) {
    use sqlx::{AnyConnection, Connection, Executor};
    let url = format!("sqlite://{}", folder.join("jetway.db").display());
    let mut connection = AnyConnection::connect(&url).await.unwrap();
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn closed_database() -> tempfile::TempDir {
    let folder = tempdir().unwrap();
    let store = SqlStore::open_folder(folder.path()).await.unwrap();
    store.close().await;
    folder
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let folder = closed_database().await;
    tamper(
        folder.path(),
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9001, 'future', 1, x'00', 0)",
    )
    .await;
    let (error, text) = refused(folder.path()).await;
    assert!(
        matches!(error, OpenError::Newer { version: 9001, .. }),
        "{error:?}"
    );
    assert!(text.contains("newer version"), "{text}");
}

#[tokio::test]
async fn a_changed_migration_is_refused() {
    let folder = closed_database().await;
    tamper(
        folder.path(),
        "UPDATE _sqlx_migrations SET checksum = x'00' WHERE version = 1",
    )
    .await;
    let (error, _) = refused(folder.path()).await;
    assert!(
        matches!(error, OpenError::Differs { version: 1, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_missing_table_is_noticed_at_the_start() {
    let folder = closed_database().await;
    tamper(folder.path(), "DROP TABLE sign_in_failures").await;
    let (error, text) = refused(folder.path()).await;
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(text.contains("sign_in_failures"), "{text}");
}

#[tokio::test]
async fn postgresql_that_is_not_there_is_named_without_its_password() {
    let port = free_port();
    let url = format!("postgres://jetway:hunter2@127.0.0.1:{port}/jetway");
    let (error, text) = postgres_refused(&url).await;
    assert!(matches!(error, OpenError::Unreachable { .. }), "{error:?}");
    assert!(text.contains(&format!("127.0.0.1:{port}/jetway")), "{text}");
}

#[tokio::test]
async fn an_address_of_another_kind_is_refused() {
    for url in [
        "",
        "mysql://jetway:hunter2@localhost/x",
        "postgres://[hunter2",
        "hunter2",
    ] {
        let (error, _) = postgres_refused(url).await;
        assert!(
            matches!(error, OpenError::Address { .. }),
            "{url}: {error:?}"
        );
    }
}

/// Security.md F9: migrations started by two at once.
#[tokio::test]
async fn two_nodes_that_migrate_postgresql_at_once_both_start() {
    let server = require!(postgres::server());
    let database = server.create_database().unwrap();
    let url = SecretString::from(database.url().to_owned());
    let (a, b, c) = tokio::join!(
        SqlStore::open_postgres(&url),
        SqlStore::open_postgres(&url),
        SqlStore::open_postgres(&url),
    );
    for store in [a, b, c] {
        store.unwrap().ping().await.unwrap();
    }
}

/// Security.md F9: what one node writes the other sees at once, and they take turns writing.
#[tokio::test]
async fn two_nodes_on_one_postgresql_see_each_others_changes() {
    let server = require!(postgres::server());
    let bed = Bed::postgres(&server).await;
    let mut other = Bed::postgres(&server).await;
    other.store = bed.second_node().await;
    let user = bed.user(EMAIL).await;
    let token = other.signed_in(EMAIL).await;
    let application = other.application(new_application("aws-a")).await;
    let group = bed.group_of(user, "operations", &[]).await;
    other.assign(application, group).await;
    let mut op = bed.stranger();
    let tiles = jetway_identity::list_tiles(&bed.store, user).await.unwrap();
    assert_eq!(tiles.len(), 1);
    jetway_identity::sign_out(&mut op, &bed.store, &token)
        .await
        .unwrap();
    let gone = jetway_identity::current_session(&mut op, &other.store, &token)
        .await
        .unwrap();
    assert!(gone.is_none());
}

/// Security.md F3: the server ends every connection; the next questions are answered again.
#[tokio::test]
async fn lost_connections_are_replaced() {
    let server = require!(postgres::server());
    let bed = Bed::postgres(&server).await;
    bed.user(EMAIL).await;
    end_all_connections(&bed).await;
    let mut failed = 0;
    for _ in 0..4 {
        failed += usize::from(bed.store.ping().await.is_err());
    }
    assert!(
        failed <= 1,
        "each lost connection fails at most once, then it is replaced"
    );
    let mut failed = 0;
    for _ in 0..4 {
        failed += usize::from(bed.store.write().await.is_err());
    }
    assert!(failed <= 1);
    bed.signed_in(EMAIL).await;
}

async fn end_all_connections(bed: &Bed) {
    use sqlx::{AnyConnection, Connection, Executor};
    let mut connection = AnyConnection::connect(bed.url()).await.unwrap();
    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
               WHERE datname = current_database() AND pid <> pg_backend_pid()";
    connection.execute(sql).await.unwrap();
}
