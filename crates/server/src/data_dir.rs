//! The folder that holds all state, and the key under which secrets in it are sealed.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use rand::Rng;
use rand::rngs::StdRng;
use tempfile::TempDir;

/// An existing, writable folder. A temporary one is removed when this is dropped.
#[derive(Debug)]
pub(crate) enum DataDir {
    Kept(PathBuf),
    Temporary(TempDir),
}

impl DataDir {
    /// Uses `wanted`, making it when it is not there (readable by its owner alone), or makes a
    /// temporary folder.
    pub(crate) fn open(wanted: Option<PathBuf>) -> anyhow::Result<Self> {
        let Some(path) = wanted else {
            let folder = tempfile::Builder::new().prefix("jetway-dev-").tempdir();
            return Ok(Self::Temporary(
                folder.context("cannot make a temporary data folder")?,
            ));
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)
            .with_context(|| {
                format!(
                    "cannot make the data folder {}; choose another with --data-dir",
                    path.display()
                )
            })?;
        let probe = tempfile::Builder::new()
            .prefix(".probe-")
            .tempfile_in(&path);
        probe.with_context(|| {
            format!(
                "the data folder {} is not writable; change its permissions or choose another with --data-dir",
                path.display()
            )
        })?;
        Ok(Self::Kept(path))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Kept(path) => path,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

/// The 32 bytes under which private keys are sealed: read from `sealing.key` in the folder, made
/// there at the first start (mode 0600).
pub(crate) fn sealing_key(folder: &Path, rng: &mut StdRng) -> anyhow::Result<[u8; 32]> {
    let path = folder.join("sealing.key");
    match File::open(&path) {
        Ok(mut file) => {
            let mut bytes = Vec::new();
            Read::by_ref(&mut file).take(64).read_to_end(&mut bytes)?;
            let Ok(key) = <[u8; 32]>::try_from(bytes) else {
                bail!(
                    "{} is damaged (it must hold 32 bytes); restore it from a backup: without it the signing keys cannot be read",
                    path.display()
                );
            };
            Ok(key)
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let mut key = [0_u8; 32];
            rng.fill_bytes(&mut key);
            write_private(&path, &key)?;
            Ok(key)
        }
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// As [`sealing_key`], of a folder that a server has used: makes nothing.
pub(crate) fn existing_sealing_key(folder: &Path) -> anyhow::Result<[u8; 32]> {
    let path = folder.join("sealing.key");
    let bytes = std::fs::read(&path).with_context(|| {
        format!(
            "cannot read {}; name the folder of the server with --data-dir",
            path.display()
        )
    })?;
    <[u8; 32]>::try_from(bytes)
        .map_err(|_| anyhow::anyhow!("{} is damaged: it must hold 32 bytes", path.display()))
}

/// Writes `path` whole or not at all, readable by its owner alone.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || -> std::io::Result<()> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let temporary = path.with_file_name(name);
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    };
    write().with_context(|| format!("cannot write {}", path.display()))
}
