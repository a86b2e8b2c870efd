//! One writer at a time, across processes.

use std::fs::{File, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::FileError;

/// Held until dropped; the operating system releases it when the process dies.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

/// Waits for the lock of `target`, a file `<target>.lock` beside it. `on_wait` is called once if
/// somebody else holds it.
pub(crate) fn acquire(target: &Path, on_wait: impl FnOnce()) -> Result<Lock, FileError> {
    let path = lock_path(target);
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false);
    options.mode(0o600);
    let file = options
        .open(&path)
        .map_err(FileError::io("create the lock file", &path))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            on_wait();
            file.lock().map_err(FileError::io("lock", &path))?;
        }
        Err(TryLockError::Error(error)) => return Err(FileError::io("lock", &path)(error)),
    }
    Ok(Lock { _file: file })
}

fn lock_path(target: &Path) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(".lock");
    PathBuf::from(name)
}
