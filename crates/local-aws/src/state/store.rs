//! The state file: one redb database, JSON values, one transaction per change.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

use redb::{Database, ReadableDatabase, ReadableTable, StorageError, TableDefinition, TableError};
use serde::de::DeserializeOwned;

pub(crate) use super::{batch::Batch, tables::Table};
use super::{database::DatabaseFile, journal::Journal, prune::Prunings, tables::Text};

const META: Text = TableDefinition::new("jetway");
const FORMAT_KEY: &str = "format";
/// Raised when the records change in a way that an older program would misread.
const FORMAT: &str = "local-aws/1";
/// How many entries of the journal are part of the last synced commit.
const JOURNAL_KEY: &str = "journal";

/// How soon a change that was not synced is.
pub(crate) const SYNC_WITHIN: Duration = Duration::from_millis(100);

/// The longest pause between two attempts to sync.
const MAX_PAUSE: Duration = Duration::from_secs(10);

/// When a change is on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// When it is confirmed.
    Synced,
    /// Within [`SYNC_WITHIN`]; when it is confirmed, the operating system has it.
    SoonSynced,
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

/// The open state file and its journal.
#[derive(Debug)]
pub(crate) struct Store {
    shared: Arc<Shared>,
    /// Syncs what is pending; ends with the store.
    syncer: Option<JoinHandle<()>>,
    pub(super) prunings: Prunings,
}

#[derive(Debug)]
struct Shared {
    database: DatabaseFile,
    journal: Arc<LateJournal>,
    signal: Mutex<Signal>,
    changed: Condvar,
}

/// The journal, opened only once the state file is locked: another process may be writing it until
/// then.
#[derive(Debug)]
struct LateJournal {
    path: PathBuf,
    open: OnceLock<Mutex<Journal>>,
}

impl LateJournal {
    fn open(&self) -> Result<MutexGuard<'_, Journal>, StoreError> {
        if let Some(journal) = self.open.get() {
            return Ok(held(journal));
        }
        let journal = Journal::open(&self.path)?;
        Ok(held(self.open.get_or_init(|| Mutex::new(journal))))
    }
}

#[derive(Debug, Default)]
struct Signal {
    pending: bool,
    closing: bool,
}

impl Store {
    /// Opens or creates the state file. Checks every page, so that a damaged file is refused
    /// instead of misread, and brings in what the journal still holds.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let is_new = std::fs::metadata(path).map_or(true, |file| file.len() == 0);
        let journal = Arc::new(LateJournal {
            path: path.with_extension("journal"),
            open: OnceLock::new(),
        });
        let shown = path.to_owned();
        let on_open = {
            let journal = Arc::clone(&journal);
            let is_first = std::sync::atomic::AtomicBool::new(is_new);
            move |database: &Database| {
                if !is_first.swap(false, std::sync::atomic::Ordering::AcqRel) {
                    check_format(database, &shown)?;
                }
                let mut opened = journal.open()?;
                bring_up(database, &mut opened)
            }
        };
        let database = DatabaseFile::open(path, Box::new(on_open))?;
        let shared = Arc::new(Shared {
            database,
            journal,
            signal: Mutex::default(),
            changed: Condvar::new(),
        });
        let syncer = {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name("state-sync".to_owned())
                .spawn(move || shared.sync_when_pending())
                .map_err(|error| StoreError::Storage(error.to_string()))?
        };
        Ok(Self {
            shared,
            syncer: Some(syncer),
            prunings: Prunings::default(),
        })
    }

    /// For the S3 side, which keeps its own tables in the same file.
    pub(crate) fn database(&self) -> &DatabaseFile {
        &self.shared.database
    }

    /// Whether a table holds nothing.
    pub(crate) fn is_empty(&self, table: Table) -> Result<bool, StoreError> {
        use redb::ReadableTableMetadata;
        let transaction = self.shared.database.begin_read()?;
        Ok(transaction.open_table(table.definition())?.is_empty()?)
    }

    /// Every value of a table.
    pub(crate) fn read_all<T: DeserializeOwned>(&self, table: Table) -> Result<Vec<T>, StoreError> {
        let transaction = self.shared.database.begin_read()?;
        let open = transaction.open_table(table.definition())?;
        let mut values = Vec::new();
        for entry in open.iter()? {
            let (key, value) = entry?;
            values.push(decode(table, key.value(), value.value())?);
        }
        Ok(values)
    }

    /// Commits a batch: all of it or nothing, on the disk.
    pub(crate) fn commit(&self, batch: &Batch) -> Result<(), StoreError> {
        self.commit_with(batch, Durability::Synced)
    }

    /// Commits a batch: all of it or nothing.
    pub(crate) fn commit_with(
        &self,
        batch: &Batch,
        durability: Durability,
    ) -> Result<(), StoreError> {
        match durability {
            Durability::Synced => self.shared.commit_synced(batch),
            Durability::SoonSynced => {
                self.shared.commit_soon_synced(batch)?;
                self.shared.announce(|signal| signal.pending = true);
                Ok(())
            }
        }
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
        let transaction = self.shared.database.begin_write()?;
        let current = read_one(&transaction, table, key)?;
        let mut batch = Batch::default();
        let result = decide(current, &mut batch)?;
        apply(&transaction, &batch)?;
        commit(transaction)?;
        Ok(result)
    }

    /// One value.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        table: Table,
        key: &str,
    ) -> Result<Option<T>, StoreError> {
        let transaction = self.shared.database.begin_read()?;
        let open = transaction.open_table(table.definition())?;
        let value = open.get(key)?;
        value
            .map(|value| decode(table, key, value.value()))
            .transpose()
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.shared.announce(|signal| signal.closing = true);
        if let Some(syncer) = self.syncer.take()
            && syncer.join().is_err()
        {
            tracing::error!("the thread that syncs the state file ended early");
        }
    }
}

impl Shared {
    /// A synced commit holds everything before it.
    fn commit_synced(&self, batch: &Batch) -> Result<(), StoreError> {
        // Before the journal is held: opening the file again replays the journal.
        let transaction = self.database.begin_write()?;
        let mut journal = self.journal.open()?;
        apply(&transaction, batch)?;
        mark(&transaction, journal.last())?;
        commit(transaction)?;
        if journal.is_pending() {
            journal.clear();
        }
        Ok(())
    }

    fn commit_soon_synced(&self, batch: &Batch) -> Result<(), StoreError> {
        let mut transaction = self.database.begin_write()?;
        let mut journal = self.journal.open()?;
        transaction
            .set_durability(redb::Durability::None)
            .map_err(|error| StoreError::Storage(error.to_string()))?;
        journal.append(batch)?;
        let committed = apply(&transaction, batch).and_then(|()| commit(transaction));
        if committed.is_err() {
            journal.take_back();
        }
        committed
    }

    fn announce(&self, change: impl FnOnce(&mut Signal)) {
        change(&mut held(&self.signal));
        self.changed.notify_all();
    }

    /// Until the store closes: whenever something is pending, lets more gather for a moment and
    /// syncs it.
    fn sync_when_pending(&self) {
        let mut signal = held(&self.signal);
        let mut pause = SYNC_WITHIN;
        loop {
            signal = self
                .changed
                .wait_while(signal, |signal| !signal.pending && !signal.closing)
                .unwrap_or_else(PoisonError::into_inner);
            let (waited, _) = self
                .changed
                .wait_timeout_while(signal, pause, |signal| !signal.closing)
                .unwrap_or_else(PoisonError::into_inner);
            signal = waited;
            let closing = signal.closing;
            if std::mem::take(&mut signal.pending) {
                drop(signal);
                let synced = self.commit_synced(&Batch::default());
                signal = held(&self.signal);
                pause = match synced {
                    Ok(()) => SYNC_WITHIN,
                    Err(error) => {
                        signal.pending = true;
                        let pause = (pause * 2).min(MAX_PAUSE);
                        tracing::error!(%error, "the state file could not be synced; it is tried again in {pause:?}");
                        pause
                    }
                };
            }
            if closing {
                return;
            }
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Creates what is missing in the file and replays what the journal has beyond it.
fn bring_up(database: &Database, journal: &mut Journal) -> Result<(), StoreError> {
    let transaction = database
        .begin_write()
        .map_err(|error| StoreError::Storage(error.to_string()))?;
    for table in Table::ALL {
        transaction.open_table(table.definition())?;
    }
    let synced = {
        let mut meta = transaction.open_table(META)?;
        meta.insert(FORMAT_KEY, FORMAT)?;
        let mark = meta.get(JOURNAL_KEY)?;
        mark.and_then(|mark| mark.value().parse().ok())
            .unwrap_or_default()
    };
    journal.continue_after(synced);
    for batch in journal.after(synced) {
        apply(&transaction, batch)?;
    }
    mark(&transaction, journal.last())?;
    commit(transaction)?;
    journal.clear();
    Ok(())
}

/// Stores how far the journal is part of this transaction.
fn mark(transaction: &redb::WriteTransaction, last: u64) -> Result<(), StoreError> {
    let mut meta = transaction.open_table(META)?;
    meta.insert(JOURNAL_KEY, last.to_string().as_str())?;
    Ok(())
}

fn check_format(database: &Database, path: &Path) -> Result<(), StoreError> {
    let foreign = || {
        StoreError::damaged(format!(
            "{} was not written by this program or by a newer version of it",
            path.display()
        ))
    };
    let transaction = database
        .begin_read()
        .map_err(|error| StoreError::Storage(error.to_string()))?;
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

pub(super) fn decode<T: DeserializeOwned>(
    table: Table,
    key: &str,
    json: &str,
) -> Result<T, StoreError> {
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

    #[test]
    fn a_second_process_leaves_the_journal_of_the_first_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.redb");
        let _first = Store::open(&path).unwrap();
        let journal = path.with_extension("journal");
        fs::write(&journal, "an entry that is being written").unwrap();
        let second = Store::open(&path).map(drop);
        assert!(
            matches!(second, Err(StoreError::InUse { .. })),
            "{second:?}"
        );
        let content = fs::read_to_string(&journal).unwrap();
        assert_eq!(content, "an entry that is being written");
    }
}
