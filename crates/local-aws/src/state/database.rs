//! The redb file behind the state, opened again after an I/O error.
//!
//! After one failed read or write (a full disk, for example) redb refuses everything until the
//! database is opened again: what reached the file is uncertain, and opening repairs it. Without
//! that, one full disk would end all writing until the next restart.

use std::{
    fmt,
    fs::{File, OpenOptions},
    io,
    ops::Bound,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use redb::{
    BackendError, Database, DatabaseError, ReadTransaction, ReadableDatabase, StorageBackend,
    StorageError, TransactionError, WriteTransaction, backends::FileBackend,
};

use super::store::StoreError;

/// Pages kept in memory: everything is held parsed anyway.
const CACHE_BYTES: usize = 4 * 1024 * 1024;

/// What has to be done with a database that was just opened, before anybody uses it.
pub(super) type OnOpen = Box<dyn Fn(&Database) -> Result<(), StoreError> + Send + Sync>;

/// The open database file.
pub(crate) struct DatabaseFile {
    path: PathBuf,
    /// `None` while it could not be opened again.
    open: RwLock<Option<Database>>,
    /// An I/O error happened since it was opened.
    failed: Arc<AtomicBool>,
    on_open: OnOpen,
}

impl fmt::Debug for DatabaseFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseFile")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl DatabaseFile {
    /// Opens or creates the file. Checks every page, so that a damaged file is refused instead of
    /// misread.
    pub(super) fn open(path: &Path, on_open: OnOpen) -> Result<Self, StoreError> {
        let failed = Arc::new(AtomicBool::new(false));
        let database = open(path, &failed)?;
        on_open(&database)?;
        Ok(Self {
            path: path.to_owned(),
            open: RwLock::new(Some(database)),
            failed,
            on_open,
        })
    }

    /// A consistent view for reading.
    pub(crate) fn begin_read(&self) -> Result<ReadTransaction, StoreError> {
        self.begin(Database::begin_read)
    }

    /// The one transaction that writes; waits for the one before.
    pub(crate) fn begin_write(&self) -> Result<WriteTransaction, StoreError> {
        self.begin(Database::begin_write)
    }

    fn begin<T>(
        &self,
        begin: impl Fn(&Database) -> Result<T, TransactionError>,
    ) -> Result<T, StoreError> {
        let begin = |database: &Database| {
            begin(database).map_err(|error| StoreError::Storage(error.to_string()))
        };
        {
            let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
            if let Some(database) = open.as_ref().filter(|_| !self.has_failed()) {
                return begin(database);
            }
        }
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let database = match open.take() {
            // Somebody else was faster.
            Some(database) if !self.has_failed() => database,
            failed => {
                // Closes it and gives the lock on the file back.
                drop(failed);
                self.open_again()?
            }
        };
        begin(open.insert(database))
    }

    fn open_again(&self) -> Result<Database, StoreError> {
        self.failed.store(false, Ordering::Release);
        let database = open(&self.path, &self.failed)?;
        (self.on_open)(&database)?;
        tracing::warn!(
            path = %self.path.display(),
            "the state file was opened again after an error of the file system"
        );
        Ok(database)
    }

    fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

fn open(path: &Path, failed: &Arc<AtomicBool>) -> Result<Database, StoreError> {
    let storage = |error: io::Error| StoreError::Storage(format!("{}: {error}", path.display()));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(storage)?;
    Watched::new(file, failed)
        .and_then(|backend| {
            Database::builder()
                .set_cache_size(CACHE_BYTES)
                .set_check_integrity_on_open(true)
                .create_with_backend(backend)
        })
        .map_err(|error| open_error(path, error))
}

fn open_error(path: &Path, error: DatabaseError) -> StoreError {
    match error {
        DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => {
            StoreError::InUse {
                path: path.to_owned(),
            }
        }
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() != io::ErrorKind::InvalidData
                && error.kind() != io::ErrorKind::UnexpectedEof =>
        {
            StoreError::Storage(format!("{}: {error}", path.display()))
        }
        other => StoreError::damaged(format!("{}: {other}", path.display())),
    }
}

/// A file that notices the errors after which redb refuses to go on.
#[derive(Debug)]
struct Watched {
    file: FileBackend,
    failed: Arc<AtomicBool>,
}

impl Watched {
    fn new(file: File, failed: &Arc<AtomicBool>) -> Result<Self, DatabaseError> {
        Ok(Self {
            file: FileBackend::new(file)?,
            failed: Arc::clone(failed),
        })
    }

    fn watch<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.is_err() {
            self.failed.store(true, Ordering::Release);
        }
        result
    }
}

impl StorageBackend for Watched {
    fn len(&self) -> io::Result<u64> {
        self.watch(self.file.len())
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.watch(self.file.read(offset, out))
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.watch(self.file.set_len(len))
    }

    fn sync_data(&self) -> io::Result<()> {
        self.watch(self.file.sync_data())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.watch(self.file.write(offset, data))
    }

    fn close(&self) -> io::Result<()> {
        self.file.close()
    }

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.file.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.file.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.file.query_lock_range(start, end)
    }
}
