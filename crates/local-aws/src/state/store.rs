//! The state file: one redb database, JSON values, one transaction per change.

use std::path::{Path, PathBuf};

use redb::{ReadableTable, StorageError, TableDefinition, TableError};
use serde::{Serialize, de::DeserializeOwned};

use super::database::DatabaseFile;

type Text = TableDefinition<'static, &'static str, &'static str>;

const META: Text = TableDefinition::new("jetway");
const FORMAT_KEY: &str = "format";
/// Raised when the records change in a way that an older program would misread.
const FORMAT: &str = "local-aws/1";

/// The tables of this crate's core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// Account id → account.
    Accounts,
    /// `account/name` → SAML provider.
    SamlProviders,
    /// `account/name` → role.
    Roles,
    /// `account/name` → customer managed policy.
    Policies,
    /// Hash of an assertion's issuer and ID → what happened to it at sign-in.
    SignInAssertions,
    /// Hash of a cookie → console session.
    ConsoleSessions,
}

impl Table {
    const ALL: [Self; 6] = [
        Self::Accounts,
        Self::SamlProviders,
        Self::Roles,
        Self::Policies,
        Self::SignInAssertions,
        Self::ConsoleSessions,
    ];

    const fn definition(self) -> Text {
        TableDefinition::new(match self {
            Self::Accounts => "accounts",
            Self::SamlProviders => "saml_providers",
            Self::Roles => "roles",
            Self::Policies => "policies",
            Self::SignInAssertions => "sign_in_assertions",
            Self::ConsoleSessions => "console_sessions",
        })
    }
}

/// Why the state file could not be opened, read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process has the file open.
    #[error(
        "{path} is already in use by another process; stop that process or choose another data folder"
    )]
    InUse {
        /// The state file.
        path: PathBuf,
    },
    /// The file is not one of ours, or damaged.
    #[error(
        "the state is damaged: {0}; restore the data folder from a backup or start with an empty one"
    )]
    Damaged(String),
    /// The file system refused.
    #[error("the state file cannot be read or written: {0}")]
    Storage(String),
}

impl StoreError {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }
}

impl From<StorageError> for StoreError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Corrupted(what) => Self::Damaged(what),
            other => Self::Storage(other.to_string()),
        }
    }
}

impl From<TableError> for StoreError {
    fn from(error: TableError) -> Self {
        match error {
            TableError::Storage(error) => error.into(),
            other => Self::Damaged(other.to_string()),
        }
    }
}

/// Writes that belong together.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    writes: Vec<(Table, String, Option<String>)>,
}

impl Batch {
    /// Sets `key` of `table`.
    pub(crate) fn put(
        &mut self,
        table: Table,
        key: &str,
        value: &impl Serialize,
    ) -> Result<(), StoreError> {
        let json =
            serde_json::to_string(value).map_err(|error| StoreError::Storage(error.to_string()))?;
        self.writes.push((table, key.to_owned(), Some(json)));
        Ok(())
    }

    /// Removes `key` from `table`.
    pub(crate) fn remove(&mut self, table: Table, key: &str) {
        self.writes.push((table, key.to_owned(), None));
    }

    /// Whether there is nothing to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

/// The open state file.
#[derive(Debug)]
pub(crate) struct Store {
    database: DatabaseFile,
}

impl Store {
    /// Opens or creates the state file. Checks every page, so that a damaged file is refused
    /// instead of misread.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
        let database = DatabaseFile::open(path)?;
        let store = Self { database };
        if is_new {
            store.initialise()?;
        } else {
            store.check_format(path)?;
        }
        Ok(store)
    }

    /// For the S3 side, which keeps its own tables in the same file.
    pub(crate) fn database(&self) -> &DatabaseFile {
        &self.database
    }

    fn initialise(&self) -> Result<(), StoreError> {
        let transaction = self.database.begin_write()?;
        for table in Table::ALL {
            transaction.open_table(table.definition())?;
        }
        transaction.open_table(META)?.insert(FORMAT_KEY, FORMAT)?;
        commit(transaction)
    }

    fn check_format(&self, path: &Path) -> Result<(), StoreError> {
        let foreign = || {
            StoreError::damaged(format!(
                "{} was not written by this program or by a newer version of it",
                path.display()
            ))
        };
        let transaction = self.database.begin_read()?;
        let meta = match transaction.open_table(META) {
            Ok(meta) => meta,
            Err(TableError::Storage(error)) => return Err(error.into()),
            Err(_) => return Err(foreign()),
        };
        let format = meta.get(FORMAT_KEY)?;
        if format.is_some_and(|format| format.value() == FORMAT) {
            Ok(())
        } else {
            Err(foreign())
        }
    }

    /// Whether a table holds nothing.
    pub(crate) fn is_empty(&self, table: Table) -> Result<bool, StoreError> {
        use redb::ReadableTableMetadata;
        let transaction = self.database.begin_read()?;
        Ok(transaction.open_table(table.definition())?.is_empty()?)
    }

    /// Every value of a table.
    pub(crate) fn read_all<T: DeserializeOwned>(&self, table: Table) -> Result<Vec<T>, StoreError> {
        let transaction = self.database.begin_read()?;
        let open = transaction.open_table(table.definition())?;
        let mut values = Vec::new();
        for entry in open.iter()? {
            let (key, value) = entry?;
            values.push(decode(table, key.value(), value.value())?);
        }
        Ok(values)
    }

    /// Commits a batch: all of it or nothing.
    pub(crate) fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        let transaction = self.database.begin_write()?;
        apply(&transaction, batch)?;
        commit(transaction)
    }

    /// Reads one value and, depending on it, writes a batch, in one transaction: nobody else can
    /// write in between.
    pub(crate) fn read_then_commit<T, R, E: From<StoreError>>(
        &self,
        table: Table,
        key: &str,
        decide: impl FnOnce(Option<T>, &mut Batch) -> Result<R, E>,
    ) -> Result<R, E>
    where
        T: DeserializeOwned,
    {
        let transaction = self.database.begin_write()?;
        let current = read_one(&transaction, table, key)?;
        let mut batch = Batch::default();
        let result = decide(current, &mut batch)?;
        apply(&transaction, &batch)?;
        commit(transaction)?;
        Ok(result)
    }

    /// Removes records whose `expires_at` (Unix seconds) is not after `now`.
    pub(crate) fn prune_expired(&self, table: Table, now: i64) -> Result<(), StoreError> {
        #[derive(serde::Deserialize)]
        struct Ends {
            expires_at: i64,
        }
        let over = |key: &str, json: &str| {
            decode::<Ends>(table, key, json).map(|record| record.expires_at <= now)
        };
        let mut batch = Batch::default();
        let transaction = self.database.begin_read()?;
        let open = transaction.open_table(table.definition())?;
        for entry in open.iter()? {
            let (key, value) = entry?;
            if over(key.value(), value.value())? {
                batch.remove(table, key.value());
            }
        }
        if batch.is_empty() {
            Ok(())
        } else {
            self.commit(&batch)
        }
    }

    /// One value.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let transaction = self.database.begin_read()?;
        let open = transaction.open_table(table.definition())?;
        let value = open.get(key)?;
        value
            .map(|value| decode(table, key, value.value()))
            .transpose()
    }
}

fn read_one<T: DeserializeOwned>(
    transaction: &redb::WriteTransaction,
    table: Table,
    key: &str,
) -> Result<Option<T>, StoreError> {
    let open = transaction.open_table(table.definition())?;
    let value = open.get(key)?;
    value
        .map(|value| decode(table, key, value.value()))
        .transpose()
}

fn apply(transaction: &redb::WriteTransaction, batch: &Batch) -> Result<(), StoreError> {
    for (table, key, value) in &batch.writes {
        let mut open = transaction.open_table(table.definition())?;
        match value {
            Some(value) => open.insert(key.as_str(), value.as_str())?,
            None => open.remove(key.as_str())?,
        };
    }
    Ok(())
}

fn commit(transaction: redb::WriteTransaction) -> Result<(), StoreError> {
    transaction
        .commit()
        .map_err(|error| StoreError::Storage(error.to_string()))
}

fn decode<T: DeserializeOwned>(table: Table, key: &str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::damaged(format!("record {key} of {table:?}: {error}")))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn after_an_error_of_the_file_system_the_store_heals_by_itself() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.redb");
        let big = "x".repeat(400_000);
        let mut batch = Batch::default();
        for number in 0..40 {
            batch.put(Table::Roles, &number.to_string(), &big).unwrap();
        }
        Store::open(&path).unwrap().commit(&batch).unwrap();
        let store = Store::open(&path).unwrap();
        let all = || store.read_all::<String>(Table::Roles);
        let good = fs::read(&path).unwrap();
        let reader = store.database().begin_read().unwrap();
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(0).unwrap();
        all().unwrap_err();
        fs::write(&path, good).unwrap();
        drop(reader);
        assert_eq!(all().unwrap().len(), 40);
        let mut more = Batch::default();
        more.put(Table::Roles, "more", &"y").unwrap();
        store.commit(&more).unwrap();
        assert_eq!(all().unwrap().len(), 41);
    }
}
