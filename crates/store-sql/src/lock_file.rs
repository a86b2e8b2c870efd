//! One process per data folder.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::errors::{OpenError, one_line};

/// The data folder, locked by the operating system for as long as this lives. A crash frees it.
#[derive(Debug)]
pub(crate) struct LockedFolder {
    pub(crate) database: PathBuf,
    _lock: File,
}

const LOCK: &str = "jetwayd.lock";
pub(crate) const DATABASE: &str = "jetway.db";

impl LockedFolder {
    /// Makes the folder if it is not there (for its owner alone), locks it, and makes sure that
    /// the database file in it can be written.
    pub(crate) fn open(folder: &Path) -> Result<Self, OpenError> {
        let unusable = |error: std::io::Error| OpenError::Folder {
            path: folder.to_owned(),
            reason: one_line(&error),
        };
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(unusable)?;
        let lock = private(&folder.join(LOCK)).map_err(unusable)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::InUse {
                    path: folder.to_owned(),
                });
            }
            Err(TryLockError::Error(error)) => return Err(unusable(error)),
        }
        // SQLite would make the file readable for everyone; its -wal and -shm take over our mode.
        let database = folder.join(DATABASE);
        private(&database).map_err(unusable)?;
        Ok(Self {
            database,
            _lock: lock,
        })
    }
}

/// Opens a file for writing, made readable for its owner alone.
fn private(path: &Path) -> std::io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}
